// What a format for outputs is: one value, in its own file, and one line in formats.cpp.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "imnorm/output.h"
#include "imnorm/stop.h"
#include "sink/tensor_facts.h"
#include "sink/tensor_sink.h"

namespace imnorm {

struct SinkFormat {
  std::string_view name;
  std::span<const std::string_view> extensions;  // with their dot, in lower case
  bool (*takes)(ElementType type);
  bool streams;  // may go down a pipe
  bool packs;    // has a place for what stands beside packed rows
  // `stop` ends a wait for whoever reads a pipe.
  //
  // Errors:   as DurableFile::Create
  Result<std::unique_ptr<TensorSink>> (*open)(const OutputOptions& output, ElementType dtype,
                                              const Stop& stop, const TensorFacts& facts);
};

}  // namespace imnorm
