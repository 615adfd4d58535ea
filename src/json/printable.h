// Foreign text (paths, names, words of files) fit for people's terminals.
#pragma once

#include <string>
#include <string_view>

namespace imnorm {

// Text that can neither steer a terminal nor reorder what it shows.
//
// Rules:  C0 controls, DEL and bytes of no UTF-8 character become "\x1b"; C1 controls, marks and
//         overrides of writing direction, line and paragraph separators become "\u202e";
//         everything else stays as it is
std::string Printable(std::string_view text);

// The same for whole texts with lines: line breaks and tabs stay, and controls become "\u001b", so
// that JSON remains the same JSON.
std::string PrintableLines(std::string_view text);

}  // namespace imnorm
