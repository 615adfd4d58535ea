// The registry of output formats, and what holds for each of them.
#include "sink/formats.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <thread>

#include "imnorm/tensor.h"
#include "io/xxh3.h"
#include "support/folder.h"

namespace imnorm {
namespace {

std::unique_ptr<TensorSink> OpenAt(const std::string& path, const std::string& format,
                                   ElementType dtype) {
  OutputOptions output;
  output.path = path;
  output.format = format;
  return OpenSink(output, dtype).value();
}

RowBlock Block(uint64_t row, const void* data) {
  return {row, 1, static_cast<const uint8_t*>(data), {}};
}

// Follows and writes one row.
void Put(TensorSink& sink, uint64_t row, const void* data) {
  REQUIRE(sink.Follow(Block(row, data)));
  REQUIRE(sink.Write(Block(row, data)));
}

void End(TensorSink& sink, uint64_t rows) {
  REQUIRE(sink.Seal(rows));
  std::vector<DurableFile> none;
  REQUIRE(sink.Publish(none));
}

std::string HashOf(const std::string& bytes) {
  Xxh3 hash;
  hash.Update(bytes.data(), bytes.size());
  return hash.Hex();
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

TEST_CASE("a sink tells size and hash of what it wrote, also of fewer rows than foreseen",
          "[sink]") {
  for (const SinkFormat* format : SinkFormats()) {
    for (const uint64_t most : {2, 3}) {
      CAPTURE(format->name, most);
      const Folder folder;
      const std::string path = folder / "t";
      const auto sink = OpenAt(path, std::string(format->name), ElementType::kU8);
      REQUIRE(sink->Start({10}, most));
      Put(*sink, 0, "0123456789");
      Put(*sink, 1, "abcdefghij");
      End(*sink, 2);
      const std::string bytes = ReadBytes(path);
      const WrittenFile file = sink->files().front();
      CHECK(file.path == path);
      CHECK(file.bytes == bytes.size());
      CHECK(file.hash == HashOf(bytes));
    }
  }
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

TEST_CASE("a format has a name of its own, and its extensions lead to it in any case", "[sink]") {
  for (const SinkFormat* format : SinkFormats()) {
    CHECK(FindFormat(format->name) == format);
    REQUIRE_FALSE(format->extensions.empty());
    for (const std::string_view extension : format->extensions) {
      CHECK(FormatOfPath("a" + std::string(extension)) == format->name);
    }
  }
  CHECK(FormatOfPath("A.NPY") == "npy");
  CHECK(FormatNames().size() == SinkFormats().size());
  CHECK(FindFormat("hdf5") == nullptr);
}

TEST_CASE("an unknown extension is refused with those there are and the option that helps",
          "[sink]") {
  const auto unknown = FormatOfPath("a.jpg");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().setting == "output.format");
  for (const SinkFormat* format : SinkFormats()) {
    const std::string extension(format->extensions.front());
    CHECK(unknown.error().message.find(extension) != std::string::npos);
  }
}

TEST_CASE("what cannot go down a pipe is refused there, with what can", "[sink]") {
  for (const SinkFormat* format : SinkFormats()) {
    OutputOptions output;
    output.path = "-";
    output.format = format->name;
    const auto sink = OpenSink(output, ElementType::kU8);
    CHECK(sink.has_value() == format->streams);
    if (!sink) CHECK(sink.error().message.find("raw") != std::string::npos);
  }
}

}  // namespace imnorm
