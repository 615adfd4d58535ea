// A sink opened, filled and published as a run does it.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "sink/formats.h"

namespace imnorm {

inline std::unique_ptr<TensorSink> OpenAt(const std::string& path, const std::string& format,
                                          ElementType dtype, const TensorFacts& facts = {}) {
  OutputOptions output;
  output.path = path;
  output.format = format;
  return OpenSink(output, dtype, {}, facts).value();
}

// Follows and writes one row.
inline void Put(TensorSink& sink, uint64_t row, const void* data, const RowInfo* info = nullptr) {
  const std::span<const RowInfo> infos(info, info == nullptr ? 0 : 1);
  const RowBlock block = {row, 1, static_cast<const uint8_t*>(data), infos};
  REQUIRE(sink.Follow(block));
  REQUIRE(sink.Write(block));
}

inline void End(TensorSink& sink, uint64_t rows) {
  REQUIRE(sink.Seal(rows));
  std::vector<DurableFile> none;
  REQUIRE(sink.Publish(none));
}

}  // namespace imnorm
