// libFuzzer target: whatever our JPEG decoder calls done, libjpeg-turbo calls sound, with the same
// bytes; and a window of it is the crop of the whole.
//
// Run: jpeg_differential tests/fuzz/jpeg_corpus [-max_total_time=1800]
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "support/jpeg_compare.h"

namespace imnorm::jpeg_judge {
namespace {

constexpr int64_t kMaxPixels = 1 << 18;

[[noreturn]] void Complain(const char* what) {
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

// A window that depends on the file, so that a finding repeats.
Rect ChooseWindow(std::span<const uint8_t> bytes, int width, int height) {
  uint32_t hash = 2166136261u;
  for (const uint8_t byte : bytes) hash = (hash ^ byte) * 16777619u;
  const auto below = [&hash](int n) {
    hash = hash * 1664525u + 1013904223u;
    return int((hash >> 8) % uint32_t(n));
  };
  Rect window;
  window.x = below(width);
  window.y = below(height);
  window.width = 1 + below(width - window.x);
  window.height = 1 + below(height - window.y);
  return window;
}

void CheckWindow(jpeg::Decoder& decoder, std::span<const uint8_t> bytes) {
  PictureConsumer whole;
  if (!decoder.Decode(bytes, 1, kMaxPixels, whole).done) Complain("done in colour only");
  const Rect window = ChooseWindow(bytes, whole.picture.width, whole.picture.height);
  PictureConsumer part(window);
  if (!decoder.Decode(bytes, 1, kMaxPixels, part).done || !part.complete()) {
    Complain("done as a whole only");
  }
  for (int y = 0; y < window.height; ++y) {
    if (std::memcmp(part.picture.row(y), whole.picture.row(window.y + y) + window.x,
                    size_t(window.width)) != 0) {
      Complain("the window is not the crop");
    }
  }
}

}  // namespace
}  // namespace imnorm::jpeg_judge

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace imnorm::jpeg_judge;
  static imnorm::jpeg::Decoder decoder;
  const Comparison found = Compare(decoder, {data, size}, kMaxPixels);
  if (!found.complaint.empty()) Complain(found.complaint.c_str());
  if (found.fast) CheckWindow(decoder, {data, size});
  return 0;
}
