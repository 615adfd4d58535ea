// Outputs in shards: which rows are where, and what stands when.
#include "sink/sharded_sink.h"

#include <nlohmann/json.hpp>

#include "imnorm/tensor.h"
#include "support/folder.h"
#include "unit/sink/rows_into.h"

namespace imnorm {
namespace {

OutputOptions InShards(const std::string& path, uint64_t rows, bool overwrite = false) {
  OutputOptions output;
  output.path = path;
  output.shard_size = rows;
  output.overwrite = overwrite;
  return output;
}

// Rows of one byte that count up.
void WriteRows(TensorSink& sink, uint64_t rows) {
  REQUIRE(sink.Start({1}, rows));
  for (uint64_t row = 0; row < rows; ++row) {
    const uint8_t value = uint8_t(row);
    Put(sink, row, &value);
  }
}

}  // namespace

TEST_CASE("rows fill one shard after another, each with its marker", "[sink]") {
  const Folder folder;
  const auto sink = OpenSink(InShards(folder / "x.npy", 4), ElementType::kU8).value();
  WriteRows(*sink, 10);
  // Before the run ends the full ones stand.
  CHECK(std::filesystem::exists(folder / "x-000001.npy"));
  CHECK_FALSE(std::filesystem::exists(folder / "x-000002.npy"));
  End(*sink, 10);
  const auto files = sink->files();
  REQUIRE(files.size() == 3);
  for (size_t shard = 0; shard < 3; ++shard) {
    CAPTURE(shard);
    const int64_t rows = shard < 2 ? 4 : 2;
    const auto file = TensorFile::Open(files[shard].path);
    REQUIRE(file);
    CHECK(file->shape() == std::vector<int64_t>{rows, 1});
    std::vector<uint8_t> values(static_cast<size_t>(rows));
    REQUIRE(file->Read(0, rows, values.data()));
    for (size_t row = 0; row < values.size(); ++row) CHECK(values[row] == shard * 4 + row);
    CHECK(files[shard].rows == uint64_t(rows));
    const std::string marker = ReadBytes(files[shard].path + ".done");
    const auto json = nlohmann::json::parse(marker);
    CHECK(marker.starts_with("{\"first_row\":"));
    CHECK(json["first_row"] == shard * 4);
    CHECK(json["rows"] == rows);
    CHECK(json["hash"] == "xxh3-128:" + files[shard].hash);
  }
}

TEST_CASE("a shard that stands is not overwritten unasked, and goes where it is asked", "[sink]") {
  const Folder folder;
  folder.Write("x-000005.npy", "old");
  CHECK_FALSE(OpenSink(InShards(folder / "x.npy", 4), ElementType::kU8));
  CHECK(ReadBytes(folder / "x-000005.npy") == "old");
  const auto sink = OpenSink(InShards(folder / "x.npy", 4, true), ElementType::kU8).value();
  WriteRows(*sink, 4);
  End(*sink, 4);
  CHECK_FALSE(std::filesystem::exists(folder / "x-000005.npy"));
  CHECK(std::filesystem::exists(folder / "x-000000.npy"));
}

}  // namespace imnorm
