// An output cut into shards of so many rows, each a file of its own in the format of the whole.
#pragma once

#include <memory>

#include "sink/sink_format.h"

namespace imnorm {

// Rules:    a shard is under its name, with its marker, as soon as it is whole and synced, and
// stays
//           there whatever comes of the run: who waits for shards need not wait for the last. What
//           an earlier run left of an output that may be overwritten is gone by the end. One row a
//           shard are files a picture: they have no markers but a list of them, input_list.txt
// Errors:   kBadArgument: a shard stands already; those of the format
Result<std::unique_ptr<TensorSink>> OpenSharded(const SinkFormat& format,
                                                const OutputOptions& output, ElementType dtype,
                                                const Stop& stop, const TensorFacts& facts);

}  // namespace imnorm
