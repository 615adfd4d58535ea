// Settings by the flags that set them: only the command line knows both.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "imnorm/error.h"

namespace imnorm::cli {

// "layer.eps" -> "--eps"; "" where no flag sets it.
std::string_view FlagOf(std::string_view setting);

// Every flag that stands for a setting.
std::vector<std::string_view> FlagsOfSettings();

// A text of the library in the words of the command line: `layer.eps` becomes --eps.
std::string InFlags(std::string_view text);

// What is said of an error: its message, and the flag that is to blame or helps.
std::string Spoken(const Error& error);

}  // namespace imnorm::cli
