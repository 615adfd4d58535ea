// The kinds of JPEG that are sound and that libjpeg-turbo does not read.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace imnorm {

// Names the kind of a JPEG that libjpeg-turbo refused: "JPEG-LS", "lossless JPEG", ...; empty where
// nothing says that the file is sound.
//
// Rules:    the frame header must hold together, and the scan header must be one of that process,
//           so that a damaged marker does not make a kind. DNL: the frame header has no height, or
//           another one, and a DNL segment gives it
// Source:   ITU-T T.81 (tables B.1 to B.3, B.2.5), T.87 (annex C)
std::string NameOfUnreadJpeg(std::span<const uint8_t> bytes);

}  // namespace imnorm
