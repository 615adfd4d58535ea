// Pictures on a terminal.
#pragma once

#include <string>

#include "imnorm/image.h"

namespace imnorm {

// How a terminal shows a picture.
enum class TerminalGraphics {
  kBlocks,  // two pixels a character, in 24-bit colours: any terminal of today
  kGrey,    // a character a pixel by its brightness: no colours wanted, or none there
  kKitty,   // kitty's graphics protocol: kitty, Ghostty
  kIterm,   // iTerm2's inline images: iTerm2, WezTerm
  kSixel,   // DEC's sixels: foot, mlterm, xterm -ti vt340
};

// Whether it shows pixels, not characters.
inline bool HasPixels(TerminalGraphics graphics) {
  return graphics != TerminalGraphics::kBlocks && graphics != TerminalGraphics::kGrey;
}

// An 8-bit RGB picture as what a terminal shows, ended by a newline.
//
// Units:    kBlocks and kGrey take a column a pixel; sixels have the 216 colours of 6 x 6 x 6
//           levels, dithered
std::string TerminalPicture(const Image& image, TerminalGraphics graphics);

}  // namespace imnorm
