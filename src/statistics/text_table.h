// Cells -> aligned columns of text that fit a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace imnorm {

// Lines of a table, each ending in a newline.
//
// Shapes:   rows: all of the same length, the first being the heads
// Rules:    the first column is aligned left, the others right, two spaces apart. Columns that do
//           not fit `width` go on below, with the first column again.
std::string TextTable(const std::vector<std::vector<std::string>>& rows, size_t width);

}  // namespace imnorm
