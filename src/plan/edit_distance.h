// How far two words are from each other.
#pragma once

#include <cstddef>
#include <string_view>

namespace imnorm {

// Optimal string alignment distance: like Levenshtein's, but a swap of neighbours ("hlaf") counts
// once, since that is how people misspell.
size_t EditDistance(std::string_view a, std::string_view b);

}  // namespace imnorm
