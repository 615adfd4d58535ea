// One line a format.
#include "sink/formats.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "io/path_ending.h"
#include "sink/npy_sink.h"
#include "sink/npz_sink.h"
#include "sink/raw_sink.h"
#include "sink/safetensors_sink.h"
#include "sink/sharded_sink.h"
#include "sink/wds_sink.h"

namespace imnorm {
namespace {

constexpr const SinkFormat* kFormats[] = {
    &kNpyFormat, &kSafetensorsFormat, &kRawFormat, &kNpzFormat, &kWdsFormat,
};

template <typename Keep>
std::vector<std::string_view> NamesOf(const Keep& keep) {
  std::vector<std::string_view> names;
  for (const SinkFormat* format : kFormats) {
    if (keep(*format)) names.push_back(format->name);
  }
  return names;
}

// "a, b and c"
std::string Enumerate(const std::vector<std::string_view>& words) {
  if (words.size() < 2) return words.empty() ? "" : std::string(words.front());
  return fmt::format("{} and {}", fmt::join(words.begin(), words.end() - 1, ", "), words.back());
}

}  // namespace

std::span<const SinkFormat* const> SinkFormats() { return kFormats; }

const SinkFormat* FindFormat(std::string_view name) {
  const auto found =
      std::ranges::find_if(kFormats, [&](const SinkFormat* f) { return f->name == name; });
  return found == std::end(kFormats) ? nullptr : *found;
}

std::vector<std::string_view> FormatNames() {
  return NamesOf([](const SinkFormat&) { return true; });
}

std::vector<std::string_view> StreamedFormats() {
  return NamesOf([](const SinkFormat& format) { return format.streams; });
}

Result<std::string> FormatOfPath(const std::string& path) {
  std::vector<std::string_view> known;
  for (const SinkFormat* format : kFormats) {
    for (const std::string_view extension : format->extensions) {
      if (HasEnding(path, extension)) return std::string(format->name);
    }
    known.push_back(format->extensions.front());
  }
  return Blame(
      "output.format",
      fmt::format("{}: no format goes with this extension ({} do); name one with `output.format`",
                  path, fmt::join(known, ", ")));
}

Result<std::unique_ptr<TensorSink>> OpenSink(const OutputOptions& output, ElementType dtype,
                                             const Stop& stop, const TensorFacts& facts) {
  const SinkFormat* format = FindFormat(output.format);
  if (format == nullptr) {
    return Blame("output.format",
                 fmt::format("{}: there is no format \"{}\"", output.path, output.format));
  }
  if (!format->takes(dtype)) {
    const auto others = NamesOf([&](const SinkFormat& other) { return other.takes(dtype); });
    return Blame("output.format",
                 fmt::format("{}: .{} has no {}; `output.format` {} have", output.path,
                             format->name, ElementTypeName(dtype), Enumerate(others)));
  }
  if (output.to_stdout() && !format->streams) {
    return Fail(ErrorCode::kBadArgument,
                fmt::format("-: standard output takes {} only", Enumerate(StreamedFormats())));
  }
  if (facts.packed && facts.packed->optional && (!format->packs || output.sharded())) {
    TensorFacts rows = facts;
    rows.packed.reset();
    return OpenSink(output, dtype, stop, rows);
  }
  if (facts.packed && !format->packs) {
    const auto others = NamesOf([](const SinkFormat& other) { return other.packs; });
    return Blame("output.format",
                 fmt::format("{}: .{} has rows of one shape a picture, here each has many patches; "
                             "`output.format` {} hold them",
                             output.path, format->name, Enumerate(others)));
  }
  if (facts.packed && output.sharded()) {
    return Blame("output.shard_size",
                 fmt::format("{}: pictures have many patches each, shards a number of rows; "
                             "`source.shard` I/N cuts the list of pictures",
                             output.path));
  }
  if (output.sharded()) return OpenSharded(*format, output, dtype, stop, facts);
  return format->open(output, dtype, stop, facts);
}

}  // namespace imnorm
