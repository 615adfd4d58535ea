// A TIFF's tags, in either byte order, whole and cut anywhere.
#include "decode/tiff_directory.h"

#include <catch2/catch.hpp>

namespace imnorm {
namespace {

// A classic TIFF whose directory stands first and whose values follow it.
class Tiff {
 public:
  explicit Tiff(bool big_endian) : big_(big_endian) {}

  void Short(int tag, uint16_t value) {
    std::string bytes = Number(value, 2);
    Entry(tag, 3, 1, bytes + std::string(2, '\0'));
  }
  void Longs(int tag, const std::vector<uint32_t>& values) {
    std::string bytes;
    for (const uint32_t value : values) bytes += Number(value, 4);
    Entry(tag, 4, uint32_t(values.size()), bytes);
  }
  void Text(int tag, const std::string& text) { Entry(tag, 2, uint32_t(text.size()), text); }

  std::vector<uint8_t> Bytes() const {
    std::string out = (big_ ? "MM" : "II") + Number(42, 2) + Number(8, 4);
    out += Number(uint32_t(entries_.size()), 2);
    uint32_t at = uint32_t(8 + 2 + 12 * entries_.size() + 4);
    std::string values;
    for (const auto& [head, value] : entries_) {
      out += head;
      if (value.size() <= 4) {
        out += value + std::string(4 - value.size(), '\0');
      } else {
        out += Number(at + uint32_t(values.size()), 4);
        values += value;
      }
    }
    out += Number(0, 4) + values;
    return {out.begin(), out.end()};
  }

 private:
  std::string Number(uint32_t value, int bytes) const {
    std::string out;
    for (int i = 0; i < bytes; ++i) out += char(uint8_t(value >> 8 * (big_ ? bytes - 1 - i : i)));
    return out;
  }
  void Entry(int tag, int type, uint32_t count, const std::string& value) {
    const std::string head = Number(uint32_t(tag), 2) + Number(uint32_t(type), 2);
    entries_.emplace_back(head + Number(count, 4), value);
  }

  bool big_;
  std::vector<std::pair<std::string, std::string>> entries_;
};

Tiff Example(bool big_endian) {
  Tiff tiff(big_endian);
  tiff.Short(256, 640);
  tiff.Short(257, 480);
  tiff.Longs(273, {1000, 2000, 3000});
  tiff.Text(42113, std::string("-9999", 6));
  return tiff;
}

}  // namespace

TEST_CASE("tags are read in either byte order", "[decode]") {
  for (const bool big_endian : {false, true}) {
    CAPTURE(big_endian);
    const std::vector<uint8_t> bytes = Example(big_endian).Bytes();
    const TiffDirectory directory(bytes);
    CHECK(directory.Number(256, 0) == 640);
    CHECK(directory.Number(273, 0, 2) == 3000);
    CHECK(directory.Number(273, 7, 3) == 7);
    CHECK(directory.Number(258, 9) == 9);
    CHECK(directory.Has(273));
    CHECK_FALSE(directory.Has(258));
    CHECK(directory.Bytes(42113).size() == 6);
    CHECK(directory.Nodata() == -9999.0);
    CHECK(directory.CountDirectories() == 1);
  }
}

TEST_CASE("a value that is not in the file is no value, wherever the file ends", "[decode]") {
  const std::vector<uint8_t> bytes = Example(false).Bytes();
  for (size_t length = 0; length < bytes.size(); ++length) {
    CAPTURE(length);
    const std::vector<uint8_t> cut(bytes.begin(), bytes.begin() + int64_t(length));
    const TiffDirectory directory(cut);
    CHECK_FALSE(directory.Has(42113));
    CHECK_FALSE(directory.Nodata());
    CHECK(directory.Bytes(42113).empty());
  }
}

TEST_CASE("a chain of directories that bites its tail has an end", "[decode]") {
  std::vector<uint8_t> bytes = Example(false).Bytes();
  bytes[8 + 2 + 12 * 4] = 8;  // the next one is this one
  CHECK(TiffDirectory(bytes).CountDirectories() >= 1);
}

}  // namespace imnorm
