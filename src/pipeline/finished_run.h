// Whether an output that is to be resumed is done already.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "imnorm/output.h"
#include "imnorm/report.h"

namespace imnorm {

// The report of a run of this head (see JournalHead) whose output and manifest stand under their
// names, from the manifest; none: there is no such run, or the output is to be written over.
//
// Rules:    its failures come in the order of the list, without their indices; it has no records
std::optional<RunReport> FinishedRun(const OutputOptions& output,
                                     const nlohmann::ordered_json& head);

}  // namespace imnorm
