// The formats that outputs have.
#pragma once

#include "sink/sink_format.h"

namespace imnorm {

// The first is what an output has whose extension and options say nothing.
std::span<const SinkFormat* const> SinkFormats();

// Null if there is none of this name.
const SinkFormat* FindFormat(std::string_view name);

// The names of those that may go down a pipe, the preferred one first.
std::vector<std::string_view> StreamedFormats();

// Opens an output before the slow work.
//
// Errors:   kBadArgument: the format has no such elements, or does not go down a pipe; and its own
Result<std::unique_ptr<TensorSink>> OpenSink(const OutputOptions& output, ElementType dtype,
                                             const Stop& stop = {}, const TensorFacts& facts = {});

}  // namespace imnorm
