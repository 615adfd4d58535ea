// Masks: which pixels count, by samples of every kind.
#include "pipeline/mask_reader.h"

#include <catch2/catch.hpp>
#include <limits>

#include "support/folder.h"

namespace imnorm {
namespace {

template <typename T>
std::vector<uint8_t> MaskOf(const std::vector<T>& samples, ImageInfo info) {
  info.width = int(samples.size()) / info.channels;
  info.height = 1;
  Image mask;
  MaskRows rows(mask);
  REQUIRE(rows.Begin(info));
  rows.Rows(reinterpret_cast<const uint8_t*>(samples.data()), samples.size() * sizeof(T), 0, 1);
  rows.Finish();
  return {mask.pixels.begin(), mask.pixels.begin() + info.width};
}

ImageInfo Info(int channels, ElementType type, bool alpha = false) {
  ImageInfo info;
  info.channels = channels;
  info.type = type;
  info.has_alpha = alpha;
  return info;
}

using Mask = std::vector<uint8_t>;

}  // namespace

TEST_CASE("any sample other than zero counts, whatever its width", "[pipeline]") {
  CHECK(MaskOf<uint8_t>({0, 1, 255}, Info(1, ElementType::kU8)) == Mask{0, 1, 1});
  CHECK(MaskOf<uint16_t>({0, 1, 256}, Info(1, ElementType::kU16)) == Mask{0, 1, 1});
  CHECK(MaskOf<uint8_t>({0, 0, 0, 0, 0, 1}, Info(3, ElementType::kU8)) == Mask{0, 1});
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(MaskOf<float>({0, 1e-30f, nan, -1}, Info(1, ElementType::kF32)) == Mask{0, 1, 0, 1});
}

TEST_CASE("alpha must let a pixel be seen, and decides where no colour does", "[pipeline]") {
  const ImageInfo info = Info(2, ElementType::kU8, /*alpha=*/true);
  CHECK(MaskOf<uint8_t>({9, 0, 9, 1, 0, 1}, info) == Mask{0, 1, 0});
  CHECK(MaskOf<uint8_t>({0, 0, 0, 1, 0, 255}, info) == Mask{0, 1, 1});
}

TEST_CASE("a mask of a decoder that starts over has nothing of its first try", "[pipeline]") {
  Image mask;
  MaskRows rows(mask);
  ImageInfo info = Info(2, ElementType::kU8, /*alpha=*/true);
  info.width = info.height = 1;
  REQUIRE(rows.Begin(info));
  const uint8_t colored[] = {9, 1}, black[] = {0, 1};
  rows.Rows(colored, 2, 0, 1);
  REQUIRE(rows.Begin(info));
  rows.Rows(black, 2, 0, 1);
  rows.Finish();
  CHECK(mask.pixels[0] == 1);
}

TEST_CASE("a picture's mask has its name below the folder, or its stem", "[pipeline]") {
  const Folder folder;
  CHECK(MaskPath(folder.path(), "a/b.jpg") == folder / "a/b.png");
  folder.Write("a/b.jpg", "");
  CHECK(MaskPath(folder.path(), "a/b.jpg") == folder / "a/b.jpg");
  CHECK(MaskPath(folder.path(), "a.d/b") == folder / "a.d/b");
}

}  // namespace imnorm
