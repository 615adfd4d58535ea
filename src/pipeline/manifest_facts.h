// What the manifest beside a tensor says of its rows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "imnorm/error.h"
#include "imnorm/plan.h"

namespace imnorm {

struct ManifestFacts {
  std::optional<Plan> plan;
  std::vector<std::string> row_names;  // the picture of each row; empty where some are not told
};

// Reads tensor.manifest.json; none where there is none, or it tells of a file of another size.
//
// Errors:   kIo; kBadConfig: what has its name is no manifest, or a damaged one
Result<std::optional<ManifestFacts>> ReadManifestFacts(const std::string& tensor);

}  // namespace imnorm
