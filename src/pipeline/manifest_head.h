// What a manifest says before its rows.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "imnorm/error.h"

namespace imnorm {

// Reads a manifest but for its items, of which there may be millions.
//
// Errors:   kNotFound, kIo; kBadConfig: no manifest, or one whose head is none
Result<nlohmann::ordered_json> ReadManifestHead(const std::string& path);

}  // namespace imnorm
