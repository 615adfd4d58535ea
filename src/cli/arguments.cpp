#include "cli/arguments.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>

#include "cli/help.h"
#include "cli/parse_values.h"
#include "cli/spaced_lists.h"
#include "imnorm/output.h"

// CLI11 is included by this file only: its headers cost static initialisers in each.

namespace imnorm::cli {
namespace {

// Help that begins with examples.
class ExamplesFirst : public CLI::Formatter {
 public:
  ExamplesFirst() { column_width(30); }

  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override {
    const std::string help = CLI::Formatter::make_help(app, std::move(name), mode);
    return mode == CLI::AppFormatMode::Normal ? ExamplesOf(app->get_name()) + help : help;
  }
};

// A number option, read as it is written: CLI11 takes -3 for 2^64 - 3 where a count is wanted, and
// 010 for 8.
template <typename T, typename Target>
CLI::Option* AddNumber(CLI::App& app, const char* name, Target& target, const char* text) {
  const auto set = [&target, name](const std::string& given) {
    const auto number = ParseNumber<T>(given);
    if (!number) throw CLI::ValidationError(name, number.error().message);
    target = *number;
  };
  return app.add_option_function<std::string>(name, set, text);
}

void AddInputs(CLI::App& app, Arguments& a) {
  app.add_option("INPUT", a.inputs.inputs, "Files and folders (folders are read recursively)")
      ->take_all();
  app.add_option("--files-from", a.inputs.files_from, "Read paths from FILE, or - for stdin")
      ->type_name("FILE");
  app.add_flag("-0,--null", a.inputs.null_separated, "--files-from is separated by NUL");
  app.add_option("--ext", a.inputs.extensions, "Only these extensions in folders: jpg,png")
      ->type_name("LIST")
      ->delimiter(',')
      ->take_all()
      ->allow_extra_args(false);  // what follows is an INPUT
  app.add_option("--exclude", a.inputs.exclude, "Leave out names, paths or folders/ (repeatable)")
      ->type_name("GLOB")
      ->take_all()
      ->allow_extra_args(false);
  app.add_option("--tensor", a.tensor, "Which tensor of a .npz or .safetensors INPUT")
      ->type_name("NAME");
  app.add_flag_callback(
      "--no-follow", [&a] { a.inputs.follow_links = false; }, "Leave out links to folders");
  app.add_option("--shard", a.shard, "Only part I of N of the list, or auto for a cluster's own")
      ->type_name("I/N");
  AddNumber<uint64_t>(app, "--num-shards", a.num_shards,
                      "N for --shard auto where the cluster does not say")
      ->type_name("N");
}

void AddGeometry(CLI::App& app, Arguments& a) {
  app.add_option("--preset", a.preset, "A preset's name or a model's config file")
      ->type_name("NAME|FILE");
  app.add_option("--config", a.config, "A printed plan or a manifest; flags go over it")
      ->type_name("FILE");
  app.add_option("--resize", a.resize,
                 "N (short edge), N,max:M, WxH, long:N, letterbox:WxH or none")
      ->type_name("SIZE");
  app.add_option("--filter", a.filter, "nearest|box|bilinear|hamming|bicubic|lanczos|area")
      ->type_name("NAME");
  app.add_option("--crop", a.crop, "Centre crop: N, WxH or none")->type_name("SIZE");
  app.add_option("--fill", a.fill, "Colour of pads: black, white or #rrggbb")->type_name("COLOUR");
  app.add_option("--like", a.like, "torchvision|hf|hf-fast|timm|opencv|keras")->type_name("LIB");
  AddNumber<int>(app, "--pillow", a.pillow, "Resize as Pillow 13 does (default), or as up to 12")
      ->type_name("12|13");
  app.add_option("--exif", a.exif, "Orientation: auto|apply|ignore")->type_name("WHAT");
  app.add_option("--alpha", a.alpha, "drop|white|black|#rrggbb (stats: also mask)")
      ->type_name("WHAT");
  app.add_option("--channels", a.channels, "rgb|bgr|gray (stats: also native)")->type_name("WHAT");
  AddNumber<int>(app, "--depth", a.depth, "8, or 16 to keep 16-bit samples")->type_name("BITS");
  AddNumber<int64_t>(app, "--max-pixels", a.max_pixels, "Refuse larger pictures (178956970)")
      ->type_name("N");
  app.add_flag("--fast-decode", a.fast_decode,
               "Reduce large JPEGs while decoding: faster, not the same pixels");
  app.add_flag("--print-plan", a.print_plan, "Print the resolved plan as JSON and stop");
}

void AddValues(CLI::App& app, Arguments& a) {
  app.add_option("--mean", a.mean, "Mean of each channel, on the [0,1] scale")->type_name("A,B,C");
  app.add_option("--std", a.std, "Standard deviation of each channel")->type_name("A,B,C");
  app.add_option("--stats", a.stats, "Take mean and std from stats.json, or measure them: auto")
      ->type_name("FILE|auto");
  AddNumber<double>(app, "--scale", a.scale, "Samples are divided by this (default 255)")
      ->type_name("F");
  app.add_option("--method", a.method, "given|batch|layer|instance|group|none")->type_name("NAME");
  app.add_option("--dtype", a.dtype, "float32|float16|bfloat16|uint8|int8")->type_name("TYPE");
  AddNumber<double>(app, "--qscale", a.qscale, "uint8, int8: quantisation step")->type_name("F");
  AddNumber<int>(app, "--qzero", a.qzero, "uint8, int8: zero point")->type_name("N");
  app.add_option("--layout", a.layout, "nchw|nhwc")->type_name("NAME");
  AddNumber<int64_t>(app, "--batch-size", a.batch_size, "batch: pictures a batch; 0 is all as one")
      ->type_name("N");
  app.add_flag("--drop-last", a.drop_last, "batch: leave out a last batch that is not full");
  AddNumber<int>(app, "--groups", a.groups, "group: number of channel groups")->type_name("G");
  AddNumber<double>(app, "--eps", a.eps, "Added to variances (1e-5)")->type_name("F");
  app.add_option("--affine", a.affine, "weight and bias: .safetensors or .npz")->type_name("FILE");
  app.add_option("--gamma", a.gamma, "weight, one a channel")->type_name("LIST");
  app.add_option("--beta", a.beta, "bias, one a channel")->type_name("LIST");
  app.add_option("--momentum", a.momentum, "Of running statistics: a number or none")
      ->type_name("M");
  app.add_option("--state-in", a.state_in, "Running statistics to start from")->type_name("FILE");
  app.add_option("--state-out", a.state_out, "Where to write running statistics")
      ->type_name("FILE");
  app.add_flag("--eval", a.eval, "Normalise by the running statistics");
  app.add_flag("--denormalize", a.denormalize, "The inverse: x * std + mean");
  app.add_option("--report-norm", a.report_norm, "Write the means and variances used, as JSON")
      ->type_name("FILE");
}

void AddOutput(CLI::App& app, Arguments& a) {
  app.add_option("-o,--output", a.output,
                 "The tensor file: .npy, .safetensors or .raw; -: raw on stdout")
      ->type_name("OUT");
  app.add_option("--format", a.format,
                 fmt::format("{}, whatever OUT's extension", fmt::join(FormatNames(), "|")))
      ->type_name("NAME");
  app.add_option("--manifest", a.manifest, "Where the manifest goes (OUT.manifest.json)")
      ->type_name("FILE");
  app.add_flag("--force", a.force, "Overwrite OUT");
  app.add_flag("--dry-run", a.dry_run, "Say what would be done, write nothing");
}

void AddMeasures(CLI::App& app, Arguments& a) {
  app.add_flag("--histogram", a.histogram, "Histograms, percentiles, skewness and kurtosis");
  app.add_option("--percentiles", a.percentiles, "These percentiles too: 2.5,97.5")
      ->type_name("LIST")
      ->expected(0, 1);
  app.add_flag("--per-class", a.per_class, "Also by top folder");
  app.add_option("--per-image", a.per_image, "A line a picture: .jsonl or .csv")->type_name("FILE");
  app.add_option("--weight", a.weight, "pixel|image: what counts the same")->type_name("WHAT");
  AddNumber<int>(app, "--ddof", a.ddof, "0: population, 1: sample")->type_name("N");
  app.add_option("--std-of", a.std_of, "pooled|image-mean")->type_name("WHAT");
  AddNumber<double>(app, "--scale", a.scale, "Samples are divided by this (default 255)")
      ->type_name("F");
  app.add_option("--ignore-value", a.ignore_value,
                 "Pixels of this value do not count: V or R,G,B; none: declared nodata counts too")
      ->type_name("V");
  app.add_option("--mask-dir", a.mask_dir, "Masks by the same relative name; nonzero counts")
      ->type_name("DIR");
  AddNumber<uint64_t>(app, "--sample", a.sample, "Only N pictures, chosen by --seed")
      ->type_name("N");
  AddNumber<uint64_t>(app, "--seed", a.seed, "Of --sample and --until (0)")->type_name("S");
  AddNumber<double>(app, "--until", a.until,
                    "Go on in random order until mean and std are this sure")
      ->type_name("REL");
}

void AddStatsOutput(CLI::App& app, Arguments& a) {
  app.add_option("-o,--output", a.output, "Write the JSON here; -: stdout")->type_name("FILE");
  app.add_option("--emit", a.emit, "json|torchvision|hf|timm|opencv|openvino|csv on stdout")
      ->type_name("WHAT");
  app.add_flag("--force", a.force, "Overwrite FILE");
}

void AddConduct(CLI::App& app, Arguments& a) {
  AddNumber<int>(app, "-j,--threads", a.threads, "Threads (default: the CPUs there are)")
      ->type_name("N");
  app.add_flag("--strict", a.strict, "Stop at the first bad input");
  app.add_option("--jpeg", a.jpeg, "auto|turbo: which JPEG decoder; the bytes are the same")
      ->type_name("WHICH");
  app.add_option("--progress", a.progress, "auto|always|never")->type_name("WHEN");
}

void AddLoudness(CLI::App& app, Arguments& a) {
  app.add_flag("-q,--quiet", a.quiet, "Errors only");
  app.add_flag("-v,--verbose", a.verbose, "Also notes on good pictures");
}

constexpr const char* kCommands = "stats, merge, normalize or presets";

// What is wrong where a command should stand; empty if one stands there, or an option.
std::string CommandTrouble(const CLI::App& app, int argc, const char* const* argv) {
  if (argc < 2) return fmt::format("no command: {} (--help shows examples)", kCommands);
  const std::string_view word = argv[1];
  if (word.starts_with('-')) return "";
  std::vector<std::string> names;
  for (const CLI::App* sub : app.get_subcommands({})) {
    if (sub->get_name() == word) return "";
    names.push_back(sub->get_name());
  }
  const std::string nearest = NearestWord(word, names);
  return fmt::format("unknown command \"{}\": {}it takes {}", word,
                     nearest.empty() ? "" : fmt::format("did you mean \"{}\"? ", nearest),
                     kCommands);
}

// The nearest known spelling of the first unknown option, as a hint.
std::string Suggestion(const CLI::App& app, int argc, const char* const* argv) {
  const auto used = app.get_subcommands();
  const CLI::App* command = used.empty() ? &app : used.front();
  std::vector<std::string> names;
  for (const CLI::Option* option : command->get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  for (int i = 1; i < argc; ++i) {
    const std::string word = std::string(argv[i]).substr(0, std::string(argv[i]).find('='));
    if (!word.starts_with("--") || std::count(names.begin(), names.end(), word) > 0) continue;
    const std::string nearest = NearestWord(word, names);
    if (!nearest.empty()) return fmt::format("; did you mean {}?", nearest);
  }
  return "";
}

}  // namespace

Result<std::variant<Arguments, Answer>> ParseArguments(int argc, const char* const* argv) {
  Arguments a;
  CLI::App app("imnorm: exact image preprocessing and dataset statistics", "imnorm");
  app.set_version_flag("-V,--version", [] { return VersionText(); });
  app.require_subcommand(1);
  // As everywhere else: what a script or an alias says first can be said again.
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  const auto formatter = std::make_shared<ExamplesFirst>();
  app.formatter(formatter);

  CLI::App* stats = app.add_subcommand("stats", "Per-channel statistics of pictures, as JSON");
  CLI::App* merge = app.add_subcommand("merge", "Add the statistics of shards");
  CLI::App* normalize = app.add_subcommand("normalize", "Pictures to one normalised NCHW tensor");
  CLI::App* presets = app.add_subcommand("presets", "List the presets, or print one as JSON");
  // Only the command that is used gets its options: making all of them costs more than all else
  // that --version does.
  const std::string_view used = argc > 1 ? argv[1] : "";
  if (used == "stats") {
    AddInputs(*stats, a);
    AddGeometry(*stats, a);
    AddMeasures(*stats, a);
    AddStatsOutput(*stats, a);
    AddConduct(*stats, a);
    AddLoudness(*stats, a);
  } else if (used == "merge") {
    merge->add_option("PARTIAL", a.inputs.inputs, "Files that stats --shard I/N wrote")
        ->take_all()
        ->required();
    merge->add_flag("--allow-missing", a.allow_missing, "Merge although shards are missing");
    AddStatsOutput(*merge, a);
    AddLoudness(*merge, a);
  } else if (used == "normalize") {
    AddInputs(*normalize, a);
    AddGeometry(*normalize, a);
    AddValues(*normalize, a);
    AddOutput(*normalize, a);
    AddConduct(*normalize, a);
    AddLoudness(*normalize, a);
  } else if (used == "presets") {
    presets->add_option("NAME", a.preset_name, "A preset");
  }

  for (CLI::App* command : {stats, merge, normalize, presets}) command->formatter(formatter);

  if (std::string trouble = CommandTrouble(app, argc, argv); !trouble.empty()) {
    return Fail(ErrorCode::kBadArgument, std::move(trouble));
  }
  if (std::string trouble = SpacedListTrouble(argc, argv); !trouble.empty()) {
    return Fail(ErrorCode::kBadArgument, std::move(trouble));
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    const auto commands = app.get_subcommands();
    return Answer{commands.empty() ? app.help() : commands.front()->help("imnorm")};
  } catch (const CLI::CallForVersion& version) {
    return Answer{std::string(version.what()) + "\n"};
  } catch (const CLI::RequiredError& error) {
    const std::string what = app.get_subcommands().empty()
                                 ? fmt::format("{}: a command comes first: {}", argv[1], kCommands)
                                 : error.what();
    return Fail(ErrorCode::kBadArgument, what + Suggestion(app, argc, argv));
  } catch (const CLI::ParseError& error) {
    return Fail(ErrorCode::kBadArgument, error.what() + Suggestion(app, argc, argv));
  }
  a.command = app.got_subcommand(stats)       ? Command::kStats
              : app.got_subcommand(merge)     ? Command::kMerge
              : app.got_subcommand(normalize) ? Command::kNormalize
                                              : Command::kPresets;
  for (std::string& extension : a.inputs.extensions) {
    for (char& c : extension) c = char(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    if (extension.starts_with('.')) extension.erase(0, 1);
  }
  if ((used == "stats" || used == "merge") && a.output == "-") {
    if (!a.emit.empty() && a.emit != "json") {
      return Fail(ErrorCode::kBadArgument, "-o - and --emit both write to stdout: leave out one");
    }
    a.output.clear();
    a.emit = "json";
  }
  // --percentiles without a value asks for the usual ones.
  if (used == "stats" && stats->count("--percentiles") > 0 && a.percentiles.empty()) {
    a.percentiles = "1,5,25,50,75,95,99";
  }
  return a;
}

}  // namespace imnorm::cli
