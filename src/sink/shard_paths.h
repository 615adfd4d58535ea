// The names of an output that is cut into shards: out.npy -> out-000000.npy, out-000001.npy, ...
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "imnorm/error.h"
#include "imnorm/output.h"

namespace imnorm {

// The name of one shard: its number stands in front of OUT's extension.
std::string ShardPath(const std::string& path, uint64_t number);

// Beside a shard that is whole and on disk stands its marker, a line of JSON.
inline std::string MarkerPath(const std::string& shard) { return shard + ".done"; }

// Refuses an output of which a shard stands already, whatever its number.
//
// Errors:   kBadArgument, unless it may be overwritten
Result<void> CheckShards(const OutputOptions& output);

// Removes the shards from `first` on that an earlier run left, and their markers.
//
// Errors:   kIo
Result<void> RemoveShardsFrom(const std::string& path, uint64_t first);

}  // namespace imnorm
