// Sides that are tensors bring a plan with their manifest; sides that are pictures need one.
#include "cli/compare_sides.h"

#include <fmt/format.h>

#include "cli/groups/inputs.h"
#include "imnorm/tensor.h"
#include "imnorm/tensor_summary.h"

namespace imnorm::cli {
namespace {

// Single options go over the plan that is there `otherwise`, as they go over a config.
Result<Plan> PlanOfSide(const SideArguments& a, char side, const std::optional<Plan>& otherwise) {
  auto plan = ResolveGeometry(a.geometry, otherwise.value_or(Plan()));
  if (!plan) return Prefixed(fmt::format("side {}", side), std::move(plan.error()));
  return plan;
}

bool GivesPlan(const SideArguments& a) {
  const GeometryArguments& g = a.geometry;
  return g.preset || g.resize || g.crop || g.like || g.filter || g.pillow || g.exif || g.channels;
}

Result<ComparedSide> TensorSide(const std::string& path, const SideArguments& a, char letter) {
  if (GivesPlan(a)) {
    return Fail(ErrorCode::kBadArgument,
                fmt::format("{} is a tensor: the options of side {} say how pictures are made",
                            path, letter));
  }
  return SideOfTensor({path, a.tensor, ""});
}

// Rows to compare with a tensor are of its type, and in its layout.
Result<void> FollowTensor(const ComparedSide& tensor, Plan& plan) {
  const auto file = TensorFile::Open(tensor.tensor.path, tensor.tensor.name);
  if (!file) return Failed(file);
  const ElementTypeRow& type = RowOf(file->type());
  const bool bytes = file->type() == ElementType::kU8 || file->type() == ElementType::kI8;
  if (type.of_pictures && !(bytes && plan.method != Method::kNone && !plan.values.quantize)) {
    plan.values.dtype = file->type();
  }
  const auto layout = tensor.plan ? std::optional(tensor.plan->layout) : std::nullopt;
  const bool last = ChannelAxisOf(file->shape(), layout).layout == "nhwc";
  plan.layout = last ? Layout::kNhwc : Layout::kNchw;
  return {};
}

Result<ComparedSide> PictureSide(const std::string& path, const SideArguments& a, char letter,
                                 const std::optional<Plan>& otherwise) {
  if (!a.tensor.empty()) {
    return Fail(ErrorCode::kBadArgument,
                fmt::format("--tensor-{}: {} is no tensor file", letter, path));
  }
  auto plan = PlanOfSide(a, letter, otherwise);
  if (!plan) return Failed(plan);
  ComparedSide side;
  side.name = path;
  side.plan = std::move(*plan);
  return side;
}

tl::unexpected<Error> NoPlan(const std::string& tensor, char side) {
  return Fail(ErrorCode::kBadArgument,
              fmt::format("{} has no manifest that says how it was made: --plan-{} says how the "
                          "pictures are",
                          tensor, side));
}

Result<InputList> ListPictures(const std::string& path, const std::string& frame) {
  InputOptions options;
  options.inputs = {path};
  if (auto chosen = ResolveFrame(frame, options); !chosen) return Failed(chosen);
  return ListInputs(options);
}

}  // namespace

void AddSide(Options& options, SideArguments& a, char side) {
  options.Group(side == 'a' ? "Pictures of side A" : "Pictures of side B");
  const auto text = [&](const char* name, const char* value, const char* help,
                        std::optional<std::string>& target) {
    options.Text({fmt::format("--{}-{}", name, side), value,
                  fmt::format(fmt::runtime(help), char(side - 32))},
                 target);
  };
  GeometryArguments& g = a.geometry;
  text("plan", "NAME|FILE", "How the rows of {} are made: preset, config, plan, manifest",
       g.preset);
  text("like", "LIB", "Whose rules {} follows", g.like);
  text("resize", "SIZE", "Size of {}", g.resize);
  text("filter", "NAME", "Filter of {}", g.filter);
  options.Number({fmt::format("--pillow-{}", side), "11|12|13", "Whose order of passes"}, g.pillow);
  text("crop", "SIZE", "Centre crop of {}", g.crop);
  text("exif", "WHAT", "Orientation of {}: auto|apply|ignore", g.exif);
  text("channels", "WHAT", "rgb|bgr|gray of {}", g.channels);
  options.Text({fmt::format("--tensor-{}", side), "NAME", "Which tensor of an .npz, .safetensors"},
               a.tensor);
}

Result<ComparedSides> ResolveSides(const std::vector<std::string>& inputs, const SideArguments& a,
                                   const SideArguments& b, const std::string& frame) {
  if (inputs.empty() || inputs.size() > 2) {
    return Fail(ErrorCode::kBadArgument, "compare takes A and B, or pictures and two plans");
  }
  const std::string& first = inputs.front();
  const std::string& second = inputs.back();
  const bool tensor_a = IsTensorPath(first);
  const bool tensor_b = IsTensorPath(second);
  if (inputs.size() == 1 && tensor_a) {
    return Fail(ErrorCode::kBadArgument, first + ": what is it compared with?");
  }
  if (inputs.size() == 2 && !tensor_a && !tensor_b) {
    return Fail(ErrorCode::kBadArgument,
                fmt::format("{} and {}: one of two inputs is a tensor (.npy, .npz, .safetensors); "
                            "pictures under two plans are one input with --plan-a and --plan-b",
                            first, second));
  }
  ComparedSides sides;
  if (tensor_a) {
    auto side = TensorSide(first, a, 'a');
    if (!side) return Failed(side);
    sides.a = std::move(*side);
  }
  if (tensor_b && inputs.size() == 2) {
    auto side = TensorSide(second, b, 'b');
    if (!side) return Failed(side);
    sides.b = std::move(*side);
  }
  if (tensor_a && tensor_b) return sides;

  const std::string& pictures = tensor_a ? second : first;
  auto list = ListPictures(pictures, frame);
  if (!list) return Failed(list);
  sides.pictures = std::move(*list);
  if (inputs.size() == 1 && !GivesPlan(a) && !GivesPlan(b)) {
    return Fail(ErrorCode::kBadArgument, first + ": --plan-a and --plan-b say what is compared");
  }
  if (!tensor_a) {
    const auto& otherwise = tensor_b ? sides.b.plan : std::optional<Plan>();
    auto side = PictureSide(pictures, a, 'a', otherwise);
    if (!side) return Failed(side);
    sides.a = std::move(*side);
    if (tensor_b) {
      if (!GivesPlan(a) && !otherwise) return NoPlan(second, 'a');
      if (auto follow = FollowTensor(sides.b, *sides.a.plan); !follow) return Failed(follow);
    }
  }
  if (!tensor_b || inputs.size() == 1) {
    // Of one input, B is A but for what its own options say.
    auto side = PictureSide(pictures, b, 'b', sides.a.plan);
    if (!side) return Failed(side);
    sides.b = std::move(*side);
    if (tensor_a) {
      if (!GivesPlan(b) && !sides.a.plan) return NoPlan(first, 'b');
      if (auto follow = FollowTensor(sides.a, *sides.b.plan); !follow) return Failed(follow);
    }
  }
  return sides;
}

}  // namespace imnorm::cli
