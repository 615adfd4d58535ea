// What a run that was killed left is named before it is written over.
#pragma once

#include <string>

#include "cli/console.h"

namespace imnorm::cli {

// Of the output `path`, whose run kept a journal.
void TellLeftover(const std::string& path, const std::string& journal, Console& console);

}  // namespace imnorm::cli
