#include "imnorm/plan.h"

#include <catch2/catch.hpp>
#include <functional>

#include "imnorm/words.h"

namespace imnorm {
namespace {

std::string Complaint(const std::function<void(Plan&)>& spoil) {
  Plan plan = PresetPlan("imagenet").value();
  spoil(plan);
  const auto valid = ValidatePlan(plan);
  return valid ? "" : valid.error().message;
}

}  // namespace

TEST_CASE("every field of a plan survives JSON", "[plan]") {
  Plan plan;
  plan.preset = "mine";
  plan.source = "a \"source\"";
  ApplyEngine(Engine::kOpencv, plan);
  plan.exif = ExifPolicy::kIgnore;
  plan.alpha = AlphaPolicy::kComposite;
  plan.background[1] = 7;
  plan.channels = ChannelOrder::kBgr;
  plan.depth = 16;
  plan.max_pixels = 1234567;
  plan.geometry.resize.kind = ResizeKind::kShortEdge;
  plan.geometry.resize.size = 100;
  plan.geometry.resize.max_size = 200;
  plan.geometry.resize.rounding = SideRounding::kHalfUp;
  plan.geometry.resize.filter = Filter::kArea;
  plan.geometry.crop = {30, 20, CropRounding::kFloor};
  plan.geometry.fill[2] = 114;
  plan.method = Method::kGroup;
  plan.values.mean = {0.1, 0.2, 1.0 / 3.0};
  plan.values.std = {0.5};
  plan.denormalize = true;
  plan.values.scale = 65535;
  plan.values.float_scale = 1.0 / 3.0;
  plan.values.rescale_factor = 1.0 / 255;
  plan.values.dtype = ElementType::kI8;
  plan.values.quantize = true;
  plan.values.qscale = 0.0186584;
  plan.values.qzero = -14;
  plan.layout = Layout::kNhwc;
  plan.layer.batch_size = 32;
  plan.layer.groups = 3;
  plan.layer.momentum.reset();
  plan.layer.gamma = {1, 2, 3};
  const std::string json = PlanToJson(plan);
  const auto again = PlanFromJson(json);
  if (!again) FAIL(again.error().message);
  CHECK(PlanToJson(*again) == json);
  CHECK(json.back() == '\n');
  CHECK(again->background[1] == 7);
  CHECK(again->values.mean == plan.values.mean);
  CHECK(again->values.qscale == plan.values.qscale);
  CHECK(again->values.float_scale == plan.values.float_scale);
  CHECK(again->denormalize);
  CHECK(again->geometry.resize.rounding == SideRounding::kHalfUp);
  CHECK(again->geometry.crop.rounding == CropRounding::kFloor);
  CHECK(!again->layer.momentum);
  CHECK(again->layer.gamma == plan.layer.gamma);
}

TEST_CASE("a plan that is read may be a tensor's, of channels that no picture has", "[plan]") {
  Plan plan;
  plan.values.mean = plan.values.std = {1, 2, 3, 4, 5};
  plan.denormalize = true;
  const auto again = PlanFromJson(PlanToJson(plan));
  if (!again) FAIL(again.error().message);
  CHECK(ValidatePlan(*again, PlanInput::kTensor));
  CHECK(!ValidatePlan(*again, PlanInput::kPictures));
  plan.values.mean = {1, 2, 3};
  CHECK(!ValidatePlan(plan, PlanInput::kTensor));
  plan.values.mean = {1};
  CHECK(ValidatePlan(plan, PlanInput::kTensor));
}

TEST_CASE("an unknown key or word in a plan is refused with the nearest known one", "[plan]") {
  const auto complaint = [](const std::string& fields) {
    const auto plan = PlanFromJson(R"({"schema": "imnorm.plan/1", )" + fields + "}");
    return plan ? std::string() : plan.error().message;
  };
  CHECK(complaint(R"("like": "timm")").empty());
  CHECK(complaint(R"("rezise": {})").find("did you mean \"resize\"") != std::string::npos);
  CHECK(complaint(R"("resize": {"filter": "bilnear"})").find("did you mean \"bilinear\"") !=
        std::string::npos);
  CHECK(complaint(R"("resize": {"kind": "short_edge", "size": 1.5})").find("resize.size") !=
        std::string::npos);
  CHECK(complaint(R"("values": {"mean": ["x"]})").find("values.mean") != std::string::npos);
  CHECK(!PlanFromJson("{}"));
}

TEST_CASE("contradictions in a plan are named before any work", "[plan]") {
  CHECK(Complaint([](Plan&) {}).empty());
  CHECK(!Complaint([](Plan& p) { p.values.std[1] = 0; }).empty());
  CHECK(!Complaint([](Plan& p) { p.geometry.resize.size = 0; }).empty());
  CHECK(!Complaint([](Plan& p) { p.geometry.crop.height = 1 << 25; }).empty());
  CHECK(!Complaint([](Plan& p) { p.geometry.resize.max_size = 256; }).empty());
  CHECK(!Complaint([](Plan& p) { p.geometry.resize.filter = Filter::kArea; }).empty());
  CHECK(!Complaint([](Plan& p) { p.depth = 12; }).empty());
  CHECK(!Complaint([](Plan& p) { p.channels = ChannelOrder::kGray; }).empty());
  CHECK(!Complaint([](Plan& p) { p.values.dtype = ElementType::kI8; }).empty());
  CHECK(!Complaint([](Plan& p) { p.values.quantize = true; }).empty());
  CHECK(!Complaint([](Plan& p) {
           p.method = Method::kGroup;
           p.layer.groups = 2;
         }).empty());
  CHECK(!Complaint([](Plan& p) {
           p.geometry.resize.kind = ResizeKind::kLetterbox;
           p.geometry.resize.width = p.geometry.resize.height = 640;
         }).empty());
  CHECK(!Complaint([](Plan& p) {
           ApplyEngine(Engine::kOpencv, p);
           p.geometry.resize.filter = Filter::kHamming;
         }).empty());
}

TEST_CASE("a mean that only a scale of 0..255 can have is refused with that hint", "[plan]") {
  const std::vector<double> bytes = {123.675, 116.28, 103.53};
  CHECK(Complaint([&](Plan& p) { p.values.mean = bytes; }).find("`values.scale` 1") !=
        std::string::npos);
  CHECK(!Complaint([&](Plan& p) {
           p.values.mean = bytes;
           ApplyEngine(Engine::kHfFast, p);
           p.values.rescale_factor = 1.0 / 255;
         }).empty());
  CHECK(!Complaint([](Plan& p) { p.values.mean = {0.5, 1.01, 0.5}; }).empty());
  CHECK(Complaint([](Plan& p) { p.values.mean = {1, 1, 1}; }).empty());
  CHECK(Complaint([](Plan& p) { p.values.mean = {-2, 0, 0.5}; }).empty());
  CHECK(Complaint([&](Plan& p) {
          p.values.mean = bytes;
          p.values.scale = 1;
        }).empty());
  CHECK(Complaint([](Plan& p) {
          p.values.mean = {2};
          p.values.scale = 127.5;
        }).empty());
  CHECK(Complaint([&](Plan& p) {
          p.values.mean = bytes;
          p.values.rescale = false;
        }).empty());
  CHECK(!Complaint([&](Plan& p) {
           p.values.mean = {30000};
           p.depth = 16;
         }).empty());
  CHECK(Complaint([&](Plan& p) {
          p.values.mean = {30000};
          p.values.scale = 1;
          p.depth = 16;
        }).empty());
}

TEST_CASE("an engine decides crop rounding, arithmetic, resize and EXIF", "[plan]") {
  Plan plan = PresetPlan("imagenet").value();
  ApplyEngine(Engine::kHf, plan);
  CHECK(plan.geometry.crop.rounding == CropRounding::kFloor);
  CHECK(plan.values.arithmetic == Arithmetic::kHuggingFace);
  CHECK(!DecodeOptionsOf(plan).apply_exif);
  ApplyEngine(Engine::kOpencv, plan);
  CHECK(plan.geometry.crop.rounding == CropRounding::kHalfEven);
  CHECK(plan.geometry.resize.engine == ResizeEngine::kOpencv);
  CHECK(plan.values.arithmetic == Arithmetic::kOpencv);
  CHECK(plan.channels == ChannelOrder::kRgb);
  CHECK(DecodeOptionsOf(plan).apply_exif);
  plan.exif = ExifPolicy::kIgnore;
  CHECK(!DecodeOptionsOf(plan).apply_exif);
}

TEST_CASE("each colour keeps its mean when the planes are reordered", "[plan]") {
  Plan plan = PresetPlan("imagenet").value();
  SetChannels(ChannelOrder::kBgr, plan);
  CHECK(plan.values.mean == std::vector<double>{0.406, 0.456, 0.485});
  CHECK(plan.values.std == std::vector<double>{0.225, 0.224, 0.229});
  SetChannels(ChannelOrder::kBgr, plan);
  CHECK(plan.values.mean[0] == 0.406);
}

TEST_CASE("the nearest word forgives a letter in three, swaps and case", "[plan]") {
  const std::vector<std::string> known = {"bilinear", "bicubic", "box", "half"};
  CHECK(NearestWord("bilnear", known) == "bilinear");
  CHECK(NearestWord("hlaf", known) == "half");
  CHECK(NearestWord("BICUBIC", known) == "bicubic");
  CHECK(NearestWord("lanczos", known).empty());
  CHECK(NearestWord("", known).empty());
  CHECK(NearestWord(std::string(100000, 'b'), known).empty());
}

}  // namespace imnorm
