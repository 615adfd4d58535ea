// The Hugging Face image processors that are not read, and why.
#pragma once

#include <string_view>
#include <vector>

namespace imnorm {

// What a class does to a picture that imnorm has no plan for, as the end of a sentence; empty where
// there is no such class, or it is read.
//
// Rules:    stem is its name without ImageProcessor and what stands behind it
std::string_view HfRefusedSteps(std::string_view stem);

// All of their stems, sorted.
std::vector<std::string_view> HfRefusedProcessors();

}  // namespace imnorm
