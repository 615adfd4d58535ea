// Processors that make several pictures of one, padded rows or numbers beside a picture.
#include <catch2/catch.hpp>

#include "imnorm/plan.h"

namespace imnorm {
namespace {

std::string Config(const std::string& stem, const std::string& fields) {
  return R"({"image_processor_type": ")" + stem + "ImageProcessor\"" +
         (fields.empty() ? "" : ", ") + fields + "}";
}

Plan PlanOf(const std::string& stem, const std::string& fields = "") {
  const auto plan = PlanFromForeignConfig(Config(stem, fields));
  if (!plan) FAIL(stem + ": " + plan.error().message);
  const auto again = PlanFromJson(PlanToJson(*plan));
  if (!again) FAIL(stem + ": " + again.error().message);
  CHECK(PlanToJson(*again) == PlanToJson(*plan));
  CHECK(ValidatePlan(*plan));
  return *plan;
}

bool Refuses(const std::string& stem, const std::string& fields, const std::string& word) {
  const auto plan = PlanFromForeignConfig(Config(stem, fields));
  CAPTURE(stem, fields, plan ? "accepted" : plan.error().message);
  return !plan && plan.error().message.find(word) != std::string::npos;
}

}  // namespace

TEST_CASE("Janus and DeepSeek-VL pad to a square of the mean's colour", "[foreign]") {
  for (const char* stem : {"Janus", "DeepseekVL"}) {
    CAPTURE(stem);
    const Plan plan = PlanOf(stem, R"("background_color": [1, 2, 3])");
    CHECK(plan.geometry.resize.kind == ResizeKind::kLongEdge);
    CHECK(plan.geometry.resize.size == 384);
    CHECK(plan.geometry.resize.min_side == 14);
    CHECK(plan.geometry.crop.width == 384);
    CHECK(plan.geometry.fill[0] == 122);  // not the background_color
    CHECK(plan.geometry.fill[1] == 116);
    CHECK(plan.geometry.fill[2] == 104);
  }
  CHECK(PlanOf("Janus", R"("min_size": 30)").geometry.resize.min_side == 30);
  CHECK(PlanOf("Janus", R"("do_pad": false)").geometry.crop.width == 0);
  CHECK(Refuses("Janus", R"("size": {"height": 300, "width": 384})", "same height"));
  CHECK(Refuses("Janus", R"("do_resize": false)", "do_resize"));
}

TEST_CASE("Idefics 3 and SmolVLM resize three times", "[foreign]") {
  const Plan plan = PlanOf("Idefics3");
  CHECK(plan.geometry.first.kind == ResizeKind::kLongEdgeEven);
  CHECK(plan.geometry.first.size == 1456);
  CHECK(plan.geometry.first.filter == Filter::kLanczos);
  CHECK(plan.geometry.resize.tiles == TileRule::kOwn);
  CHECK(plan.geometry.resize.width == 364);
  CHECK(plan.patches.overview == Overview::kLast);
  CHECK(plan.patches.overview_of_resized);
  const Plan whole = PlanOf("SmolVLM", R"("do_image_splitting": false, "resample": 2)");
  CHECK(whole.geometry.first.filter == Filter::kBilinear);
  CHECK(whole.geometry.resize.kind == ResizeKind::kExact);
  CHECK(whole.patches.size == 0);
  CHECK(Refuses("Idefics3", R"("do_resize": false)", "do_resize"));
  CHECK(Refuses("Idefics3", R"("size": {"height": 9, "width": 9})", "longest_edge"));
}

TEST_CASE("padded rows have a number of patches or tokens", "[foreign]") {
  const Plan siglip = PlanOf("Siglip2");
  CHECK(siglip.patches.most == 256);
  CHECK(siglip.geometry.resize.max_pixels == 65536);
  const Plan gemma = PlanOf("Gemma4", R"("max_soft_tokens": 70)");
  CHECK(gemma.patches.most == 630);
  CHECK(gemma.patches.size == 16);
  CHECK(gemma.geometry.resize.multiple == 48);
  CHECK(gemma.values.mean.empty());
  CHECK(Refuses("Siglip2", R"("do_resize": false)", "do_resize"));
}

TEST_CASE("sizes of LLaVA-NeXT are of whole tiles", "[foreign]") {
  const std::string v16 = R"("size": {"shortest_edge": 336}, "crop_size": 336)";
  const Plan plan = PlanOf("LlavaNext", v16);
  CHECK(plan.geometry.resize.sizes.size() == 5);
  CHECK(plan.geometry.resize.sizes[3] == TileSize{336, 1008});
  CHECK(plan.geometry.crop.width == 0);
  CHECK(plan.patches.overview == Overview::kFirst);
  const auto& own = PlanOf("LlavaNext", v16 + R"(, "image_grid_pinpoints": [[336, 672]])");
  CHECK(own.geometry.resize.sizes == std::vector<TileSize>{{672, 336}});
  CHECK(PlanOf("LlavaOnevision").geometry.resize.sizes.back() == TileSize{2304, 2304});
  CHECK(Refuses("LlavaNext", "", "336x672 is not made of tiles of 224"));
  CHECK(Refuses("LlavaNext", R"("size": {"shortest_edge": 336})", "crop_size"));
}

TEST_CASE("canvases of Mllama and Llama 4", "[foreign]") {
  const Plan mllama = PlanOf("Mllama", R"("max_image_tiles": 6)");
  CHECK(mllama.patches.most == 6);
  CHECK(mllama.geometry.resize.fit == TileFit::kCorner);
  CHECK(mllama.patches.overview == Overview::kNone);
  const Plan llama = PlanOf("Llama4");
  CHECK(llama.values.arithmetic == Arithmetic::kBfloat16);
  CHECK(llama.values.dtype == ElementType::kBF16);
  CHECK(llama.geometry.resize.max_tiles == 16);
  const Plan largest = PlanOf("Llama4", R"("resize_to_max_canvas": true)");
  CHECK(largest.geometry.resize.tiles == TileRule::kLargestCanvas);
  CHECK(largest.geometry.resize.fit == TileFit::kCornerWhole);
  CHECK(Refuses("Llama4", R"("do_normalize": false)", "do_normalize"));
}

TEST_CASE("Gemma 3 crops long pictures where it is told how", "[foreign]") {
  CHECK(PlanOf("Gemma3").patches.size == 0);
  const std::string numbers =
      R"("pan_and_scan_min_crop_size": 256, "pan_and_scan_max_num_crops": 4,
         "pan_and_scan_min_ratio_to_activate": 1.2)";
  CHECK(PlanOf("Gemma3", numbers).patches.size == 0);
  const Plan plan = PlanOf("Gemma3", R"("do_pan_and_scan": true, )" + numbers);
  CHECK(plan.patches.bands == BandPlan{4, 256, 1.2});
  CHECK(plan.patches.size == 224);
  CHECK(Refuses("Gemma3", R"("do_pan_and_scan": true)", "pan_and_scan_max_num_crops"));
}

TEST_CASE("bands are cut along the long side", "[foreign]") {
  const BandPlan plan = {4, 64, 1.2};
  CHECK(BandsOf(plan, 300, 100) ==
        std::vector<Rect>{{0, 0, 100, 100}, {100, 0, 100, 100}, {200, 0, 100, 100}});
  CHECK(BandsOf(plan, 100, 221) == std::vector<Rect>{{0, 0, 100, 111}, {0, 111, 100, 110}});
  CHECK(BandsOf(plan, 110, 100).empty());  // of too little ratio
  CHECK(BandsOf(plan, 300, 60).empty());   // too thin
}

TEST_CASE("pads, masks and sizes of pictures that stay whole", "[foreign]") {
  const std::string pad = R"("pad_size": {"height": 1400, "width": 1333})";
  const Plan detr = PlanOf("Detr", pad);
  CHECK(detr.geometry.pad.width == 1333);
  CHECK(detr.geometry.pad.height == 1400);
  CHECK(detr.patches.numbers == PatchNumbers::kPixelMask);
  const Plan off = PlanOf("Detr", R"("do_pad": false, )" + pad);
  CHECK(off.geometry.pad.width == 0);
  CHECK(off.patches.numbers == PatchNumbers::kGrid);
  CHECK(PlanOf("Sam").geometry.pad.width == 1024);
  CHECK(PlanOf("Sam").geometry.resize.rounding == SideRounding::kHalfUp);
  CHECK(PlanOf("Sam2", pad).geometry.pad.width == 0);
  CHECK(PlanOf("Sam2", R"("do_pad": true, )" + pad).geometry.pad.width == 1333);
  CHECK(PlanOf("Pixtral").patches.numbers == PatchNumbers::kImageSizes);
  CHECK(Refuses("Vilt", pad, "pad_size"));
}

TEST_CASE("Aria pads at the right and bottom", "[foreign]") {
  const Plan plan = PlanOf("Aria", R"("max_image_size": 490)");
  CHECK(plan.geometry.resize.size == 490);
  CHECK(plan.geometry.resize.min_side == 336);
  CHECK(plan.geometry.crop.rounding == CropRounding::kCorner);
  const auto place = Place(plan.geometry, 1000, 300);
  REQUIRE(place);
  CHECK(place->window == Rect{0, 0, 490, 336});  // 147 would be too little
  CHECK(place->pad_top == 0);
  CHECK(Refuses("Aria", R"("split_image": true)", "split_image"));
  CHECK(Refuses("Aria", R"("max_image_size": 500)", "490"));
}

TEST_CASE("Kimi's pictures are never enlarged", "[foreign]") {
  const Plan plan = PlanOf("Kimi_K25");
  const auto small = Place(plan.geometry, 500, 375);
  REQUIRE(small);
  CHECK(small->window == Rect{0, 0, 500, 375});
  CHECK(small->out_width == 504);
  CHECK(small->out_height == 392);
  const Plan few = PlanOf("Kimi_K25", R"("max_patches": 400, "size": {"max_height": 24})");
  const auto large = Place(few.geometry, 1632, 1124);
  REQUIRE(large);
  CHECK(large->window == Rect{0, 0, 336, 231});
}

TEST_CASE("Donut's and Nougat's pages", "[foreign]") {
  const Plan donut = PlanOf("Donut");
  CHECK(donut.geometry.first.kind == ResizeKind::kShortEdge);
  CHECK(donut.geometry.first.size == 1920);
  CHECK(donut.geometry.resize.kind == ResizeKind::kThumbnail);
  CHECK(donut.geometry.crop.height == 2560);
  CHECK(!donut.geometry.cut_margin);
  CHECK(PlanOf("Donut", R"("size": [1920, 2560])").geometry.crop.height == 2560);
  CHECK(PlanOf("Donut", R"("do_align_long_axis": true)").geometry.turn_to_fit);
  const Plan plain = PlanOf("Donut", R"("do_thumbnail": false)");
  CHECK(plain.geometry.first.kind == ResizeKind::kNone);
  CHECK(plain.geometry.resize.kind == ResizeKind::kShortEdge);
  const Plan nougat = PlanOf("Nougat");
  CHECK(nougat.geometry.cut_margin);
  CHECK(nougat.geometry.first.filter == Filter::kBilinear);
  CHECK(nougat.geometry.resize.filter == Filter::kBicubic);
  CHECK(!PlanOf("Nougat", R"("do_crop_margin": false)").geometry.cut_margin);
  CHECK(Refuses("Donut", R"("do_resize": false)", "do_resize"));
  CHECK(nougat.geometry.resize.reducing_gap == 0);
  const auto pillow =
      PlanFromForeignConfig(R"({"image_processor_type": "NougatImageProcessorPil"})");
  REQUIRE(pillow);
  CHECK(pillow->geometry.resize.reducing_gap == 2);
  CHECK(pillow->geometry.first.reducing_gap == 0);
}

TEST_CASE("DINOv3 scales before it resizes", "[foreign]") {
  const Plan plan = PlanOf("DINOv3ViT");
  CHECK(plan.geometry.resize.engine == ResizeEngine::kTorchScaled);
  CHECK(plan.values.arithmetic == Arithmetic::kReciprocal);
  CHECK(plan.values.scale == 255.0);
  CHECK(Refuses("DINOv3ViT", R"("do_rescale": false)", "1/255"));
  CHECK(Refuses("DINOv3ViT", R"("rescale_factor": 0.5)", "1/255"));
  Plan bytes = plan;
  bytes.method = Method::kNone;
  CHECK(!ValidatePlan(bytes));
}

TEST_CASE("float values are resized without antialiasing", "[foreign]") {
  const Plan zoe = PlanOf("ZoeDepth");
  CHECK(zoe.geometry.border.kind == BorderKind::kMirrorAround);
  CHECK(zoe.geometry.resize.engine == ResizeEngine::kTorchDirect);
  CHECK(zoe.geometry.resize.corners);
  CHECK(zoe.geometry.resize.rounding == SideRounding::kTo32nds);
  CHECK(PlanOf("ZoeDepth", R"("ensure_multiple_of": 32)").geometry.resize.multiple == 32);
  CHECK(Refuses("ZoeDepth", R"("ensure_multiple_of": 0.5)", "1/32"));
  CHECK(Refuses("ZoeDepth", R"("ensure_multiple_of": 100, "keep_aspect_ratio": false)", "made of"));
  CHECK(Refuses("ZoeDepth", R"("resample": 3)", "bilinear only"));
  const Plan owl = PlanOf("Owlv2", R"("resample": 3)");
  CHECK(owl.geometry.border.kind == BorderKind::kSquare);
  CHECK(owl.geometry.resize.blur);
  CHECK(owl.geometry.resize.filter == Filter::kBilinear);
  CHECK(Refuses("Owlv2", R"("do_pad": false)", "squares"));
  CHECK(Refuses("Owlv2", R"("size": {"height": 90, "width": 80})", "same height"));
  CHECK(Refuses("Nougat", R"("do_align_long_axis": true)", "only false"));
  const Plan depth = PlanOf("DepthPro");
  CHECK(depth.values.before_resize);
  CHECK(depth.values.arithmetic == Arithmetic::kFused);
  CHECK(Refuses("DepthPro", R"("do_normalize": false)", "normalised"));
  Plan torch = owl;
  ApplyEngine(Engine::kTorch, torch);
  CHECK(ValidatePlan(torch));
  Plan other = depth;
  other.geometry.resize.engine = ResizeEngine::kTorch;
  CHECK(!ValidatePlan(other));
}

TEST_CASE("Phi-4 makes its small picture of its tiles' values", "[foreign]") {
  const Plan plan = PlanOf("Phi4Multimodal", R"("dynamic_hd": 12)");
  CHECK(plan.geometry.resize.tiles == TileRule::kFewest);
  CHECK(plan.geometry.resize.filter == Filter::kBilinear);
  CHECK(plan.geometry.resize.max_tiles == 12);
  CHECK(plan.geometry.fill[1] == 255);
  CHECK(plan.patches.overview_of_values);
  CHECK(plan.patches.mask_patch == 14);
  CHECK(Refuses("Phi4Multimodal", R"("resample": 2)", "bicubic"));
  CHECK(Refuses("Phi4Multimodal", R"("patch_size": 15)", "not made of patches"));
  Plan half = plan;
  half.values.dtype = ElementType::kF16;
  CHECK(!ValidatePlan(half));
}

TEST_CASE("Idefics 2 stays whole, and Aria is split where its tiles are full", "[foreign]") {
  const Plan whole = PlanOf("Idefics2");
  CHECK(whole.geometry.resize.kind == ResizeKind::kBothEdges);
  CHECK(whole.patches.numbers == PatchNumbers::kAttentionMask);
  CHECK(Refuses("Idefics2", R"("do_image_splitting": true)", "do_image_splitting"));
  CHECK(Refuses("Idefics2", R"("size": {"shortest_edge": 378})", "longest_edge"));
  const Plan split = PlanOf("Aria", R"("split_image": true, "max_image_size": 490)");
  CHECK(split.geometry.resize.kind == ResizeKind::kTileGrid);
  CHECK(split.geometry.resize.sizes.size() == 19);
  CHECK(split.patches.numbers == PatchNumbers::kTileCrops);
  CHECK(Refuses("Aria", R"("split_image": true)", "490"));
}

TEST_CASE("LFM2-VL splits what is large", "[foreign]") {
  const Plan plan = PlanOf("Lfm2Vl", R"("size": {"height": 1, "width": 1}, "do_resize": false)");
  CHECK(plan.geometry.resize.smart == SmartRule::kLeast);
  CHECK(plan.geometry.resize.multiple == 32);
  CHECK(plan.geometry.resize.max_pixels == 262144);
  CHECK(plan.patches.most == 1024);
  CHECK(plan.patches.split == SplitPlan{512, 2, 10, 524288.0});
  CHECK(PlanOf("Lfm2Vl", R"("do_image_splitting": false)").patches.split.side == 0);
  CHECK(Refuses("Lfm2Vl", R"("use_thumbnail": false)", "only true"));
  CHECK(Refuses("Lfm2Vl", R"("min_tiles": 1)", "from 2 on"));
  CHECK(Refuses("Lfm2Vl", R"("tile_size": 500)", "of 500"));
}

TEST_CASE("Swin2SR mirrors pictures to the next multiple", "[foreign]") {
  const Plan plan = PlanOf("Swin2SR");
  CHECK(plan.geometry.resize.kind == ResizeKind::kNone);
  CHECK(plan.geometry.border == BorderPlan{BorderKind::kMirrorBehind, 8});
  CHECK(PlanOf("Swin2SR", R"("pad_size": 16)").geometry.border.multiple == 16);
  CHECK(PlanOf("Swin2SR", R"("do_pad": false)").geometry.border.kind == BorderKind::kNone);
}

TEST_CASE("EfficientNet's scores divide by std once more", "[foreign]") {
  const Plan plan = PlanOf("EfficientNet", R"("rescale_offset": true)");
  CHECK(plan.values.std_twice);
  CHECK(plan.values.offset);
  CHECK(!PlanOf("EfficientNet", R"("include_top": false)").values.std_twice);
  CHECK(Refuses("EfficientNet", R"("do_normalize": false)", "include_top"));
}

}  // namespace imnorm
