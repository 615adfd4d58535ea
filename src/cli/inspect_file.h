// What a file is and holds, as JSON: the work of imnorm inspect.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "imnorm/element_type.h"
#include "imnorm/error.h"
#include "imnorm/stop.h"

namespace imnorm::cli {

// What a file of elements alone cannot say itself.
struct RawShape {
  ElementType type;
  std::vector<int64_t> shape;
};

// An object with "path", "kind" (picture, npy, npz, safetensors, raw, wds, stats, manifest, plan)
// and what that kind has; tensors in "tensors".
//
// Errors:   kNotFound, kIo, kCorrupt; kUnsupported: a file of none of these kinds
Result<nlohmann::ordered_json> InspectFile(const std::string& path,
                                           const std::optional<RawShape>& raw, const Stop& stop);

// The same for a terminal of so many columns.
std::string InspectionTable(const nlohmann::ordered_json& file, size_t width);

}  // namespace imnorm::cli
