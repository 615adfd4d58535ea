// Lists of numbers that were written with spaces.
#pragma once

#include <string>

namespace imnorm::cli {

// What to say of "--mean 0.5 0.5 0.5", whose numbers after the first would be taken for files; ""
// where no option is written so, or where such a file exists.
std::string SpacedListTrouble(int argc, const char* const* argv);

}  // namespace imnorm::cli
