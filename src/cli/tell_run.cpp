// Failures, notes and progress on their way to the console.
#include "cli/tell_run.h"

#include <fmt/format.h>

#include "cli/memory_shortage.h"
#include "cli/signals.h"

namespace imnorm::cli {
namespace {

// Says what the list leaves out that a user may have meant: links to folders, patterns of --exclude
// that met nothing.
void TellList(const InputList& list, Console& console) {
  const auto links = [&](const std::vector<std::string>& paths, std::string_view one,
                         std::string_view several) {
    if (paths.empty()) return;
    const std::string more =
        paths.size() == 1 ? "" : fmt::format(" (and {} more)", paths.size() - 1);
    console.PrintWarning(
        fmt::format("{}{}: {}", paths.front(), more, paths.size() == 1 ? one : several));
  };
  links(list.links_read_before, "a link to a folder that is read already, not read again",
        "links to folders that are read already, not read again");
  links(list.links_left_out, "a link to a folder, left out by --no-follow",
        "links to folders, left out by --no-follow");
  for (const std::string& pattern : list.idle_excludes) {
    console.PrintWarning(fmt::format("--exclude \"{}\": nothing met it", pattern));
  }
}

}  // namespace

void ShowRunOn(Console& console, RunOptions& options) {
  StopInOrder();
  options.stop = [] { return StopSignal().load() != 0 || MemoryIsShort(); };
  options.on_failure = [&](const Failure& failure) { console.PrintFailure(failure); };
  if (console.verbose()) {
    options.on_note = [&](const Note& note) {
      console.PrintDetail(
          fmt::format("{}: {}", note.path, note.text.empty() ? NoteText(*note.kind) : note.text));
    };
  }
  options.progress = [&](uint64_t finished, uint64_t failed, uint64_t total) {
    console.ShowProgress(finished, failed, total);
  };
}

Result<Source> OpenSourceOn(Console& console, SourceOptions options) {
  options.inputs.on_found = [&](uint64_t found) { console.ShowListing(found); };
  auto source = OpenSource(options);
  if (!source) {
    console.EndProgress();
    return source;
  }
  if (!source->is_tensor()) console.EndListing(source->list().inputs.size());
  TellList(source->list(), console);
  return source;
}

void TellNothingFound(const SourceOptions& source, const RunReport& report, Console& console) {
  if (report.done > 0 || !report.failures.empty()) return;
  if (report.list_size > 0 && report.inputs == 0) {
    return console.PrintError(fmt::format("--shard {}/{}: none of the {} inputs is in it",
                                          source.shard.index, source.shard.count,
                                          report.list_size));
  }
  const InputOptions& inputs = source.inputs;
  const std::string where =
      inputs.inputs.size() == 1 && inputs.files_from.empty() ? inputs.inputs.front()
      : inputs.inputs.empty()                                ? "--files-from " + inputs.files_from
                              : fmt::format("{} INPUTs", inputs.inputs.size());
  std::string message = where + ": no picture found";
  if (report.passed_over > 0) {
    message += fmt::format("; {} other file{} passed over", report.passed_over,
                           report.passed_over == 1 ? " was" : "s were");
  }
  if (!inputs.extensions.empty()) message += "; --ext chooses the files";
  if (!inputs.exclude.empty()) message += "; --exclude leaves files out";
  console.PrintError(message);
}

}  // namespace imnorm::cli
