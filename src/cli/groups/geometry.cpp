// Presets and engines first, single options over them.
#include "cli/groups/geometry.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/groups/set_word.h"
#include "imnorm/words.h"

namespace imnorm::cli {
namespace {

Result<void> SetAlpha(const std::string& text, Plan& plan) {
  const auto alpha = ParseAlpha(text);
  if (!alpha) {
    return Fail(ErrorCode::kBadArgument,
                fmt::format("--alpha \"{}\": it takes drop, white, black or #rrggbb", text));
  }
  plan.alpha = alpha->policy;
  if (alpha->policy == AlphaPolicy::kComposite) {
    std::copy_n(alpha->background, 3, plan.background);
  }
  return {};
}

Result<void> SetPixels(const GeometryArguments& a, Plan& plan) {
  if (auto set = SetWord("--exif", a.exif, plan.exif); !set) return set;
  if (auto set = SetWord("--icc", a.icc, plan.icc); !set) return set;
  if (a.channels) {
    ChannelOrder order = plan.channels;
    const std::string word = *a.channels == "grey" ? "gray" : *a.channels;
    if (auto set = SetWord("--channels", std::optional(word), order); !set) return set;
    SetChannels(order, plan);
    if (order == ChannelOrder::kNative) plan.depth = 16;  // --depth 8 narrows all the same
  }
  if (a.alpha) {
    if (auto set = SetAlpha(*a.alpha, plan); !set) return set;
  }
  if (a.depth) {
    if (*a.depth != 8 && *a.depth != 16) {
      return Fail(ErrorCode::kBadArgument, fmt::format("--depth {}: it takes 8 or 16", *a.depth));
    }
    plan.depth = *a.depth;
  }
  plan.fast_decode = plan.fast_decode || a.fast_decode;
  if (a.max_pixels) {
    if (*a.max_pixels < 1) return Fail(ErrorCode::kBadArgument, "--max-pixels: it takes 1 or more");
    plan.max_pixels = *a.max_pixels;
  }
  return {};
}

Result<void> SetGeometry(const GeometryArguments& a, Plan& plan) {
  GeometryPlan& geometry = plan.geometry;
  if (a.resize) {
    if (auto set = ParseResize(*a.resize, geometry.resize); !set) return set;
    geometry.first = {};
    geometry.border = {};
    if (geometry.resize.kind == ResizeKind::kLetterbox) {
      // Ultralytics' letterbox: cv2's resize on a grey ground, no crop. An engine that was asked
      // for by name keeps its own resize.
      if (!a.like) geometry.resize.engine = ResizeEngine::kOpencv;
      std::fill_n(geometry.fill, 3, uint8_t{114});
      geometry.crop.width = geometry.crop.height = 0;
    }
  }
  if (auto set = SetWord("--filter", a.filter, geometry.resize.filter); !set) return set;
  if (a.filter) geometry.first.filter = geometry.resize.filter;
  if (a.pillow) {
    if (*a.pillow < kOldestPillow || *a.pillow > kNewestPillow) {
      return Fail(ErrorCode::kBadArgument,
                  fmt::format("--pillow {}: it takes {} (and before), 12 or {}", *a.pillow,
                              kOldestPillow, kNewestPillow));
    }
    if (geometry.resize.engine != ResizeEngine::kPillow) {
      return Fail(ErrorCode::kBadArgument, fmt::format("--pillow: not Pillow resizes here but {}",
                                                       WordOf(geometry.resize.engine)));
    }
    geometry.resize.pillow = geometry.first.pillow = *a.pillow;
  }
  if (a.crop) {
    if (auto set = ParseCrop(*a.crop, geometry.crop); !set) return set;
  }
  if (a.fill) {
    auto colour = ParseColour("--fill", *a.fill);
    if (!colour) return Failed(colour);
    std::copy(colour->begin(), colour->end(), geometry.fill);
  }
  return {};
}

// What OpenCV's values are by which release; without them there is nothing to choose.
Result<void> SetOpencv(const GeometryArguments& a, Plan& plan) {
  if (!a.opencv) return {};
  if (plan.values.arithmetic != Arithmetic::kOpencv) {
    return Fail(ErrorCode::kBadArgument,
                fmt::format("--opencv: the values are not OpenCV's here but {}'s: it goes with "
                            "--like opencv",
                            WordOf(plan.values.arithmetic)));
  }
  return SetWord("--opencv", a.opencv, plan.values.opencv);
}

}  // namespace

void AddGeometry(Options& options, GeometryArguments& a, Fits presets) {
  options.Group("Geometry");
  options.Text({"--preset", "NAME|FILE", "A preset's name or a model's config file", presets},
               a.preset);
  options.Text({"--config", "FILE", "A printed plan or a manifest; flags go over it", presets},
               a.config);
  const auto text = [&](const char* names, const char* value, const char* help,
                        std::optional<std::string>& target, Fits fits = Fits::kPictures) {
    options.Text({names, value, help, fits}, target);
  };
  text("--resize", "SIZE", "N (short edge), N,max:M, WxH, long:N, letterbox:WxH[,stride:N] or none",
       a.resize, Fits::kSizes);
  text("--filter", "NAME", "nearest|box|bilinear|hamming|bicubic|lanczos|area|nearest-exact",
       a.filter);
  options.Number({"--pillow", "11|12|13", "Whose order of passes: 13 (default), 12 or all before",
                  Fits::kPictures},
                 a.pillow);
  text("--opencv", "5.0|4.10", "Whose blobFromImage: 4.10's is that of 4.8 to 4.10", a.opencv);
  text("--crop", "SIZE", "Centre crop: N, WxH or none", a.crop, Fits::kSizes);
  text("--fill", "COLOUR", "Colour of pads: black, white or #rrggbb", a.fill);
  text("--like", "LIB", "torchvision[-v2]|torch[-float]|hf[-fast]|timm|opencv|keras|albumentations",
       a.like);
  text("--exif", "WHAT", "Orientation: auto|apply|ignore", a.exif);
  text("--alpha", "WHAT", "drop|white|black|#rrggbb (stats: also mask)", a.alpha);
  text("--icc", "WHAT", "ICC profiles: ignore, or srgb: bring colours to sRGB by them", a.icc);
  text("--channels", "WHAT", "rgb|bgr|gray, or native: bands as stored", a.channels);
  options.Number({"--depth", "BITS", "8, or 16 to keep 16-bit samples", Fits::kPictures}, a.depth);
  options.Number({"--max-pixels", "N", "Refuse larger pictures (178956970)", Fits::kPictures},
                 a.max_pixels);
  options.Flag({"--fast-decode", "",
                "Reduce large JPEGs while decoding: faster, not the same pixels", Fits::kPictures},
               a.fast_decode);
  options.Flag({"--print-plan", "", "Print the resolved plan as JSON and stop"}, a.print_plan);
}

Result<Plan> ResolveGeometry(const GeometryArguments& a, Plan plan) {
  if (a.preset && a.config) {
    return Fail(ErrorCode::kBadArgument, "--preset and --config each bring a whole plan: give one");
  }
  if (a.config) {
    auto config = LoadConfig(*a.config);
    if (!config) return Prefixed("--config", std::move(config.error()));
    plan = std::move(*config);
  }
  if (a.preset) {
    auto preset = LoadPreset(*a.preset);
    if (!preset) return Prefixed("--preset", std::move(preset.error()));
    plan = std::move(*preset);
  }
  if (a.like) {
    auto engine = ParseWord<Engine>("--like", *a.like);
    if (!engine) return Failed(engine);
    ApplyEngine(*engine, plan);
  }
  if (auto set = SetPixels(a, plan); !set) return Failed(set);
  if (auto set = SetGeometry(a, plan); !set) return Failed(set);
  if (auto set = SetOpencv(a, plan); !set) return Failed(set);
  return plan;
}

}  // namespace imnorm::cli
