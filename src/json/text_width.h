// How much room text takes on a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace imnorm {

// Columns that printable UTF-8 takes.
//
// Numbers:  two for East Asian wide characters and emoji, none for combining marks, else one
size_t TextWidth(std::string_view text);

// `text`, or as much of its beginning as fits `width` columns with "..." behind it.
std::string CutToWidth(std::string_view text, size_t width);

// `text` with line breaks for spaces, so that lines fit `width` columns where their words do; the
// second and later lines are indented by two.
std::string WrapText(std::string_view text, size_t width);

}  // namespace imnorm
