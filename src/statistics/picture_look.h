// What a picture looks like in a few numbers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace imnorm {

struct PictureLook {
  double dark_end = 0.0;    // 99th percentile of brightness, 0..1
  double bright_end = 0.0;  // 5th percentile
  double entropy = 0.0;     // bits, of the histogram of all samples; of grey ones of one channel
  double edges = 0.0;       // standard deviation of the edges at 64 pixels
  double evenness = 0.0;    // standard deviation of the counts of the histogram there
  bool gray = false;        // all pixels have r = g = b
  uint64_t difference_hash = 0;
};

// Gathers rows of RGB bytes.
//
// Numbers:  brightness in steps of 1/65536 of its square: percentiles are exact to 0.001 where
//           pictures are not black
class LookSums {
 public:
  void Reset();
  void Add(const uint8_t* rgb, size_t pixels);

  // The percentiles, the entropy and `gray` into `look`.
  void Finish(PictureLook& look) const;

 private:
  static constexpr int kShift = 10;
  static constexpr size_t kBrightnessBins = (size_t{255 * 255 * 1000} >> kShift) + 1;

  double PercentileOfBrightness(double percent) const;

  std::array<std::array<uint64_t, 256>, 3> counts_ = {};
  std::vector<uint32_t> brightness_ = std::vector<uint32_t>(kBrightnessBins, 0);
  uint64_t pixels_ = 0;
  bool gray_ = true;
};

// The edges, the evenness and the difference hash of a small RGB picture.
//
// Shapes:   rgb [height][width][3]
// Source:   Pillow's convert("L") and ImageFilter.FIND_EDGES, whose border is the picture's own
void LookAtSmall(const std::vector<uint8_t>& rgb, int width, int height, PictureLook& look);

// CleanVision's score of blur, 0 to 1.
double SharpnessScore(const PictureLook& look);

}  // namespace imnorm
