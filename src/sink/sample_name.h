// The name that a picture's sample has in a WebDataset.
#pragma once

#include <string>
#include <string_view>

namespace imnorm {

// The key of an input without its extension, as WebDataset takes names apart: what stands before
// the first dot of the last part is the sample's name, so that other dots there become "_".
//
// Rules:    never empty, never absolute, no "." or ".." among its parts
std::string SampleName(std::string_view key);

}  // namespace imnorm
