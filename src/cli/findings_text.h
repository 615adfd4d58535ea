// The findings of imnorm verify, for people and for programs.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "imnorm/verify.h"

namespace imnorm::cli {

// By kind, the gravest first, each with its first pictures.
std::string FindingsTable(const VerifyResult& result, size_t width, bool all);

// A JSON object a line: path, kind, level, text, other.
std::string FindingsJson(const VerifyResult& result);

// The same with a line of names first.
std::string FindingsCsv(const VerifyResult& result);

// The paths that have findings of a kind, each once, ended by `end`.
std::string FindingPaths(const VerifyResult& result, FindingKind kind, char end);

// "18 findings: 17 odd_size, 1 gray".
std::string FindingsSummary(const VerifyResult& result);

// The gravest level found.
std::optional<FindingLevel> WorstLevel(const VerifyResult& result);

}  // namespace imnorm::cli
