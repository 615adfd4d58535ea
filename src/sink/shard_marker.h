// What stands beside a shard that is whole and on disk: a line of JSON.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sink/tensor_sink.h"

namespace imnorm {

std::string MarkerText(uint64_t first_row, const WrittenFile& shard);

// Reads the marker of a shard by the shard's path; none where there is no sound one.
std::optional<WrittenFile> ReadMarker(const std::string& shard);

}  // namespace imnorm
