// Values over a plan's, and what of them does not go together.
#include "cli/groups/values.h"

#include <fmt/format.h>

#include "cli/groups/set_word.h"

namespace imnorm::cli {
namespace {

Result<void> SetLayer(const ValueArguments& a, Plan& plan) {
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
  if (a.state_prefix) layer.state_prefix = *a.state_prefix;
  if (auto set = SetNumbers("--gamma", a.gamma, layer.gamma); !set) return set;
  return SetNumbers("--beta", a.beta, layer.beta);
}

Result<void> SetConstants(const ValueArguments& a, Plan& plan) {
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
    const auto scale = ParseScale(*a.scale);
    if (!scale) return Failed(scale);
    // The ends of a range are on the samples' own scale; percentiles are on that of the statistics.
    SetScale(scale->low.empty() ? scale->divisor : std::optional(1.0), plan);
    values.low = scale->low;
    values.high = scale->high;
  }
  if (auto set = SetWord("--dtype", a.dtype, values.dtype); !set) return set;
  return SetWord("--layout", a.layout, plan.layout);
}

Result<void> SetQuantisation(const ValueArguments& a, Plan& plan) {
  ValuePlan& values = plan.values;
  if (a.qscale) values.qscale = *a.qscale;
  if (a.qzero) values.qzero = *a.qzero;
  const bool integer = values.dtype == ElementType::kU8 || values.dtype == ElementType::kI8;
  if ((a.qscale || a.qzero) && !integer) {
    return Fail(ErrorCode::kBadArgument, "--qscale and --qzero go with --dtype uint8 or int8");
  }
  if (integer) {
    // The picture's own bytes need no quantisation; everything else does. A plan that was fed back
    // brings its scale along.
    const bool has_scale = a.qscale || values.quantize;
    values.quantize = a.qscale || a.qzero || values.quantize || plan.method != Method::kNone ||
                      values.dtype == ElementType::kI8;
    if (values.quantize && !has_scale && plan.method != Method::kNone && !plan.denormalize) {
      return Fail(ErrorCode::kBadArgument,
                  "--dtype uint8 and int8 need --qscale (and --qzero) for normalised values; "
                  "--method none --dtype uint8 writes the picture's bytes");
    }
  }
  return {};
}

// An option of another method must not seem to have been obeyed.
Result<void> RefuseOtherMethods(const ValueArguments& a, const std::vector<GivenOption>& given,
                                const Plan& plan) {
  const bool layer = plan.method != Method::kGiven && plan.method != Method::kNone;
  if (!layer && !plan.denormalize) {
    constexpr std::string_view kWhy = "goes with --method batch, layer, instance or group";
    if (auto sound = RefuseGiven(given, Fits::kLayers, kWhy); !sound) return sound;
  }
  if (plan.method != Method::kGroup) {
    auto sound = RefuseGiven(given, Fits::kGroups, "goes with --method group");
    if (!sound) return sound;
  }
  if (a.scale && plan.method == Method::kNone) {
    return Fail(ErrorCode::kBadArgument,
                "--scale: --method none leaves the values as they are; --mean 0 --std 1 divides");
  }
  return {};
}

Result<void> RefuseTwoSources(const ValueArguments& a, const Plan& plan) {
  const bool percents = a.scale && a.scale->starts_with('p');
  if (percents && !a.stats) {
    return Fail(ErrorCode::kBadArgument,
                fmt::format("--scale {}: --stats FILE|auto brings the percentiles", *a.scale));
  }
  // What is stretched by percentiles has another mean than the statistics say.
  if (a.stats && (a.mean || a.std) && !percents) {
    return Fail(ErrorCode::kBadArgument, "--stats brings mean and std: leave out --mean and --std");
  }
  // A preset may have one alone: caffe and tf only subtract a mean.
  if (plan.method == Method::kGiven && (a.mean || a.std) &&
      plan.values.mean.empty() != plan.values.std.empty()) {
    return Fail(ErrorCode::kBadArgument, "--mean and --std go together");
  }
  if (plan.method != Method::kGiven && (a.mean || a.std || a.stats)) {
    return Fail(ErrorCode::kBadArgument,
                "--mean, --std and --stats go with --method given, not with another method");
  }
  return {};
}

}  // namespace

void AddValues(Options& options, ValueArguments& a) {
  options.Group("Values");
  options.Text({"--mean", "A,B,C", "Mean of each channel, on the [0,1] scale"}, a.mean);
  options.Text({"--std", "A,B,C", "Standard deviation of each channel"}, a.std);
  options.Text({"--stats", "FILE|auto", "Take mean and std from stats.json, or measure them: auto"},
               a.stats);
  options.Text({"--scale", "F|A:B",
                "Samples are divided by F (255), or stretched from A..B to 0..1 and cut there: "
                "0:3000, a list each, or p2:p98 of --stats"},
               a.scale);
  options.Text({"--method", "NAME", "given|batch|layer|instance|group|none"}, a.method);
  options.Text({"--dtype", "TYPE", "float32|float16|bfloat16|uint8|int8, for tensors also float64"},
               a.dtype);
  options.Number({"--qscale", "F", "uint8, int8: quantisation step"}, a.qscale);
  options.Number({"--qzero", "N", "uint8, int8: zero point"}, a.qzero);
  options.Text({"--layout", "NAME", "nchw|nhwc"}, a.layout);
  options.Number({"--batch-size", "N", "batch: pictures a batch; 0 is all as one", Fits::kLayers},
                 a.batch_size);
  options.Flag({"--drop-last", "", "batch: leave out a last batch that is not full", Fits::kLayers},
               a.drop_last);
  options.Number({"--groups", "G", "group: number of channel groups", Fits::kGroups}, a.groups);
  options.Number({"--eps", "F", "Added to variances (1e-5)", Fits::kLayers}, a.eps);
  options.Text({"--affine", "FILE", "weight and bias: .safetensors or .npz", Fits::kLayers},
               a.affine);
  options.Text({"--gamma", "LIST", "weight, one a channel", Fits::kLayers}, a.gamma);
  options.Text({"--beta", "LIST", "bias, one a channel", Fits::kLayers}, a.beta);
  options.Text({"--momentum", "M", "Of running statistics: a number or none", Fits::kLayers},
               a.momentum);
  options.Text({"--state-in", "FILE", "Running statistics to start from", Fits::kLayers},
               a.state_in);
  options.Text({"--state-prefix", "TEXT", "Of the layer's names in --state-in, --affine: bn1.",
                Fits::kLayers},
               a.state_prefix);
  options.Flag({"--eval", "", "Normalise by the running statistics", Fits::kLayers}, a.eval);
  options.Flag({"--denormalize", "", "The inverse: x * std + mean"}, a.denormalize);
}

Result<ScaleWord> ParseScale(std::string_view text) {
  ScaleWord word;
  const auto bad = [&] {
    return Fail(
        ErrorCode::kBadArgument,
        fmt::format("--scale \"{}\": it takes a number to divide by, the ends of a range as "
                    "LOW:HIGH or A,B,C:D,E,F, or percentiles as p2:p98",
                    text));
  };
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos) {
    const auto divisor = ParseNumber<double>(text);
    if (!divisor) return bad();
    word.divisor = *divisor;
    return word;
  }
  std::string_view low = text.substr(0, colon), high = text.substr(colon + 1);
  const bool percents = low.starts_with('p') && high.starts_with('p');
  if (percents) {
    low.remove_prefix(1);
    high.remove_prefix(1);
  }
  const auto from = ParseNumbers("--scale", low), to = ParseNumbers("--scale", high);
  if (!from || !to) return bad();
  if (!percents) {
    word.low = *from;
    word.high = *to;
    return word;
  }
  if (from->size() != 1 || to->size() != 1 || (*from)[0] < 0 || (*to)[0] > 100 ||
      (*from)[0] >= (*to)[0]) {
    return bad();
  }
  word.percents = {(*from)[0], (*to)[0]};
  return word;
}

void SetScale(const std::optional<double>& scale, Plan& plan) {
  if (!scale) return;
  plan.values.scale = *scale;
  plan.values.float_scale = *scale;
  plan.values.rescale = plan.method != Method::kNone;
  plan.values.rescale_factor = 0.0;
}

Result<void> SetValues(const ValueArguments& a, const std::vector<GivenOption>& given, Plan& plan) {
  for (const auto set : {SetConstants, SetQuantisation, SetLayer}) {
    if (auto done = set(a, plan); !done) return done;
  }
  if (auto one = RefuseTwoSources(a, plan); !one) return one;
  return RefuseOtherMethods(a, given, plan);
}

}  // namespace imnorm::cli
