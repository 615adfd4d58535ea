// A picture's colours in a few numbers.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace imnorm {

struct PictureColours {
  std::array<double, 3> mean = {}, std = {};  // 0..255
  double brightness = 0.0;                    // 0..1, of the mean colour
  double colourfulness = 0.0;
};

// Of RGB bytes.
//
// Source:   Hasler and Susstrunk, "Measuring colourfulness in natural images" (2003): M3
PictureColours ColoursOf(const std::vector<uint8_t>& rgb);

// How far each picture is from all in its means and standard deviations: the root of the mean
// square of the distances, each in standard deviations over the pictures.
std::vector<double> DistancesFromAll(const std::vector<PictureColours>& pictures);

}  // namespace imnorm
