// Which rows a comparison, or a lint, would have somebody look at.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "imnorm/compare.h"
#include "imnorm/error.h"
#include "imnorm/inputs.h"

namespace imnorm::cli {

// The rows that the JSON of imnorm compare (the worst, then the first that differs) or the JSON
// lines of imnorm verify (by level) name, each once, the worst first.
//
// Rules:    pictures are known by their paths, in `pictures` or among the names of `rows`
// Errors:   kBadConfig: it is neither, or names none of these rows; kNotFound, kIo
Result<std::vector<uint64_t>> WorstRows(const std::string& file, const ComparedSide& rows,
                                        const InputList& pictures);

}  // namespace imnorm::cli
