// The registry of output formats, and what holds for each of them.
#include "sink/formats.h"

#include "io/xxh3.h"
#include "support/folder.h"
#include "unit/sink/rows_into.h"

namespace imnorm {
namespace {

std::string HashOf(const std::string& bytes) {
  Xxh3 hash;
  hash.Update(bytes.data(), bytes.size());
  return hash.Hex();
}

}  // namespace

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
