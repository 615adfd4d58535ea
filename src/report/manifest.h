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

// base64 (RFC 4648) of a path that is not UTF-8.
std::string Base64(std::string_view bytes);

// True where `text` is well-formed UTF-8.
bool IsUtf8(std::string_view text);

}  // namespace imnorm
