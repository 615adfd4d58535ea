// The manifests of shards, I/N of one list, as one.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "imnorm/error.h"

namespace imnorm {

// So much of a manifest's text holds its schema, the first of its members.
constexpr size_t kManifestBeginning = 256;

// Whether a text begins as a manifest does.
bool IsManifest(std::string_view text);

struct MergedManifest {
  uint64_t rows = 0;
  uint64_t failed = 0;
};

// Joins manifests that say of which part of one list they are, whatever their order.
//
// Rules:    rows are numbered through; `shards` names the tensor of each part, beside which its
//           manifest stood, in the order of the rows. Everything else that tensors have in common
//           must be the same. One part is in memory at a time
// Errors:   kBadConfig: a file that is no manifest, parts that differ (in what), that overlap, or
//           of which one is missing, unless `allow_missing`; kIo
Result<MergedManifest> MergeManifests(const std::vector<std::string>& paths, bool allow_missing,
                                      const std::function<Result<void>(std::string_view)>& write);

}  // namespace imnorm
