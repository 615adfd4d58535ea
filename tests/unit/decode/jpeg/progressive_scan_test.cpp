// Damage in the data of progressive scans: none is called done, and none has other bytes.
#include "decode/jpeg/progressive_scan.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "support/jpeg_compare.h"
#include "support/jpeg_segments.h"

namespace imnorm::jpeg_judge {
namespace {

Recipe Plain(Scans scans = Scans::kUsual) {
  return {.width = 120, .height = 64, .progressive = true, .scans = scans, .noise = 40};
}

File WithRestarts(Scans scans = Scans::kUsual) {
  Recipe recipe = Plain(scans);
  recipe.restart_interval = 5;
  return Encode(recipe);
}

std::string ReasonFor(const File& file) {
  jpeg::Decoder decoder;
  const Comparison found = Compare(decoder, file);
  CHECK(found.complaint == "");
  return found.fallback;
}

// Offset of the i-th restart marker of the n-th scan.
size_t FindRestart(const File& file, int n, int i) {
  const size_t scan = FindScan(file, n);
  const size_t end = EndOfScan(file, scan);
  for (size_t at = scan + SegmentSize(file, scan); at < end; ++at) {
    if (file[at] == 0xff && file[at + 1] != 0 && i-- == 0) return at;
  }
  FAIL("no such restart marker");
  return 0;
}

}  // namespace

TEST_CASE("a progressive file cut anywhere is never called done", "[jpeg][progressive]") {
  jpeg::Decoder decoder;
  for (const bool restarts : {false, true}) {
    const File file = Encode(
        {.width = 60, .height = 50, .restart_interval = restarts ? 2 : 0, .progressive = true});
    for (size_t size = 0; size < file.size(); ++size) {
      PictureConsumer consumer;
      const auto outcome = decoder.Decode({file.data(), size}, 3, kManyPixels, consumer);
      CHECK_FALSE(outcome.done);
      CHECK_FALSE(outcome.fallback.empty());
    }
  }
}

TEST_CASE("a scan cut anywhere is never called done", "[jpeg][progressive]") {
  jpeg::Decoder decoder;
  for (const Scans scans : {Scans::kUsual, Scans::kBands}) {
    const File file = Encode({.width = 60, .height = 50, .progressive = true, .scans = scans});
    for (int n = 0; n < 10; ++n) {
      const size_t scan = FindScan(file, n);
      const size_t end = EndOfScan(file, scan);
      for (size_t cut = scan + SegmentSize(file, scan); cut < end; ++cut) {
        File damaged = file;
        Erase(damaged, cut, end);
        CHECK_FALSE(ReasonFor(damaged).empty());
      }
    }
  }
}

TEST_CASE("bytes behind the end of a progressive image are not looked at", "[jpeg][progressive]") {
  jpeg::Decoder decoder;
  for (const File& tail : {File{0}, File{0xff, 0xd8, 0xff}, File(100000, 0xff)}) {
    File file = Encode(Plain());
    file.insert(file.end(), tail.begin(), tail.end());
    const Comparison found = Compare(decoder, file);
    CHECK(found.fast);
    CHECK(found.complaint == "");
  }
}

TEST_CASE("a missing, wrong or superfluous restart marker of any scan is left to libjpeg-turbo",
          "[jpeg][progressive]") {
  const File sound = WithRestarts();
  REQUIRE(ReasonFor(sound) == "");
  for (int n = 0; n < 10; ++n) {
    const size_t at = FindRestart(sound, n, 2);
    File wrong = sound;
    wrong[at + 1] ^= 1;
    CHECK(ReasonFor(wrong) == "restart marker missing");
    File missing = sound;
    Erase(missing, at, at + 2);
    CHECK_FALSE(ReasonFor(missing).empty());
    File twice = sound;
    Insert(twice, at, {0xff, sound[at + 1]});
    CHECK_FALSE(ReasonFor(twice).empty());
    File last = sound;
    Insert(last, EndOfScan(last, FindScan(last, n)), {0xff, 0xd0});
    CHECK(ReasonFor(last) == "restart marker out of place");
  }
}

TEST_CASE("a restart marker without an interval is left to libjpeg-turbo", "[jpeg][progressive]") {
  File file = Encode(Plain());
  Insert(file, EndOfScan(file, FindScan(file, 3)), {0xff, 0xd0});
  CHECK(ReasonFor(file) == "restart marker out of place");
}

TEST_CASE("bytes left over at the end of any scan are left to libjpeg-turbo",
          "[jpeg][progressive]") {
  for (int n = 0; n < 10; ++n) {
    for (const size_t count : {size_t{1}, size_t{50000}}) {
      File file = Encode(Plain());
      const size_t end = EndOfScan(file, FindScan(file, n));
      file.insert(file.begin() + ptrdiff_t(end), count, uint8_t{0x55});
      CHECK(ReasonFor(file) == "bits left over");
    }
  }
}

TEST_CASE("padding of a scan that is not ones is left to libjpeg-turbo", "[jpeg][progressive]") {
  // Some picture's scan ends in padding: look for one where its last bit is.
  for (int width = 8; width < 80; ++width) {
    File file = Encode({.width = width, .height = 8, .components = 1, .progressive = true});
    file[EndOfScan(file, FindScan(file, 0)) - 1] ^= 1;
    if (ReasonFor(file) == "padding that is not ones") return;
  }
  FAIL("no picture with padding");
}

TEST_CASE("every bit of the data changed decodes to libjpeg-turbo's bytes or not at all",
          "[jpeg][progressive]") {
  jpeg::Decoder decoder;
  int fast = 0;
  std::set<std::string> reasons;
  for (const Scans scans : kAllScans) {
    const File sound = Encode({.width = 24,
                               .height = 16,
                               .h = 2,
                               .v = 2,
                               .quality = 70,
                               .restart_interval = 3,
                               .progressive = true,
                               .scans = scans});
    for (size_t at = FindScan(sound, 0); at < sound.size(); ++at) {
      for (int bit = 0; bit < 8; ++bit) {
        File file = sound;
        file[at] ^= uint8_t(1 << bit);
        const Comparison found = Compare(decoder, file);
        CHECK(found.complaint == "");
        fast += found.fast;
        reasons.insert(found.fallback);
      }
    }
  }
  CHECK(fast > 1000);
  for (const char* reason :
       {"bad entropy-coded data", "entropy-coded data cut short", "bits left over",
        "blocks that end past their interval", "blocks that end past the picture",
        "restart marker missing", "restart marker out of place", "scans missing",
        "scans out of order", "coefficients out of range"}) {
    INFO(reason);
    CHECK(reasons.count(reason) == 1);
  }
}

}  // namespace imnorm::jpeg_judge
