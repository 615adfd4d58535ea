// The presets that stand in the binary, as text: nothing is parsed before it is asked for.
#pragma once

#include <span>
#include <string_view>

namespace imnorm {

struct EmbeddedPreset {
  std::string_view name;
  std::string_view summary;
  std::string_view source;
  std::string_view json;  // the whole of configs/NAME.json
};

// All of them by name, ascending. Defined by the build: scripts/cmake/EmbedPresets.cmake.
std::span<const EmbeddedPreset> EmbeddedPresets();

}  // namespace imnorm
