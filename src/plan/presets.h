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

// The lists of names that other libraries and the hub have, whole files of configs/names; likewise.
//
// Shapes:   "# LIBRARY RELEASE", then recipes: "=" and a config that this library reads, behind it
// a
//           line a name: "NAME", or "NAME MEANING" where it stands for another one
std::span<const std::string_view> EmbeddedNameLists();

}  // namespace imnorm
