// imnorm preview: a contact sheet of pictures or of a tensor.
#pragma once

#include "cli/command.h"

namespace imnorm::cli {

extern const Command kPreview;

}  // namespace imnorm::cli
