// What a .safetensors output says beside its rows.
#include "sink/safetensors_sink.h"

#include <cstring>

#include "support/folder.h"
#include "tensor/tensor_layout.h"
#include "unit/sink/rows_into.h"

namespace imnorm {
namespace {

struct Read {
  std::string json, data;
  std::vector<SafetensorsEntry> entries;
};

Read ReadBack(const std::string& path) {
  const std::string bytes = ReadBytes(path);
  uint64_t length = 0;
  REQUIRE(bytes.size() >= 8);
  std::memcpy(&length, bytes.data(), 8);
  CHECK(length % 8 == 0);
  Read read = {bytes.substr(8, length), bytes.substr(8 + length), {}};
  auto entries = ParseSafetensorsHeader(read.json, read.data.size());
  REQUIRE(entries);
  read.entries = std::move(*entries);
  return read;
}

}  // namespace

TEST_CASE("labels stand behind the rows, aligned as torch wants them", "[sink]") {
  const Folder folder;
  TensorFacts facts;
  facts.classes = {"cat", "dog"};
  for (const uint64_t rows : {1, 2, 8}) {
    CAPTURE(rows);
    const std::string path = folder / std::to_string(rows);
    const auto sink = OpenAt(path, "safetensors", ElementType::kU8, facts);
    REQUIRE(sink->Start({3}, 9));
    for (uint64_t row = 0; row < rows; ++row) {
      const RowInfo info = {"cat/a.png", int64_t(row % 2)};
      Put(*sink, row, "abc", &info);
    }
    End(*sink, rows);
    const Read read = ReadBack(path);
    REQUIRE(read.entries.front().name == "images");
    CHECK(read.entries.front().layout.shape == std::vector<int64_t>{int64_t(rows), 3});
    const SafetensorsEntry& labels = read.entries.back();
    REQUIRE(labels.name == "labels");
    CHECK(labels.layout.offset % 8 == 0);
    CHECK(read.entries.size() == (rows * 3 % 8 == 0 ? 2u : 3u));
    for (uint64_t row = 0; row < rows; ++row) {
      int64_t label = -1;
      std::memcpy(&label, read.data.data() + labels.layout.offset + row * 8, 8);
      CHECK(label == int64_t(row % 2));
    }
  }
}

TEST_CASE("packed rows have their pictures' numbers as tensors behind them", "[sink]") {
  const Folder folder;
  const auto sink = OpenAt(folder / "t", "safetensors", ElementType::kU8, PackedInto());
  PutPacked(*sink);
  End(*sink, 6);
  const Read read = ReadBack(folder / "t");
  REQUIRE(read.entries.size() == 4);
  CHECK(read.data.starts_with("abcdefghijklmnopqrstuvwx"));
  const std::pair<std::string, std::vector<int64_t>> expected[] = {{"pixel_values", {6, 4}},
                                                                   {"image_grid_thw", {3, 3}},
                                                                   {"image_merge_sizes", {3}},
                                                                   {"labels", {3}}};
  for (size_t i = 0; i < 4; ++i) {
    CHECK(read.entries[i].name == expected[i].first);
    CHECK(read.entries[i].layout.shape == expected[i].second);
  }
  int64_t last = 0;
  std::memcpy(&last, read.data.data() + read.entries[1].layout.offset + 64, 8);
  CHECK(last == 3);
}

TEST_CASE("a format without a place for packed rows says which have one", "[sink]") {
  const Folder folder;
  OutputOptions output;
  for (const char* format : {"npy", "raw", "wds"}) {
    output.path = folder / "t";
    output.format = format;
    const auto sink = OpenSink(output, ElementType::kF32, {}, PackedInto());
    REQUIRE(!sink);
    CHECK(sink.error().setting == "output.format");
    CHECK(sink.error().message.find("safetensors and npz") != std::string::npos);
  }
  output.format = "npz";
  output.shard_size = 2;
  const auto sharded = OpenSink(output, ElementType::kF32, {}, PackedInto());
  REQUIRE(!sharded);
  CHECK(sharded.error().setting == "output.shard_size");
}

TEST_CASE("plan and hashes are metadata, whatever bytes are in them", "[sink]") {
  const Folder folder;
  TensorFacts facts;
  facts.metadata = {{"plan", "{\n  \"preset\": \"\xff\"\n}"}, {"tool", "imnorm"}};
  const auto sink = OpenAt(folder / "t", "safetensors", ElementType::kF32, facts);
  REQUIRE(sink->Start({1}, 1));
  const float one = 1;
  Put(*sink, 0, &one);
  End(*sink, 1);
  const Read read = ReadBack(folder / "t");
  CHECK(read.json.starts_with("{\"__metadata__\":{\"plan\":\"{\\n"));
  CHECK(read.json.find("\"tool\":\"imnorm\"},\"images\":{\"dtype\":\"F32\"") != std::string::npos);
}

}  // namespace imnorm
