// Tensors of files of all kinds, described as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "cli/inspect_file.h"
#include "imnorm/error.h"
#include "imnorm/stop.h"

namespace imnorm::cli {

// The tensors of a .npy, .npz or .safetensors file, with the plan that its manifest or metadata
// have.
Result<void> AddTensors(const std::string& path, const Stop& stop, nlohmann::ordered_json& out);

// Elements alone.
Result<void> AddRaw(const std::string& path, const RawShape& raw, const Stop& stop,
                    nlohmann::ordered_json& out);

// The arrays of a WebDataset tar: one tensor for all samples of one type and shape.
//
// Errors:   kUnsupported: no array in it
Result<void> AddSamples(const std::string& path, const Stop& stop, nlohmann::ordered_json& out);

}  // namespace imnorm::cli
