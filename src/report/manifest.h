// The manifest beside a tensor: which picture is which row, and what was done to it.
#pragma once

#include <string>

#include "imnorm/inputs.h"
#include "imnorm/output.h"
#include "imnorm/plan.h"
#include "imnorm/report.h"

namespace imnorm {

// Writes OUT.manifest.json (schema imnorm.manifest/1), streaming: a row an input.
//
// Rules:    nothing in it depends on threads, CPU or time
// Errors:   kIo
Result<void> WriteManifest(const OutputOptions& output, const Plan& plan, JpegDecoder jpeg,
                           const InputList& list, ShardRange range, const RunReport& report);

}  // namespace imnorm
