// Tar records: what fits a header, and what needs one of pax in front.
#include "sink/tar_records.h"

#include <catch2/catch.hpp>

namespace imnorm {
namespace {

unsigned StoredSum(const std::string& header) {
  return unsigned(std::stoul(header.substr(148, 6), nullptr, 8));
}

unsigned SumOf(std::string header) {
  header.replace(148, 8, 8, ' ');
  unsigned sum = 0;
  for (size_t i = 0; i < kTarBlock; ++i) sum += uint8_t(header[i]);
  return sum;
}

}  // namespace

TEST_CASE("a short name and size are one record with its checksum", "[sink]") {
  const std::string header = TarHeader("cat/a.npy", 1234);
  REQUIRE(header.size() == kTarBlock);
  CHECK(std::string(header.c_str()) == "cat/a.npy");
  CHECK(std::stoul(header.substr(124, 11), nullptr, 8) == 1234);
  CHECK(header[156] == '0');
  CHECK(StoredSum(header) == SumOf(header));
}

TEST_CASE("a long name and a large size stand in a pax record before it", "[sink]") {
  const std::string name(300, 'n');
  for (const auto& [header, record] :
       {std::pair(TarHeader(name, 1), " path=" + name + "\n"),
        std::pair(TarHeader("a", uint64_t{1} << 40), std::string(" size=1099511627776\n"))}) {
    REQUIRE(header.size() >= 3 * kTarBlock);
    CHECK(header.size() % kTarBlock == 0);
    CHECK(header[156] == 'x');
    CHECK(StoredSum(header) == SumOf(header));
    const size_t found = header.find(record);
    REQUIRE(found != std::string::npos);
    // A record begins with its own length in decimals.
    const size_t begin = header.rfind('\0', found) + 1;
    CHECK(std::stoul(header.substr(begin)) == found - begin + record.size());
    const std::string last = header.substr(header.size() - kTarBlock);
    CHECK(StoredSum(last) == SumOf(last));
  }
}

TEST_CASE("bytes are padded to whole records", "[sink]") {
  CHECK(TarPadding(0) == 0);
  CHECK(TarPadding(1) == 511);
  CHECK(TarPadding(512) == 0);
}

}  // namespace imnorm
