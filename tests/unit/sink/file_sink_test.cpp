// Files of rows behind a header: npy, safetensors, raw.
#include "sink/file_sink.h"

#include <cstring>
#include <thread>

#include "imnorm/tensor.h"
#include "support/folder.h"
#include "unit/sink/rows_into.h"

namespace imnorm {
namespace {

RowBlock Block(uint64_t row, const void* data) {
  return {row, 1, static_cast<const uint8_t*>(data), {}};
}

}  // namespace

TEST_CASE("rows written in any order by any thread stand where they belong", "[sink]") {
  for (const auto& [name, format, header] : {std::tuple{"t.npy", "npy", true},
                                             {"t.safetensors", "safetensors", true},
                                             {"t.raw", "raw", false}}) {
    CAPTURE(name);
    const Folder folder;
    const auto sink = OpenAt(folder / name, format, ElementType::kF32);
    REQUIRE(sink->any_order());
    REQUIRE(sink->Start({3, 2}, 8));
    const auto row_of = [](int row) { return std::vector<float>(6, float(row)); };
    for (int row = 0; row < 6; ++row) {
      REQUIRE(sink->Follow(Block(uint64_t(row), row_of(row).data())));
    }
    const auto write = [&](int first) {
      for (int row = first; row >= 0; row -= 2) {
        const std::vector<float> values = row_of(row);
        if (!sink->Write(Block(uint64_t(row), values.data()))) std::abort();
      }
    };
    std::thread odd(write, 5);
    write(4);
    odd.join();
    End(*sink, 6);
    std::vector<float> values(36);
    if (header) {
      const TensorFile file = TensorFile::Open(folder / name).value();
      CHECK(file.type() == ElementType::kF32);
      CHECK(file.shape() == std::vector<int64_t>{6, 3, 2});
      REQUIRE(file.Read(0, 36, values.data()));
    } else {
      const std::string bytes = ReadBytes(folder / name);
      REQUIRE(bytes.size() == 144);
      std::memcpy(values.data(), bytes.data(), 144);
    }
    for (size_t i = 0; i < 36; ++i) REQUIRE(values[i] == float(i / 6));
  }
}

TEST_CASE("fewer rows than were reserved make a shorter file, not a padded one", "[sink]") {
  const Folder folder;
  const auto sink = OpenAt(folder / "t.npy", "npy", ElementType::kU8);
  REQUIRE(sink->Start({10}, 1000));
  Put(*sink, 0, "0123456789");
  End(*sink, 1);
  const std::string bytes = ReadBytes(folder / "t.npy");
  CHECK(bytes.size() % 64 == 10);
  CHECK(bytes.ends_with("0123456789"));
  CHECK(TensorFile::Open(folder / "t.npy")->shape() == std::vector<int64_t>{1, 10});
}

TEST_CASE("every element type goes through every format that has it", "[sink]") {
  const Folder folder;
  for (const ElementType dtype : {ElementType::kF32, ElementType::kF16, ElementType::kBF16,
                                  ElementType::kU8, ElementType::kI8}) {
    for (const std::string format : {"npy", "safetensors"}) {
      CAPTURE(format, int(dtype));
      OutputOptions output;
      output.path = folder / "t." + format;
      output.format = format;
      output.overwrite = true;
      const auto sink = OpenSink(output, dtype);
      if (dtype == ElementType::kBF16 && format == "npy") {
        REQUIRE_FALSE(sink);
        CHECK(sink.error().code == ErrorCode::kBadArgument);
        CHECK(sink.error().message.find("safetensors") != std::string::npos);
        continue;
      }
      REQUIRE(sink);
      REQUIRE((*sink)->Start({1, 1, 2}, 1));
      Put(**sink, 0, "01234567");
      End(**sink, 1);
      const auto file = TensorFile::Open(output.path);
      REQUIRE(file);
      CHECK(file->type() == dtype);
      CHECK(file->shape() == std::vector<int64_t>{1, 1, 1, 2});
    }
  }
}

TEST_CASE("a header has room for the longest shape there can be", "[sink]") {
  const Folder folder;
  for (const char* format : {"npy", "safetensors"}) {
    const std::string path = folder / "t." + format;
    const auto sink = OpenAt(path, format, ElementType::kF32);
    // Five dimensions of the largest side; no rows, so that no disk is needed.
    REQUIRE(sink->Start({1 << 24, 1, 1 << 24, 1}, 0));
    End(*sink, 0);
    CHECK(ReadBytes(path).find("16777216") != std::string::npos);
  }
}

}  // namespace imnorm
