// The argument groups: from options to the parts of a job.
#include <catch2/catch.hpp>

#include "cli/groups/geometry.h"
#include "cli/groups/inputs.h"
#include "cli/groups/measures.h"
#include "cli/groups/output.h"
#include "cli/groups/values.h"
#include "unit/cli/parsed.h"

namespace imnorm::cli {
namespace {

using Words = std::vector<const char*>;

Result<Plan> Geometry(Words words) {
  const auto add = [](Options& o, GeometryArguments& a) { AddGeometry(o, a, Fits::kAll); };
  return ResolveGeometry(ParseGroup<GeometryArguments>(add, std::move(words)).arguments);
}

Result<Plan> Values(Words words, Plan plan = {}) {
  const auto parsed = ParseGroup<ValueArguments>(AddValues, std::move(words));
  if (auto set = SetValues(parsed.arguments, parsed.given, plan); !set) return Failed(set);
  return plan;
}

Result<Source> Inputs(Words words) {
  const auto add = [](Options& o, std::pair<InputArguments, GeometryArguments>& a) {
    AddInputs(o, a.first);
    AddGeometry(o, a.second, Fits::kAll);
  };
  const auto parsed =
      ParseGroup<std::pair<InputArguments, GeometryArguments>>(add, std::move(words));
  return ResolveSource(parsed.arguments.first, parsed.given);
}

Result<OutputOptions> Output(Words words) {
  return ResolveOutput(ParseGroup<OutputArguments>(AddOutput, std::move(words)).arguments);
}

Result<StatsOptions> Measures(Words words, bool sharded = false) {
  return ResolveMeasures(ParseGroup<MeasureArguments>(AddMeasures, std::move(words)).arguments,
                         sharded, false);
}

template <typename T>
std::string Complaint(const Result<T>& result) {
  return result ? "" : result.error().message;
}

}  // namespace

TEST_CASE("an engine sets its rules first, single options come over it", "[cli]") {
  const auto plan = Geometry({"--filter", "bicubic", "--like", "opencv", "--resize", "8x6"});
  REQUIRE(plan);
  CHECK(plan->geometry.resize.engine == ResizeEngine::kOpencv);
  CHECK(plan->geometry.resize.filter == Filter::kBicubic);
  CHECK(plan->geometry.resize.width == 8);
  CHECK(Geometry({"--preset", "imagenet", "--crop", "none"})->geometry.crop.width == 0);
}

TEST_CASE("a letterbox is cv2's on grey, unless an engine is named", "[cli]") {
  const auto plan = Geometry({"--resize", "letterbox:64"});
  REQUIRE(plan);
  CHECK(plan->geometry.resize.engine == ResizeEngine::kOpencv);
  CHECK(plan->geometry.fill[0] == 114);
  CHECK(Geometry({"--resize", "letterbox:64", "--like", "hf"})->geometry.resize.engine ==
        ResizeEngine::kPillow);
  CHECK(Geometry({"--resize", "letterbox:64", "--fill", "black"})->geometry.fill[2] == 0);
}

TEST_CASE("pixels are as the options say", "[cli]") {
  CHECK(Geometry({"--channels", "grey"})->channels == ChannelOrder::kGray);
  CHECK(Geometry({"--channels", "native"})->depth == 16);
  CHECK(Geometry({"--channels", "native", "--depth", "8"})->depth == 8);
  const auto plan = Geometry({"--alpha", "#010203"});
  REQUIRE(plan);
  CHECK(plan->alpha == AlphaPolicy::kComposite);
  CHECK(plan->background[2] == 3);
  CHECK(Geometry({"--alpha", "mask"})->alpha == AlphaPolicy::kMask);
  CHECK(Geometry({"--alpha", "drop"})->alpha == AlphaPolicy::kDrop);
}

TEST_CASE("geometry options that say nothing are refused by name", "[cli]") {
  CHECK_THAT(Complaint(Geometry({"--preset", "clip", "--config", "p.json"})),
             Catch::Contains("--preset and --config"));
  for (const Words& words :
       {Words{"--alpha", "pink"}, Words{"--depth", "12"}, Words{"--max-pixels", "0"},
        Words{"--like", "tf"}, Words{"--exif", "yes"}, Words{"--crop", "a"}, Words{"--resize", "0"},
        Words{"--fill", "red"}, Words{"--channels", "rgba"}, Words{"--filter", "soft"}}) {
    CAPTURE(words[0], words[1]);
    CHECK_THAT(Complaint(Geometry(words)), Catch::Contains(words[0]));
  }
}

TEST_CASE("another method drops a preset's constants", "[cli]") {
  Plan preset;
  preset.values.mean = preset.values.std = {0.5};
  preset.values.scale = 2.0;
  const auto plan = Values({"--method", "instance"}, preset);
  REQUIRE(plan);
  CHECK(plan->values.mean.empty());
  CHECK(plan->values.scale == 255.0);
  CHECK(Values({}, preset)->values.mean.size() == 1);
  CHECK(Values({"--method", "given"}, preset)->values.scale == 2.0);
}

TEST_CASE("options of layers are refused beside other methods", "[cli]") {
  for (const Words& words :
       {Words{"--eps", "1"}, Words{"--gamma", "1"}, Words{"--beta", "1"}, Words{"--eval"},
        Words{"--affine", "a.npz"}, Words{"--batch-size", "2"}, Words{"--drop-last"},
        Words{"--momentum", "none"}, Words{"--state-in", "s.npz"}}) {
    CAPTURE(words[0]);
    CHECK(Complaint(Values(words)) ==
          std::string(words[0]) + " goes with --method batch, layer, instance or group");
    Words layer = words;
    layer.insert(layer.end(), {"--method", "batch"});
    CHECK(Complaint(Values(layer)) == "");
    layer = words;
    layer.push_back("--denormalize");
    CHECK(Complaint(Values(layer)) == "");
  }
  CHECK_THAT(Complaint(Values({"--groups", "2", "--method", "batch"})),
             Catch::Contains("--groups goes with --method group"));
  CHECK(Values({"--groups", "2", "--method", "group"})->layer.groups == 2);
}

TEST_CASE("mean and std have one source", "[cli]") {
  CHECK(Values({"--mean", "0.5", "--std", "0.5,0.4,0.3"})->values.std.size() == 3);
  CHECK_THAT(Complaint(Values({"--mean", "0.5"})), Catch::Contains("go together"));
  CHECK_THAT(Complaint(Values({"--mean", "0.5", "--std", "1", "--stats", "s.json"})),
             Catch::Contains("--stats brings"));
  CHECK_THAT(Complaint(Values({"--method", "none", "--stats", "auto"})),
             Catch::Contains("--method given"));
  CHECK_THAT(Complaint(Values({"--method", "none", "--scale", "2"})), Catch::Contains("--scale:"));
  CHECK(Values({"--scale", "2"})->values.float_scale == 2.0);
}

TEST_CASE("whole numbers are quantised, but for a picture's own bytes", "[cli]") {
  CHECK(!Values({"--dtype", "uint8", "--method", "none"})->values.quantize);
  CHECK(Values({"--dtype", "int8", "--qscale", "0.1"})->values.quantize);
  CHECK_THAT(Complaint(Values({"--dtype", "int8"})), Catch::Contains("need --qscale"));
  CHECK_THAT(Complaint(Values({"--qzero", "1"})), Catch::Contains("go with --dtype"));
}

TEST_CASE("a tensor is an input of its own and takes no picture's option", "[cli]") {
  CHECK(Inputs({"a.npy"})->is_tensor());
  CHECK(Inputs({"a.npz", "--tensor", "x"})->tensor.name == "x");
  CHECK(!Inputs({"photos", "--tensor", ""})->is_tensor());
  CHECK(Inputs({"a.npy", "--resize", "none"})->is_tensor());
  CHECK_THAT(Complaint(Inputs({"a.npy", "--crop", "3"})),
             Catch::StartsWith("--crop is for pictures"));
  CHECK_THAT(Complaint(Inputs({"a.npy", "--no-follow"})), Catch::StartsWith("--no-follow is for"));
  CHECK_THAT(Complaint(Inputs({"a.npy", "b.jpg"})), Catch::Contains("give it alone"));
  CHECK_THAT(Complaint(Inputs({"a.npy", "--files-from", "l"})), Catch::Contains("give it alone"));
  CHECK_THAT(Complaint(Inputs({"photos", "--tensor", "x"})), Catch::Contains("--tensor x"));
  CHECK_THAT(Complaint(Inputs({})), Catch::Contains("no INPUT"));
}

TEST_CASE("lists of pictures are as the options say", "[cli]") {
  const auto source = Inputs({"p", "--ext", ".JPG,png", "--no-follow", "--shard", "2/3", "-0"});
  REQUIRE(source);
  CHECK(source->inputs.extensions == std::vector<std::string>{"jpg", "png"});
  CHECK(!source->inputs.follow_links);
  CHECK(source->inputs.null_separated);
  CHECK(source->shard.index == 2);
  CHECK(source->shard.count == 3);
  CHECK(Inputs({"p"})->shard.count == 1);
  CHECK_THAT(Complaint(Inputs({"p", "--shard", "4/3"})), Catch::StartsWith("--shard"));
  CHECK_THAT(Complaint(Inputs({"p", "--num-shards", "3"})), Catch::StartsWith("--num-shards"));
}

TEST_CASE("an output's format is its extension's or its option's", "[cli]") {
  CHECK(Output({"-o", "x.npy"})->format == "npy");
  CHECK(Output({"-o", "x.npy", "--format", "raw"})->format == "raw");
  const auto output = Output({"-o", "x.RAW", "--force", "--state-out", "s.npz"});
  REQUIRE(output);
  CHECK(output->format == "raw");
  CHECK(output->overwrite);
  CHECK(output->state_out == "s.npz");
  CHECK_THAT(Complaint(Output({})), Catch::Contains("-o OUT"));
  CHECK(Output({"-o", "x.jpg"}).error().setting == "output.format");
  CHECK_THAT(Complaint(Output({"-o", "x", "--format", "npyy"})), Catch::Contains("did you mean"));
  CHECK_THAT(Complaint(Output({"-o", "x.npy", "--manifest", "-"})),
             Catch::Contains("--manifest -: it takes a file"));
}

TEST_CASE("what is measured is as the options say", "[cli]") {
  CHECK(!Measures({})->numbers.histogram);
  const auto stats = Measures({"--percentiles", "--weight", "image", "--ignore-value", "0,nan"});
  REQUIRE(stats);
  CHECK(stats->numbers.histogram);
  CHECK(stats->numbers.percentiles.size() == 7);
  CHECK(stats->numbers.weight == PixelWeight::kImage);
  CHECK(stats->filter.ignore_values.size() == 2);
  for (const Words& words :
       {Words{"--weight", "row"}, Words{"--std-of", "x"}, Words{"--ddof", "2"},
        Words{"--scale", "0"}, Words{"--percentiles", "101"}, Words{"--ignore-value", "x"},
        Words{"--per-image", "-"}, Words{"--sample", "0"}, Words{"--until", "1"},
        Words{"--mask-dir", "/no/such"}}) {
    CAPTURE(words[0]);
    CHECK_THAT(Complaint(Measures(words)), Catch::StartsWith(words[0]));
  }
  CHECK_THAT(Complaint(Measures({"--until", "0.1", "--sample", "3"})), Catch::Contains("--sample"));
  CHECK_THAT(Complaint(Measures({"--until", "0.1"}, /*sharded=*/true)), Catch::Contains("--shard"));
}

}  // namespace imnorm::cli
