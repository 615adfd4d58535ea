// Every rule of ValidatePlan, on both sides of its limit.
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <limits>

#include "imnorm/plan.h"

namespace imnorm {
namespace {

using Spoil = std::function<void(Plan&)>;

std::string Complaint(const Spoil& spoil, PlanInput input = PlanInput::kPictures) {
  Plan plan;
  spoil(plan);
  const auto valid = ValidatePlan(plan, input);
  if (valid) return "";
  CHECK(valid.error().code == ErrorCode::kBadArgument);
  return valid.error().message;
}

// Refuses with these words, and blames the setting.
void Refuses(const std::string& setting, const std::string& words, const Spoil& spoil) {
  CAPTURE(words);
  Plan plan;
  spoil(plan);
  const auto valid = ValidatePlan(plan);
  REQUIRE(!valid);
  CHECK(valid.error().code == ErrorCode::kBadArgument);
  CHECK_THAT(valid.error().message, Catch::Contains(words));
  CHECK(valid.error().setting == setting);
}
void Takes(const Spoil& spoil) { CHECK(Complaint(spoil).empty()); }

Spoil Resize(ResizeKind kind, int size, int max_size = 0) {
  return [=](Plan& p) {
    p.geometry.resize.kind = kind;
    p.geometry.resize.size = size;
    p.geometry.resize.max_size = max_size;
  };
}

Spoil Warp(ResizeKind kind, int width, int height) {
  return [=](Plan& p) {
    p.geometry.resize.kind = kind;
    p.geometry.resize.width = width;
    p.geometry.resize.height = height;
  };
}

Spoil Bytes(ElementType dtype, Method method, bool quantize, int depth) {
  return [=](Plan& p) {
    p.values.dtype = dtype;
    p.method = method;
    p.values.quantize = quantize;
    p.depth = depth;
  };
}

constexpr int kSide = 1 << 24;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("a plan without wishes is sound for pictures and for tensors", "[plan]") {
  Takes([](Plan&) {});
  CHECK(Complaint([](Plan&) {}, PlanInput::kTensor).empty());
}

TEST_CASE("every kind of resize has sides from 1 to 2^24 and at most a gigapixel", "[plan]") {
  Takes(Resize(ResizeKind::kNone, -1));
  for (const ResizeKind kind : {ResizeKind::kLongEdge, ResizeKind::kShortEdge}) {
    Takes(Resize(kind, 1));
    Refuses("resize", "sides go from 1", Resize(kind, 0));
    Refuses("resize", "sides go from 1", Resize(kind, -7));
    Refuses("resize", "sides go from 1", Resize(kind, kSide + 1));
  }
  Takes(Resize(ResizeKind::kLongEdge, kSide));
  Takes(Resize(ResizeKind::kShortEdge, 1 << 15));
  Refuses("resize", "more than 1073741824 pixels", Resize(ResizeKind::kShortEdge, (1 << 15) + 1));
  for (const ResizeKind kind :
       {ResizeKind::kExact, ResizeKind::kFitInside, ResizeKind::kRatioInside,
        ResizeKind::kRatioOutside, ResizeKind::kLetterbox}) {
    Takes(Warp(kind, 1, 1));
    Takes(Warp(kind, kSide, 1 << 6));
    Refuses("resize", "sides go from 1", Warp(kind, 0, 5));
    Refuses("resize", "sides go from 1", Warp(kind, 5, 0));
    Refuses("resize", "sides go from 1", Warp(kind, kSide + 1, 1));
    Refuses("resize", "more than 1073741824 pixels", Warp(kind, kSide, (1 << 6) + 1));
  }
}

TEST_CASE("patches need sides that they fill, an order of their own and given values", "[plan]") {
  const auto with = [](const Spoil& more) -> Spoil {
    return [=](Plan& p) {
      p.patches = {.size = 14, .merge = 2, .frames = 2};
      p.geometry.resize.kind = ResizeKind::kSmart;
      p.geometry.resize.multiple = 28;
      p.geometry.resize.min_pixels = 3136;
      p.geometry.resize.max_pixels = 1003520;
      more(p);
    };
  };
  Takes(with([](Plan&) {}));
  Takes(with([](Plan& p) { p.geometry.resize.kind = ResizeKind::kNone; }));
  Takes(with([](Plan& p) { p.geometry.resize.multiple = 56; }));
  Takes(with([](Plan& p) {
    Warp(ResizeKind::kExact, 56, 28)(p);
    p.geometry.resize.multiple = 1;
  }));
  Takes(with([](Plan& p) { p.geometry.crop.width = p.geometry.crop.height = 28; }));
  Refuses("patches", "multiples of 28", with([](Plan& p) { p.geometry.resize.multiple = 14; }));
  Refuses("patches", "multiples of 28",
          with([](Plan& p) { p.geometry.crop.width = p.geometry.crop.height = 224 + 14; }));
  Refuses("patches", "from 1 to", with([](Plan& p) { p.patches.merge = 0; }));
  Refuses("layout", "of their own", with([](Plan& p) { p.layout = Layout::kNhwc; }));
  Refuses("method", "given and none", with([](Plan& p) { p.method = Method::kLayer; }));
  Refuses("resize.max_pixels", "a range within",
          with([](Plan& p) { p.geometry.resize.max_pixels = 3135; }));
}

TEST_CASE("multiples are of all resizes but a letterbox", "[plan]") {
  const auto multiple = [](ResizeKind kind, int of) -> Spoil {
    return [=](Plan& p) {
      Warp(kind, 64, 64)(p);
      p.geometry.resize.multiple = of;
    };
  };
  for (const ResizeKind kind :
       {ResizeKind::kShrinkInside, ResizeKind::kNearestScale, ResizeKind::kOwnSize}) {
    Takes(multiple(kind, 32));
    Refuses("resize.multiple", "from 1 to", multiple(kind, 0));
  }
  Refuses("resize", "sides go from 1", Warp(ResizeKind::kShrinkInside, 0, 5));
  Refuses("resize.multiple", "a stride", multiple(ResizeKind::kLetterbox, 32));
}

TEST_CASE("a short edge's bound must be possible", "[plan]") {
  Takes(Resize(ResizeKind::kShortEdge, 100, 101));
  Refuses("resize.max_size", "max_size 100 must be above",
          Resize(ResizeKind::kShortEdge, 100, 100));
  Takes(Resize(ResizeKind::kShortEdgeWithin, 100, 100));
  Takes(Resize(ResizeKind::kShortEdgeWithin, 100, 50));
  Refuses("resize.max_size", "needs a max_size", Resize(ResizeKind::kShortEdgeWithin, 100));
  Refuses("resize.max_size", "needs a max_size",
          Resize(ResizeKind::kShortEdgeWithin, 100, kSide + 1));
  Refuses("resize", "sides go from 1", Resize(ResizeKind::kShortEdgeWithin, 0, 9));
}

TEST_CASE("each engine has its filters, whatever the kind of resize", "[plan]") {
  const auto with = [](ResizeEngine engine, Filter filter) -> Spoil {
    return [=](Plan& p) {
      Warp(ResizeKind::kExact, 8, 8)(p);
      p.geometry.resize.engine = engine;
      p.geometry.resize.filter = filter;
    };
  };
  for (const Filter filter : {Filter::kNearest, Filter::kBox, Filter::kBilinear, Filter::kHamming,
                              Filter::kBicubic, Filter::kLanczos}) {
    Takes(with(ResizeEngine::kPillow, filter));
  }
  for (const Filter filter :
       {Filter::kNearest, Filter::kBilinear, Filter::kBicubic, Filter::kLanczos, Filter::kArea}) {
    Takes(with(ResizeEngine::kOpencv, filter));
  }
  Refuses("resize.filter", "filter area is OpenCV's", with(ResizeEngine::kPillow, Filter::kArea));
  Refuses("resize.filter", "OpenCV has no filter box", with(ResizeEngine::kOpencv, Filter::kBox));
  Refuses("resize.filter", "OpenCV has no filter hamming",
          with(ResizeEngine::kOpencv, Filter::kHamming));
  for (const Filter filter :
       {Filter::kNearest, Filter::kNearestExact, Filter::kBilinear, Filter::kBicubic}) {
    Takes(with(ResizeEngine::kTorch, filter));
    Takes(with(ResizeEngine::kTorchFloat, filter));
  }
  Takes(with(ResizeEngine::kTorch, Filter::kLanczos));
  Refuses("resize.filter", "take `like` torch for lanczos",
          with(ResizeEngine::kTorchFloat, Filter::kLanczos));
  Refuses("resize.filter", "torch has no filter box",
          with(ResizeEngine::kTorchFloat, Filter::kBox));
  // Without a resize nobody asks for the filter.
  Takes([&](Plan& p) { p.geometry.resize.filter = Filter::kArea; });
}

TEST_CASE("a crop has two sides, and none beside a letterbox", "[plan]") {
  const auto crop = [](int width, int height) -> Spoil {
    return [=](Plan& p) {
      p.geometry.crop.width = width;
      p.geometry.crop.height = height;
    };
  };
  Takes(crop(0, 0));
  Takes(crop(1, kSide));
  Refuses("crop", "crop of 0 x 4", crop(0, 4));
  Refuses("crop", "crop of 4 x 0", crop(4, 0));
  Refuses("crop", "crop of", crop(kSide, 65));
  Refuses("crop", "a letterbox already fixes the size", [&](Plan& p) {
    Warp(ResizeKind::kLetterbox, 8, 8)(p);
    crop(4, 4)(p);
  });
}

TEST_CASE("pixels have 8 or 16 bits, and native ones the geometry of their samples", "[plan]") {
  for (const int depth : {8, 16}) Takes([=](Plan& p) { p.depth = depth; });
  for (const int depth : {0, 9, 12, 32}) {
    Refuses("depth", "only 8 and 16", [=](Plan& p) { p.depth = depth; });
  }
  Takes([](Plan& p) { p.channels = ChannelOrder::kNative; });
  const auto native = [](int channels, ElementType type) -> Spoil {
    return [=](Plan& p) {
      p.channels = ChannelOrder::kNative;
      p.native = {channels, type};
      Resize(ResizeKind::kLongEdge, 8)(p);
      p.geometry.resize.engine = ResizeEngine::kTorch;
    };
  };
  Takes(native(0, ElementType::kU8));
  Takes(native(5, ElementType::kU8));
  Refuses("like", "takes 8-bit samples, these are float32", native(5, ElementType::kF32));
  Refuses("like", "takes 8-bit samples, these are uint16", native(5, ElementType::kU16));
  const auto floats = [&](ElementType type) -> Spoil {
    return [=](Plan& p) {
      native(5, type)(p);
      p.geometry.resize.engine = ResizeEngine::kTorchFloat;
    };
  };
  for (const ElementType type : {ElementType::kU8, ElementType::kF32, ElementType::kF64}) {
    Takes(floats(type));
  }
  Refuses("like", "takes 8-bit samples, these are uint16", floats(ElementType::kU16));
  Refuses("native", "no picture has samples of type int8", native(5, ElementType::kI8));
  Refuses("native", "the plan has others", [](Plan& p) { p.native.channels = 3; });
  Refuses("values.mean", "mean has 3 values for 5 channels", [&](Plan& p) {
    native(5, ElementType::kU8)(p);
    p.values.mean = {0.5, 0.5, 0.5};
  });
  Refuses("channels", "patches and pages", [&](Plan& p) {
    native(5, ElementType::kU8)(p);
    p.patches.size = 4;
  });
  Takes([](Plan& p) { p.max_pixels = 1; });
  Refuses("max_pixels", "max pixels below 1", [](Plan& p) { p.max_pixels = 0; });
}

TEST_CASE("values for bytes are refused for 16 bits", "[plan]") {
  const auto bytes = [](int depth, bool rescale, Arithmetic arithmetic) -> Spoil {
    return [=](Plan& p) {
      p.depth = depth;
      p.values.mean = {0.5};
      p.values.rescale = rescale;
      p.values.arithmetic = arithmetic;
    };
  };
  Takes(bytes(16, true, Arithmetic::kTorchvision));
  Takes(bytes(8, false, Arithmetic::kTorchvision));
  Takes(bytes(8, true, Arithmetic::kRaw));
  Refuses("depth", "do not fit `depth` 16", bytes(16, false, Arithmetic::kTorchvision));
  Refuses("depth", "do not fit `depth` 16", bytes(16, true, Arithmetic::kRaw));
  Takes([&](Plan& p) {
    bytes(16, false, Arithmetic::kTorchvision)(p);
    p.values.mean.clear();
  });
  Takes([&](Plan& p) {
    bytes(16, false, Arithmetic::kTorchvision)(p);
    p.method = Method::kNone;
  });
}

TEST_CASE("constants are one or one a channel, numbers, and divide", "[plan]") {
  for (const bool mean : {true, false}) {
    const auto list = [=](std::vector<double> values) -> Spoil {
      return [=](Plan& p) { (mean ? p.values.mean : p.values.std) = values; };
    };
    const std::string setting = mean ? "values.mean" : "values.std";
    Takes(list({}));
    Takes(list({0.5}));
    Takes(list({0.5, 0.4, 0.3}));
    Refuses(setting, "2 values for 3 channels", list({0.5, 0.4}));
    Refuses(setting, "4 values for 3 channels", list({0.5, 0.4, 0.3, 0.2}));
    Refuses(setting, mean ? "mean" : "std", list({std::nan("")}));
    Refuses(setting, mean ? "mean" : "std", list({0.5, kInfinity, 0.5}));
    Refuses(setting, "3 values for 1 channel", [=](Plan& p) {
      list({0.5, 0.4, 0.3})(p);
      p.channels = ChannelOrder::kGray;
    });
  }
  Refuses("values.std", "std 0 would divide", [](Plan& p) { p.values.std = {1, 0, 1}; });
  Refuses("values.std", "would divide", [](Plan& p) { p.values.std = {1e-60}; });
  for (const double scale : {0.0, -1.0, std::nan(""), kInfinity, 1e60}) {
    Refuses("values.scale", "scale", [=](Plan& p) { p.values.scale = scale; });
    Refuses("values.scale", "scale", [=](Plan& p) { p.values.float_scale = scale; });
  }
  Takes([](Plan& p) { p.values.rescale_factor = 1.0 / 255; });
  Refuses("values.rescale_factor", "rescale_factor",
          [](Plan& p) { p.values.rescale_factor = kInfinity; });
  Refuses("values.rescale_factor", "rescale_factor",
          [](Plan& p) { p.values.rescale_factor = 1e-60; });
}

TEST_CASE("quantisation and whole bytes each have their conditions", "[plan]") {
  for (const ElementTypeRow& row : kElementTypes) {
    if (!row.is_output) Refuses("values.dtype", row.word, Bytes(row.type, Method::kNone, false, 8));
  }
  for (const ElementType dtype : {ElementType::kF32, ElementType::kF16, ElementType::kBF16}) {
    Takes(Bytes(dtype, Method::kGiven, false, 16));
    Refuses("values.qscale", "need `values.dtype` uint8 or int8",
            Bytes(dtype, Method::kGiven, true, 8));
  }
  Takes(Bytes(ElementType::kU8, Method::kNone, false, 8));
  Takes(Bytes(ElementType::kU8, Method::kNone, true, 16));
  Refuses("values.dtype", "cannot hold `depth` 16",
          Bytes(ElementType::kU8, Method::kNone, false, 16));
  Refuses("values.dtype", "or `method` none", Bytes(ElementType::kU8, Method::kGiven, false, 8));
  Refuses("values.dtype", "`values.dtype` int8 needs `values.qscale`",
          Bytes(ElementType::kI8, Method::kNone, false, 8));
  Takes(Bytes(ElementType::kI8, Method::kGiven, true, 8));
  const auto quantised = [](ElementType dtype, double scale, int zero) -> Spoil {
    return [=](Plan& p) {
      Bytes(dtype, Method::kGiven, true, 8)(p);
      p.values.qscale = scale;
      p.values.qzero = zero;
    };
  };
  for (const double scale : {0.0, -0.1, std::nan(""), kInfinity, 1e-60}) {
    Refuses("values.qscale", "qscale", quantised(ElementType::kI8, scale, 0));
  }
  for (const int zero : {-128, 127}) Takes(quantised(ElementType::kI8, 0.1, zero));
  for (const int zero : {-129, 128})
    Refuses("values.qzero", "qzero", quantised(ElementType::kI8, 0.1, zero));
  for (const int zero : {0, 255}) Takes(quantised(ElementType::kU8, 0.1, zero));
  for (const int zero : {-1, 256})
    Refuses("values.qzero", "qzero", quantised(ElementType::kU8, 0.1, zero));
}

TEST_CASE("a layer's numbers are within PyTorch's", "[plan]") {
  Takes([](Plan& p) { p.layer.batch_size = 1; });
  Refuses("layer.batch_size", "`layer.batch_size` -1", [](Plan& p) { p.layer.batch_size = -1; });
  Refuses("layer.drop_last", "`layer.drop_last` needs `layer.batch_size`",
          [](Plan& p) { p.layer.drop_last = true; });
  Takes([](Plan& p) {
    p.layer.drop_last = true;
    p.layer.batch_size = 2;
  });
  const auto evaluated = [](Method method, const char* state) -> Spoil {
    return [=](Plan& p) {
      p.method = method;
      p.layer.eval = true;
      p.layer.state_in = state;
    };
  };
  Refuses("layer.eval", "`layer.state_in` says whose", evaluated(Method::kBatch, ""));
  Takes(evaluated(Method::kBatch, "state.safetensors"));
  Takes(evaluated(Method::kLayer, ""));
  Takes([](Plan& p) { p.layer.eps = 0; });
  for (const double eps : {-1e-9, std::nan(""), kInfinity}) {
    Refuses("layer.eps", "eps", [=](Plan& p) { p.layer.eps = eps; });
  }
  Takes([](Plan& p) { p.layer.momentum.reset(); });
  for (const double momentum : {0.0, 1.0}) Takes([=](Plan& p) { p.layer.momentum = momentum; });
  for (const double momentum : {-0.01, 1.01, std::nan("")}) {
    Refuses("layer.momentum", "momentum", [=](Plan& p) { p.layer.momentum = momentum; });
  }
  const auto groups = [](Method method, int count) -> Spoil {
    return [=](Plan& p) {
      p.method = method;
      p.layer.groups = count;
    };
  };
  for (const int count : {1, 3}) Takes(groups(Method::kGroup, count));
  for (const int count : {2, 6})
    Refuses("layer.groups", "does not divide the 3 channels", groups(Method::kGroup, count));
  for (const int count : {0, -3}) Refuses("layer.groups", "groups", groups(Method::kGroup, count));
  Takes(groups(Method::kInstance, 2));
  Takes([](Plan& p) { p.layer.affine_file = "a.npz"; });
  Takes([](Plan& p) { p.layer.gamma = p.layer.beta = {1}; });
  for (const bool gamma : {true, false}) {
    Refuses("layer.affine_file", "exclude each other", [=](Plan& p) {
      p.layer.affine_file = "a.npz";
      (gamma ? p.layer.gamma : p.layer.beta) = {1};
    });
  }
}

TEST_CASE("only pictures have three channels, samples of bytes and no inverse", "[plan]") {
  const Spoil spoils[] = {
      [](Plan& p) {
        p.values.mean = {1, 2, 3, 4, 5};
      },
      [](Plan& p) { p.values.mean = {123.675}; },
      [](Plan& p) { p.denormalize = true; },
      [](Plan& p) {
        p.method = Method::kGroup;
        p.layer.groups = 2;
      },
  };
  for (const Spoil& spoil : spoils) {
    CHECK(!Complaint(spoil).empty());
    CHECK(Complaint(spoil, PlanInput::kTensor).empty());
  }
  // What no channel count can mend is refused for both.
  const Spoil lists = [](Plan& p) {
    p.values.mean = {1, 2, 3};
    p.values.std = {1, 2};
  };
  CHECK(!Complaint(lists, PlanInput::kTensor).empty());
}

}  // namespace imnorm
