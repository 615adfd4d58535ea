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
