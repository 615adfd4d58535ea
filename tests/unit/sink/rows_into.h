// A sink opened, filled and published as a run does it.
#pragma once

#include <catch2/catch.hpp>
#include <cstdint>
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

// A sink of packed rows of four bytes, of pictures that have 2, 1 and 3 of them.
inline void PutPacked(TensorSink& sink) {
  REQUIRE(sink.Start({4}, 5));
  const char* const data[] = {"abcdefgh", "ijkl", "mnopqrstuvwx"};
  const RowInfo infos[] = {{.key = "cat/a.png", .label = 0, .rows = 2, .numbers = {1, 2, 1, 5}},
                           {.key = "dog/b.png", .label = 1, .rows = 1, .numbers = {1, 1, 1, 5}},
                           {.key = "cat/c.png", .label = 0, .rows = 3, .numbers = {1, 1, 3, 5}}};
  uint64_t row = 0;
  RowBlock blocks[3];
  for (uint64_t i = 0; i < 3; ++i) {
    blocks[i] = {row, infos[i].rows, reinterpret_cast<const uint8_t*>(data[i]), {&infos[i], 1}, i};
    row += infos[i].rows;
    REQUIRE(sink.Follow(blocks[i]));
  }
  for (const int i : {2, 0, 1}) REQUIRE(sink.Write(blocks[i]));
}

inline TensorFacts PackedInto() {
  TensorFacts facts;
  facts.classes = {"cat", "dog"};
  facts.packed = PackedFacts{"pixel_values", {{"image_grid_thw", 3}, {"image_merge_sizes", 1}}};
  return facts;
}

inline void End(TensorSink& sink, uint64_t rows) {
  REQUIRE(sink.Seal(rows));
  std::vector<DurableFile> none;
  REQUIRE(sink.Publish(none));
}

}  // namespace imnorm
