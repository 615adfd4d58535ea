#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "decode/jpeg/unstuff.h"
#include "support/each_target.h"

namespace imnorm::jpeg {
namespace {

bool Agrees(const std::vector<uint8_t>& in) {
  std::vector<uint8_t> expected(in.size() + kUnstuffSlack);
  std::vector<uint8_t> actual(in.size() + kUnstuffSlack + 8, 0x5a);
  const Unstuffed want = reference::Unstuff(in.data(), in.size(), expected.data());
  const Unstuffed got = Unstuff(in.data(), in.size(), actual.data());
  return got.read == want.read && got.written == want.written && got.at_marker == want.at_marker &&
         std::equal(expected.begin(), expected.begin() + ptrdiff_t(want.written), actual.begin()) &&
         std::all_of(actual.end() - 8, actual.end(), [](uint8_t v) { return v == 0x5a; });
}

}  // namespace

TEST_CASE("unstuffing equals its reference on every target and length", "[kernels][jpeg]") {
  ForEachTarget([] {
    std::mt19937 random(1);
    for (int length = 0; length <= 300; ++length) {
      for (const int one_in : {2, 9, 100}) {
        std::vector<uint8_t> in(static_cast<size_t>(length));
        for (auto& v : in) v = random() % uint32_t(one_in) ? uint8_t(random()) : 0xff;
        INFO("length " << length);
        REQUIRE(Agrees(in));  // mostly ends at a marker
        for (size_t i = 0; i + 1 < in.size(); ++i) {
          if (in[i] == 0xff) in[i + 1] = 0;
        }
        REQUIRE(Agrees(in));  // stuffed throughout
      }
    }
  });
}

TEST_CASE("unstuffing drops the zero behind an FF and stops at a marker", "[kernels][jpeg]") {
  ForEachTarget([] {
    const uint8_t in[] = {1, 0xff, 0, 2, 0, 0xff, 0xd9, 7};
    uint8_t out[sizeof in + kUnstuffSlack];
    const Unstuffed done = Unstuff(in, sizeof in, out);
    CHECK(done.read == 5);
    CHECK(done.at_marker);
    CHECK(std::vector<uint8_t>(out, out + done.written) == std::vector<uint8_t>{1, 0xff, 2, 0});
  });
}

TEST_CASE("an FF at the very end waits for what follows", "[kernels][jpeg]") {
  ForEachTarget([] {
    for (size_t length = 1; length < 200; ++length) {
      std::vector<uint8_t> in(length, 3);
      in.back() = 0xff;
      std::vector<uint8_t> out(length + kUnstuffSlack);
      const Unstuffed done = Unstuff(in.data(), in.size(), out.data());
      REQUIRE(done.read == length - 1);
      REQUIRE(done.written == length - 1);
      REQUIRE_FALSE(done.at_marker);
    }
  });
}

TEST_CASE("the first marker is found on every target, wherever it stands", "[kernels][jpeg]") {
  ForEachTarget([] {
    for (size_t length = 2; length < 200; ++length) {
      std::vector<uint8_t> in(length, 7);
      for (size_t i = 0; i + 1 < length; i += 3) in[i] = 0xff, in[i + 1] = 0;
      REQUIRE(FindMarker(in.data(), length) >= length - 1);
      for (size_t at = 0; at + 1 < length; ++at) {
        std::vector<uint8_t> marked = in;
        marked[at] = 0xff;
        marked[at + 1] = uint8_t(1 + at % 255);
        const size_t expected = reference::FindMarker(marked.data(), length);
        REQUIRE(expected <= at);
        REQUIRE(FindMarker(marked.data(), length) == expected);
      }
    }
  });
}

}  // namespace imnorm::jpeg
