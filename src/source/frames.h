// Which frames of the listed files are read.
#pragma once

#include "imnorm/inputs.h"

namespace imnorm {

// Gives inputs the frame that is asked for or, where all are, makes one of each frame. Inputs that
// cannot be read, and files of one frame where all are asked for, stay as they are.
void ChooseFrames(const InputOptions& options, InputList& list);

}  // namespace imnorm
