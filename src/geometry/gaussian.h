// The taps of a Gaussian blur, as torchvision makes them for floats.
#pragma once

#include <vector>

namespace imnorm {

// Rules:    2 ceil(3 sigma) + 1 of them; sigma above 0
// Numbers:  in float32: linspace, exp by Sleef's 1-ulp function, softmax's sum lane by lane, on
//           every CPU. Up to 7 taps (sigma 1) torch has the same on AVX2 and AVX512; above, these
//           are AVX512's, whose 16 lanes are added in another order
// Source:   measured on torch 2.15.0: 8638 of 8638 sizes of OWLv2
std::vector<float> GaussianTaps(float sigma);

}  // namespace imnorm
