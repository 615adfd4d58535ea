// The table of settings and flags, and messages put into its words.
#include "cli/flags.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace imnorm::cli {
namespace {

// By setting. A part of one, "resize.width", has the flag of the whole.
constexpr std::pair<std::string_view, std::string_view> kFlags[] = {
    {"alpha", "--alpha"},
    {"channels", "--channels"},
    {"conduct.isolate", "--isolate"},
    {"conduct.jpeg", "--jpeg"},
    {"conduct.memory", "--memory"},
    {"conduct.png", "--png"},
    {"conduct.strict", "--strict"},
    {"conduct.threads", "-j"},
    {"conduct.timeout", "--timeout"},
    {"crop", "--crop"},
    {"denormalize", "--denormalize"},
    {"depth", "--depth"},
    {"exif", "--exif"},
    {"fast_decode", "--fast-decode"},
    {"fill", "--fill"},
    {"icc", "--icc"},
    {"layer.affine_file", "--affine"},
    {"layer.batch_size", "--batch-size"},
    {"layer.beta", "--beta"},
    {"layer.drop_last", "--drop-last"},
    {"layer.eps", "--eps"},
    {"layer.eval", "--eval"},
    {"layer.gamma", "--gamma"},
    {"layer.groups", "--groups"},
    {"layer.momentum", "--momentum"},
    {"layer.state_in", "--state-in"},
    {"layer.state_prefix", "--state-prefix"},
    {"layout", "--layout"},
    {"like", "--like"},
    {"max_pixels", "--max-pixels"},
    {"measure.histogram", "--histogram"},
    {"measure.ignore_value", "--ignore-value"},
    {"measure.mask_dir", "--mask-dir"},
    {"measure.percentiles", "--percentiles"},
    {"measure.write_checksums", "--write-checksums"},
    {"merge.allow_missing", "--allow-missing"},
    {"method", "--method"},
    {"output.format", "--format"},
    {"output.manifest", "--manifest"},
    {"output.overwrite", "--force"},
    {"output.path", "-o"},
    {"output.report_norm", "--report-norm"},
    {"output.resume", "--resume"},
    {"output.manifest_fd", "--manifest-fd"},
    {"measure.resume", "--resume"},
    {"output.shard_size", "--shard-size"},
    {"output.split", "--split"},
    {"output.state_out", "--state-out"},
    {"preset", "--preset"},
    {"resize", "--resize"},
    {"resize.engine", "--like"},
    {"resize.filter", "--filter"},
    {"resize.pillow", "--pillow"},
    {"source.checksums", "--checksums"},
    {"source.files_from", "--files-from"},
    {"source.frame", "--frame"},
    {"source.null_separated", "--null"},
    {"source.shard", "--shard"},
    {"source.input_layout", "--input-layout"},
    {"source.tensor", "--tensor"},
    {"values.dtype", "--dtype"},
    {"values.float_scale", "--scale"},
    {"values.low", "--scale"},
    {"values.mean", "--mean"},
    {"values.opencv", "--opencv"},
    {"values.qscale", "--qscale"},
    {"values.qzero", "--qzero"},
    {"values.scale", "--scale"},
    {"values.std", "--std"},
};

}  // namespace

std::string_view FlagOf(std::string_view setting) {
  const auto* found = std::ranges::find(kFlags, setting, [](const auto& row) { return row.first; });
  if (found != std::end(kFlags)) return found->second;
  const size_t part = setting.rfind('.');
  return part == std::string_view::npos ? "" : FlagOf(setting.substr(0, part));
}

std::vector<std::string_view> FlagsOfSettings() {
  std::vector<std::string_view> flags;
  for (const auto& [setting, flag] : kFlags) flags.push_back(flag);
  return flags;
}

std::string InFlags(std::string_view text) {
  std::string spoken;
  while (true) {
    const size_t open = text.find('`');
    const size_t close = open == std::string_view::npos ? open : text.find('`', open + 1);
    if (close == std::string_view::npos) return spoken.append(text);
    const std::string_view flag = FlagOf(text.substr(open + 1, close - open - 1));
    if (flag.empty()) {  // no setting: the second backtick may open one
      spoken.append(text.substr(0, close));
      text.remove_prefix(close);
    } else {
      spoken.append(text.substr(0, open)).append(flag);
      text.remove_prefix(close + 1);
    }
  }
}

std::string Spoken(const Error& error) {
  std::string text = InFlags(error.message);
  const std::string_view flag = FlagOf(error.setting);
  // What a file says wrong is mended there.
  if (flag.empty() || error.code == ErrorCode::kBadConfig || text.find(flag) != std::string::npos)
    return text;
  return fmt::format("{} ({})", text, flag);
}

}  // namespace imnorm::cli
