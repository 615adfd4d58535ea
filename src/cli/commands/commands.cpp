// One line a command.
#include "cli/command.h"
#include "cli/commands/compare.h"
#include "cli/commands/completions.h"
#include "cli/commands/formats.h"
#include "cli/commands/help.h"
#include "cli/commands/inspect.h"
#include "cli/commands/merge.h"
#include "cli/commands/normalize.h"
#include "cli/commands/presets.h"
#include "cli/commands/preview.h"
#include "cli/commands/report.h"
#include "cli/commands/stats.h"
#include "cli/commands/verify.h"

namespace imnorm::cli {
namespace {

constexpr const Command* kCommands[] = {
    &kStats,   &kMerge,  &kNormalize, &kInspect, &kCompare,     &kVerify,
    &kPreview, &kReport, &kPresets,   &kFormats, &kCompletions, &kHelp,
};

}  // namespace

std::span<const Command* const> Commands() { return kCommands; }

}  // namespace imnorm::cli
