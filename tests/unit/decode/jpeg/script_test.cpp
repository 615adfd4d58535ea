// What scan headers and the segments between scans may say.
#include "decode/jpeg/script.h"

#include <catch2/catch.hpp>
#include <string>

#include "support/jpeg_compare.h"
#include "support/jpeg_segments.h"

namespace imnorm::jpeg_judge {
namespace {

// libjpeg's own script for colour has ten scans.
File Plain(Scans scans = Scans::kUsual) {
  return Encode({.width = 40, .height = 24, .h = 2, .v = 2, .progressive = true, .scans = scans});
}

// Why a file is left to libjpeg-turbo; whatever it makes of it, ours must not differ.
std::string ReasonFor(const File& file) {
  jpeg::Decoder decoder;
  const Comparison found = Compare(decoder, file);
  CHECK(found.complaint == "");
  return found.fallback;
}

// Sets the byte `offset` bytes into the n-th scan header's body.
std::string WithByte(int n, size_t offset, uint8_t value) {
  File file = Plain();
  file[FindScan(file, n) + 4 + offset] = value;
  return ReasonFor(file);
}

std::string WithSegmentBetween(uint8_t marker, const std::string& body) {
  File file = Plain();
  Insert(file, FindScan(file, 2), Segment(marker, body));
  return ReasonFor(file);
}

}  // namespace

TEST_CASE("the script gives each scan's band, bits and bytes", "[jpeg][progressive]") {
  const File file = Plain();
  jpeg::Header header;
  jpeg::Script script;
  REQUIRE(jpeg::ReadHeader(file, header).empty());
  CHECK(header.progressive);
  CHECK(header.first_scan == FindScan(file, 0));
  REQUIRE(jpeg::ReadScript(file, header, script).empty());
  REQUIRE(script.count == 10);
  const jpeg::ScanSpec& dc = script.scans[0];
  CHECK(dc.is_dc());
  CHECK_FALSE(dc.refines());
  CHECK(dc.count == 3);
  CHECK(dc.low_bits == 1);
  CHECK(dc.begin == FindScan(file, 0) + SegmentSize(file, FindScan(file, 0)));
  const jpeg::ScanSpec& last = script.scans[9];
  CHECK(last.count == 1);
  CHECK(last.component[0] == 0);
  CHECK(last.begin_k == 1);
  CHECK(last.last_k == 63);
  CHECK(last.refines());
  CHECK(last.low_bits == 0);
  CHECK(last.end == file.size() - 2);
}

TEST_CASE("a progressive file without all of its scans is left to libjpeg-turbo",
          "[jpeg][progressive]") {
  for (const Scans scans : kAllScans) {
    const File whole = Plain(scans);
    REQUIRE(ReasonFor(whole) == "");
    jpeg::Header header;
    jpeg::Script script;
    REQUIRE(jpeg::ReadHeader(whole, header).empty());
    REQUIRE(jpeg::ReadScript(whole, header, script).empty());
    const int count = int(script.count);
    for (int n = 0; n < count; ++n) {
      File cut = whole;
      Erase(cut, FindScan(cut, n), cut.size() - 2);
      CHECK(ReasonFor(cut) == (n == 0 ? "header cut short" : "scans missing"));
      File without = whole;
      Erase(without, FindScan(without, n),
            n + 1 < count ? FindScan(without, n + 1) : whole.size() - 2);
      CHECK_FALSE(ReasonFor(without).empty());
    }
  }
}

TEST_CASE("what is unusual in a progressive scan header is named", "[jpeg][progressive]") {
  CHECK(WithByte(0, 0, 4) == "scan header of odd length");
  CHECK(WithByte(0, 0, 2) == "scan header of odd length");
  CHECK(WithByte(0, 0, 0) == "scan header of odd length");
  CHECK(WithByte(0, 1, 9) == "components out of order");
  CHECK(WithByte(0, 3, 1) == "components out of order");
  CHECK(WithByte(0, 2, 0x40) == "scan without its tables");
  CHECK(WithByte(0, 2, 0x20) == "scan without its tables");
  CHECK(WithByte(0, 2, 0x04) == "scan without its tables");
  CHECK(WithByte(1, 2, 0x02) == "scan without its tables");
  CHECK(WithByte(0, 8, 5) == "unusual progression");     // DC and AC in one scan
  CHECK(WithByte(0, 9, 0x0e) == "unusual progression");  // Al past 13
  CHECK(WithByte(0, 9, 0x31) == "unusual progression");  // not one bit
  CHECK(WithByte(1, 3, 6) == "unusual progression");     // a band that ends before it begins
  CHECK(WithByte(1, 4, 64) == "unusual progression");    // or past 63
  CHECK(WithByte(1, 5, 0x04) == "unusual progression");  // more planes than are kept
  CHECK(WithByte(1, 4, 6) == "scans out of order");      // overlaps a later band
  CHECK(WithByte(1, 5, 0x01) == "scans out of order");
  CHECK(WithByte(5, 5, 0x32) == "scans out of order");
  CHECK(WithByte(9, 5, 0x00) == "scans out of order");  // a first scan again
}

TEST_CASE("an AC scan before its component's DC is left to libjpeg-turbo", "[jpeg][progressive]") {
  // The third component's three DC scans, behind all others.
  File file = Plain(Scans::kDcApart);
  File moved;
  for (const int n : {8, 5, 2}) {
    const size_t begin = FindScan(file, n);
    const size_t end = EndOfScan(file, begin);
    moved.insert(moved.begin(), file.begin() + ptrdiff_t(begin), file.begin() + ptrdiff_t(end));
    Erase(file, begin, end);
  }
  Insert(file, file.size() - 2, moved);
  CHECK(ReasonFor(file) == "scans out of order");
}

TEST_CASE("more scans than any encoder writes are left to libjpeg-turbo", "[jpeg][progressive]") {
  File file = Plain();
  const size_t last = FindScan(file, 9);
  const File scan(file.begin() + ptrdiff_t(last), file.end() - 2);
  for (int i = 0; i < 16; ++i) Insert(file, file.size() - 2, scan);
  CHECK(ReasonFor(file) == "scans out of order");
  // Bands of one coefficient: 3 + 63 scans in all, in order.
  file = Plain(Scans::kDcApart);
  const size_t band = FindScan(file, 9);  // the first AC scan of luma
  File one(file.begin() + ptrdiff_t(band), file.begin() + ptrdiff_t(FindScan(file, 10)));
  Erase(file, band, file.size() - 2);
  for (int k = 1; k <= 63; ++k) {
    one[4 + 3] = one[4 + 4] = uint8_t(k);
    one[4 + 5] = 0;
    Insert(file, file.size() - 2, one);
  }
  CHECK(ReasonFor(file) == "many scans");
}

TEST_CASE("what is unusual between scans is named", "[jpeg][progressive]") {
  CHECK(WithSegmentBetween(0xfe, "comment") == "");
  CHECK(WithSegmentBetween(0xe1, "Exif") == "");
  CHECK(WithSegmentBetween(0xdd, std::string("\0\0", 2)) == "");
  CHECK(WithSegmentBetween(0xdd, "\x01") == "restart interval of odd length");
  CHECK(WithSegmentBetween(0xe0, "JFIF") == "marker of colour between scans");
  CHECK(WithSegmentBetween(0xee, "Adobe") == "marker of colour between scans");
  CHECK(WithSegmentBetween(0xdb, std::string("\0", 1) + std::string(64, '\x10')) ==
        "unusual marker between scans");
  CHECK(WithSegmentBetween(0xc4, std::string("\x03", 1) + std::string(16, '\0')) == "");
  CHECK(WithSegmentBetween(0xc4, "\x05") == "unusual Huffman table");
  CHECK(WithSegmentBetween(0xc2, "") == "unusual marker between scans");
  File file = Plain();
  Insert(file, FindScan(file, 2), {0xff});
  CHECK(ReasonFor(file) == "bytes between segments");
  file = Plain();
  Insert(file, FindScan(file, 2), {0});
  CHECK_FALSE(ReasonFor(file).empty());
}

TEST_CASE("a progressive header cut anywhere is left to libjpeg-turbo", "[jpeg][progressive]") {
  const File file = Plain();
  for (size_t size = 0; size < file.size(); ++size) {
    jpeg::Header header;
    jpeg::Script script;
    const std::span<const uint8_t> cut(file.data(), size);
    jpeg::Reason reason = jpeg::ReadHeader(cut, header);
    if (reason.empty()) reason = jpeg::ReadScript(cut, header, script);
    CHECK_FALSE(reason.empty());
  }
}

}  // namespace imnorm::jpeg_judge
