#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "decode/jpeg/upsample.h"
#include "support/each_target.h"

namespace imnorm::jpeg {
namespace {

constexpr int kMaxCount = 140;
constexpr size_t kGuard = 16;

struct Rows {
  std::vector<uint8_t> near;
  std::vector<uint8_t> far;
  const uint8_t* near_row;
  const uint8_t* far_row;
};

Rows RandomRows(std::mt19937& random, int offset) {
  Rows rows;
  rows.near.resize(size_t(kMaxCount + 2 * kUpsampleSlack + 8));
  rows.far.resize(rows.near.size());
  for (auto& v : rows.near) v = uint8_t(random() % 4 ? random() : 255);
  for (auto& v : rows.far) v = uint8_t(random() % 4 ? random() : 255);
  rows.near_row = rows.near.data() + kUpsampleSlack + offset;
  rows.far_row = rows.far.data() + kUpsampleSlack + offset;
  return rows;
}

// Runs a kernel and its twin into guarded buffers; compares `size` bytes and the guard.
template <typename Kernel, typename Twin>
bool Agrees(Kernel kernel, Twin twin, size_t size, size_t offset) {
  std::vector<uint8_t> expected(size);
  std::vector<uint8_t> actual(offset + size + kUpsampleSlack + kGuard, 0x5a);
  twin(expected.data());
  kernel(actual.data() + offset);
  return std::equal(expected.begin(), expected.end(), actual.begin() + ptrdiff_t(offset)) &&
         std::all_of(actual.begin(), actual.begin() + ptrdiff_t(offset),
                     [](uint8_t v) { return v == 0x5a; }) &&
         std::all_of(actual.end() - kGuard, actual.end(), [](uint8_t v) { return v == 0x5a; });
}

}  // namespace

TEST_CASE("upsampling equals its reference on every target, width and alignment",
          "[kernels][jpeg]") {
  ForEachTarget([] {
    std::mt19937 random(5);
    for (int count = 1; count <= kMaxCount; ++count) {
      const int offset = count % 7;
      const Rows rows = RandomRows(random, offset);
      INFO("count " << count);
      REQUIRE(Agrees([&](uint8_t* out) { UpsampleRow(rows.near_row, count, out); },
                     [&](uint8_t* out) { reference::UpsampleRow(rows.near_row, count, out); },
                     size_t(2 * count), size_t(offset)));
      REQUIRE(Agrees(
          [&](uint8_t* out) { UpsampleRows(rows.near_row, rows.far_row, count, out); },
          [&](uint8_t* out) { reference::UpsampleRows(rows.near_row, rows.far_row, count, out); },
          size_t(2 * count), size_t(offset)));
      for (const int bias : {1, 2}) {
        REQUIRE(
            Agrees([&](uint8_t* out) { BlendRow(rows.near_row, rows.far_row, bias, count, out); },
                   [&](uint8_t* out) {
                     reference::BlendRow(rows.near_row, rows.far_row, bias, count, out);
                   },
                   size_t(count), size_t(offset)));
      }
    }
  });
}

}  // namespace imnorm::jpeg
