// What a misspelt preset can have meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace imnorm {

// The preset whose name a word misspells, or "". A name is not only a word: "resnet" is a model and
// no slip for "regnet", and "vit-b-32" is another one than "vit-b-16".
//
// Rules:    case and `_` for `-` do not matter. Up to two letters may be wrong (one in a short
//           word), not the first, no single letter, and no digit but one too many or too few
std::string NearestPreset(std::string_view word, const std::vector<std::string>& presets);

// The presets whose names begin with the word, at most `most` of them.
std::vector<std::string> PresetsBeginning(std::string_view word,
                                          const std::vector<std::string>& presets, size_t most);

}  // namespace imnorm
