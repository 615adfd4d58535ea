#include <algorithm>

#include "cli/resolve.h"
#include "plan/words.h"

namespace imnorm::cli {
namespace {

// Sets `target` from an optional word.
template <typename T>
Result<void> SetWord(std::string_view option, const std::optional<std::string>& word, T& target) {
  if (!word) return {};
  auto value = imnorm::ParseWord<T>(option, *word);
  if (!value) return tl::unexpected<Error>(std::move(value.error()));
  target = *value;
  return {};
}

Result<void> SetNumbers(std::string_view option, const std::optional<std::string>& text,
                        std::vector<double>& target) {
  if (!text) return {};
  auto numbers = ParseNumbers(option, *text);
  if (!numbers) return tl::unexpected<Error>(std::move(numbers.error()));
  target = std::move(*numbers);
  return {};
}

Result<void> ResolvePixels(const Arguments& a, Plan& plan) {
  if (auto set = SetWord("--exif", a.exif, plan.exif); !set) return set;
  if (a.channels) {
    ChannelOrder order = plan.channels;
    const std::string word = *a.channels == "grey" ? "gray" : *a.channels;
    if (auto set = SetWord("--channels", std::optional(word), order); !set) return set;
    SetChannels(order, plan);
    if (order == ChannelOrder::kNative) plan.depth = 16;  // --depth 8 narrows all the same
  }
  if (a.alpha == "drop") {
    plan.alpha = AlphaPolicy::kDrop;
  } else if (a.alpha == "mask" && a.command == Command::kStats) {
    plan.alpha = AlphaPolicy::kMask;
  } else if (a.alpha) {
    auto colour = ParseColour("--alpha", *a.alpha);
    if (!colour) {
      return Fail(ErrorCode::kBadArgument,
                  fmt::format("--alpha \"{}\": it takes drop, white, black or #rrggbb", *a.alpha));
    }
    plan.alpha = AlphaPolicy::kComposite;
    std::copy(colour->begin(), colour->end(), plan.background);
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

Result<void> ResolveGeometry(const Arguments& a, Plan& plan) {
  GeometryPlan& geometry = plan.geometry;
  if (a.resize) {
    if (auto set = ParseResize(*a.resize, geometry.resize); !set) return set;
    if (geometry.resize.kind == ResizeKind::kLetterbox) {
      // Ultralytics' letterbox: cv2's resize on a grey ground, no crop. An engine that was asked
      // for by name keeps its own resize.
      if (!a.like) geometry.resize.engine = ResizeEngine::kOpencv;
      std::fill_n(geometry.fill, 3, uint8_t{114});
      geometry.crop.width = geometry.crop.height = 0;
    }
  }
  if (auto set = SetWord("--filter", a.filter, geometry.resize.filter); !set) return set;
  if (a.pillow) {
    if (*a.pillow < kOldestPillow || *a.pillow > kNewestPillow) {
      return Fail(ErrorCode::kBadArgument,
                  fmt::format("--pillow {}: it takes {} (all up to 12 are alike) or {}", *a.pillow,
                              kOldestPillow, kNewestPillow));
    }
    if (geometry.resize.engine != ResizeEngine::kPillow) {
      return Fail(ErrorCode::kBadArgument, fmt::format("--pillow: not Pillow resizes here but {}",
                                                       WordOf(geometry.resize.engine)));
    }
    geometry.resize.pillow = *a.pillow;
  }
  if (a.crop) {
    if (auto set = ParseCrop(*a.crop, geometry.crop); !set) return set;
  }
  if (a.fill) {
    auto colour = ParseColour("--fill", *a.fill);
    if (!colour) return tl::unexpected<Error>(std::move(colour.error()));
    std::copy(colour->begin(), colour->end(), geometry.fill);
  }
  return {};
}

Result<void> ResolveLayer(const Arguments& a, Plan& plan) {
  LayerPlan& layer = plan.layer;
  if (a.batch_size) layer.batch_size = *a.batch_size;
  layer.drop_last = layer.drop_last || a.drop_last;
  if (a.groups) layer.groups = *a.groups;
  if (a.eps) layer.eps = *a.eps;
  if (a.momentum == "none") {
    layer.momentum.reset();
  } else if (a.momentum) {
    auto value = ParseNumbers("--momentum", *a.momentum);
    if (!value || value->size() != 1) {
      return Fail(ErrorCode::kBadArgument,
                  fmt::format("--momentum \"{}\": it takes a number or none", *a.momentum));
    }
    layer.momentum = value->front();
  }
  layer.eval = layer.eval || a.eval;
  if (a.affine) layer.affine_file = *a.affine;
  if (a.state_in) layer.state_in = *a.state_in;
  if (auto set = SetNumbers("--gamma", a.gamma, layer.gamma); !set) return set;
  return SetNumbers("--beta", a.beta, layer.beta);
}

Result<void> ResolveValues(const Arguments& a, Plan& plan) {
  ValuePlan& values = plan.values;
  const Method before = plan.method;
  if (auto set = SetWord("--method", a.method, plan.method); !set) return set;
  plan.denormalize = plan.denormalize || a.denormalize;
  if (plan.method != before && plan.method != Method::kGiven) {
    // Whatever the preset's constants were, they are not asked for.
    values.scale = ValuePlan().scale;
    values.float_scale.reset();
    values.rescale_factor = 0.0;
    values.mean.clear();
    values.std.clear();
    values.rescale = plan.method != Method::kNone;
    values.arithmetic = Arithmetic::kTorchvision;
  }
  if (auto set = SetNumbers("--mean", a.mean, values.mean); !set) return set;
  if (auto set = SetNumbers("--std", a.std, values.std); !set) return set;
  if (a.scale) {
    values.scale = *a.scale;
    values.float_scale = *a.scale;
    values.rescale = plan.method != Method::kNone;
    values.rescale_factor = 0.0;
  }
  if (auto set = SetWord("--dtype", a.dtype, values.dtype); !set) return set;
  if (auto set = SetWord("--layout", a.layout, plan.layout); !set) return set;
  if (a.qscale) values.qscale = *a.qscale;
  if (a.qzero) values.qzero = *a.qzero;
  const bool integer = values.dtype == DType::kUInt8 || values.dtype == DType::kInt8;
  if ((a.qscale || a.qzero) && !integer) {
    return Fail(ErrorCode::kBadArgument, "--qscale and --qzero go with --dtype uint8 or int8");
  }
  if (integer) {
    // The picture's own bytes need no quantisation; everything else does. A plan that was fed back
    // brings its scale along.
    const bool has_scale = a.qscale || values.quantize;
    values.quantize = a.qscale || a.qzero || values.quantize || plan.method != Method::kNone ||
                      values.dtype == DType::kInt8;
    if (values.quantize && !has_scale && plan.method != Method::kNone && !plan.denormalize) {
      return Fail(ErrorCode::kBadArgument,
                  "--dtype uint8 and int8 need --qscale (and --qzero) for normalised values; "
                  "--method none --dtype uint8 writes the picture's bytes");
    }
  }
  return {};
}

// An option of another method must not seem to have been obeyed.
Result<void> RefuseOtherMethods(const Arguments& a, const Plan& plan) {
  const bool layer = plan.method != Method::kGiven && plan.method != Method::kNone;
  const std::pair<const char*, bool> options[] = {
      {"--gamma", a.gamma.has_value()},           {"--beta", a.beta.has_value()},
      {"--affine", a.affine.has_value()},         {"--eps", a.eps.has_value()},
      {"--batch-size", a.batch_size.has_value()}, {"--drop-last", a.drop_last},
      {"--groups", a.groups.has_value()},         {"--eval", a.eval},
      {"--momentum", a.momentum.has_value()},     {"--state-in", a.state_in.has_value()},
      {"--state-out", a.state_out.has_value()},   {"--report-norm", !a.report_norm.empty()},
  };
  for (const auto& [name, given] : options) {
    if (!given || layer || plan.denormalize) continue;
    return Fail(ErrorCode::kBadArgument,
                fmt::format("{} goes with --method batch, layer, instance or group", name));
  }
  if (a.groups && plan.method != Method::kGroup) {
    return Fail(ErrorCode::kBadArgument, "--groups goes with --method group");
  }
  if (a.scale && plan.method == Method::kNone) {
    return Fail(ErrorCode::kBadArgument,
                "--scale: --method none leaves the values as they are; --mean 0 --std 1 divides");
  }
  return {};
}

Result<void> RequireValues(const Arguments& a, const Plan& plan) {
  const bool named =
      a.preset || a.config || a.method || a.mean || a.std || a.scale || a.stats || a.denormalize;
  if (!named) {
    return Fail(ErrorCode::kBadArgument,
                "normalize needs to know how: --preset NAME, --mean and --std, --stats FILE|auto, "
                "or --method batch|layer|instance|group|none");
  }
  if (a.stats && (a.mean || a.std)) {
    return Fail(ErrorCode::kBadArgument, "--stats brings mean and std: leave out --mean and --std");
  }
  // A preset may have one alone: caffe and tf only subtract a mean.
  if (plan.method == Method::kGiven && (a.mean || a.std) &&
      plan.values.mean.empty() != plan.values.std.empty()) {
    return Fail(ErrorCode::kBadArgument, "--mean and --std go together");
  }
  if (plan.denormalize && PlanInputOf(a) != PlanInput::kTensor) {
    return Fail(ErrorCode::kBadArgument, "--denormalize takes a tensor (.npy, .safetensors)");
  }
  if (plan.method != Method::kGiven && (a.mean || a.std || a.stats)) {
    return Fail(ErrorCode::kBadArgument,
                "--mean, --std and --stats go with --method given, not with another method");
  }
  return {};
}

}  // namespace

PlanInput PlanInputOf(const Arguments& a) {
  const bool tensor = a.inputs.inputs.size() == 1 && a.inputs.files_from.empty() &&
                      IsTensorPath(a.inputs.inputs.front());
  return tensor ? PlanInput::kTensor : PlanInput::kPictures;
}

Result<Plan> ResolvePlan(const Arguments& a) {
  Plan plan;
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
    auto engine = imnorm::ParseWord<Engine>("--like", *a.like);
    if (!engine) return tl::unexpected<Error>(std::move(engine.error()));
    ApplyEngine(*engine, plan);
  }
  for (const auto step : {ResolvePixels, ResolveGeometry, ResolveValues, ResolveLayer}) {
    if (auto done = step(a, plan); !done) return tl::unexpected<Error>(std::move(done.error()));
  }
  if (a.command == Command::kNormalize) {
    if (plan.channels == ChannelOrder::kNative) {
      return Fail(ErrorCode::kBadArgument,
                  "--channels native is for stats: normalize takes rgb, bgr or gray");
    }
    if (plan.alpha == AlphaPolicy::kMask) {
      return Fail(ErrorCode::kBadArgument,
                  "--alpha mask is for stats: normalize takes drop, white, black or #rrggbb");
    }
    for (const auto check : {RequireValues, RefuseOtherMethods}) {
      if (auto sound = check(a, plan); !sound) {
        return tl::unexpected<Error>(std::move(sound.error()));
      }
    }
  }
  if (auto valid = ValidatePlan(plan, PlanInputOf(a)); !valid) {
    return tl::unexpected<Error>(std::move(valid.error()));
  }
  return plan;
}

}  // namespace imnorm::cli
