// Statistics on their way out.
#include "cli/deliver_statistics.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>
#include <vector>

#include "cli/answer.h"
#include "cli/flags.h"
#include "cli/standard_streams.h"
#include "cli/terminal.h"
#include "imnorm/plan.h"
#include "imnorm/words.h"
#include "io/path_ending.h"

namespace imnorm::cli {
namespace {

Result<void> Publish(DurableFile file, std::vector<DurableFile> sides) {
  return PublishTogether(file, sides);
}

Result<void> WriteFile(const std::string& text, const DeliveryArguments& a, DurableFile file,
                       std::vector<DurableFile> sides) {
  auto written = Result<void>();
  if (file.is_open()) {
    written =
        file.WriteAt(0, text.data(), text.size()).and_then([&] { return file.Seal(text.size()); });
  } else if (!a.stands) {  // what stands an earlier run wrote
    written = WriteWholeFile(a.output, text, a.force);
  }
  return written ? Publish(std::move(file), std::move(sides)) : written;
}

// Says what the numbers leave out: not every form of them has a place for it.
void TellNonfinite(const Totals& totals, Console& console) {
  const NonfiniteCounts& counts = totals.nonfinite();
  if (counts.pixels == 0) return;
  console.PrintInfo(fmt::format("{} pixel{} in {} input{} held NaN or infinities and {} left out",
                                counts.pixels, counts.pixels == 1 ? "" : "s", counts.inputs,
                                counts.inputs == 1 ? "" : "s",
                                counts.pixels == 1 ? "was" : "were"));
}

Result<void> WriteToStdout(const Totals& totals, const DeliveryArguments& a, EmitFormat format,
                           bool failures, Console& console) {
  if (a.emit.empty() && isatty(STDOUT_FILENO) == 1) {
    return WriteText(InFlags(StatsTable(totals, {TerminalWidth(STDOUT_FILENO), failures})));
  }
  TellNonfinite(totals, console);
  const auto text = EmitStats(totals, format);
  return text ? WriteText(*text) : Failed(text);
}

}  // namespace

void AddDelivery(Options& options, DeliveryArguments& a) {
  options.Text({"-o,--output", "FILE", "Write JSON here, or CSV as .csv; -: JSON on stdout"},
               a.output);
  options.Text({"--emit", "WHAT", "json|torchvision|hf|timm|opencv|openvino|csv on stdout"},
               a.emit);
  options.Flag({"--force", "", "Overwrite FILE"}, a.force);
}

Result<DeliveryArguments> ResolveDelivery(const DeliveryArguments& a) {
  if (a.output != "-") return a;
  if (!a.emit.empty() && a.emit != "json") {
    return Fail(ErrorCode::kBadArgument, "-o - and --emit both write to stdout: leave out one");
  }
  return DeliveryArguments{"", "json", a.force, false};
}

Result<DurableFile> PrepareDelivery(const DeliveryArguments& a) {
  if (!a.emit.empty()) {
    if (auto format = EmitFormatFromName(a.emit); !format) {
      const std::string nearest = NearestWord(a.emit, WordTexts<EmitFormat>());
      if (!nearest.empty()) {
        format.error().message += fmt::format("; did you mean \"{}\"?", nearest);
      }
      return Prefixed("--emit", std::move(format.error()));
    }
  }
  if (a.output.empty()) return DurableFile();
  if (const char* closed = ClosedStream(a.output)) {
    return Fail(ErrorCode::kIo, fmt::format("{}: {} is closed", a.output, closed));
  }
  struct stat status;
  const bool stream =
      stat(a.output.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
  return stream ? DurableFile() : DurableFile::Create(a.output, a.force);
}

Result<void> Deliver(const Totals& totals, const DeliveryArguments& a, DurableFile file,
                     std::vector<DurableFile> sides, bool failures, Console& console) {
  EmitFormat format = EmitFormat::kJson;
  if (!a.emit.empty()) {
    auto named = EmitFormatFromName(a.emit);
    if (!named) return Failed(named);
    format = *named;
  }
  if (!a.output.empty()) {
    const bool csv = HasEnding(a.output, ".csv");
    const auto text = EmitStats(totals, csv ? EmitFormat::kCsv : EmitFormat::kJson);
    if (!text) return Failed(text);
    const auto written = WriteFile(*text, a, std::move(file), std::move(sides));
    if (!written || a.emit.empty()) {
      if (written) TellNonfinite(totals, console);
      return written;
    }
  }
  auto written = WriteToStdout(totals, a, format, failures, console);
  // Who closed the pipe has read what they wanted of it; the files they asked for, too.
  if (!written && written.error().code != ErrorCode::kCancelled) return written;
  auto published = Publish(DurableFile(), std::move(sides));
  return published ? written : published;
}

}  // namespace imnorm::cli
