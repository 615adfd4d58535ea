// From an option's text to a field of a plan; without a text the field stays.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/parse_values.h"
#include "imnorm/words.h"

namespace imnorm::cli {

template <typename T>
Result<void> SetWord(std::string_view option, const std::optional<std::string>& word, T& target) {
  if (!word) return {};
  auto value = ParseWord<T>(option, *word);
  if (!value) return Failed(value);
  target = *value;
  return {};
}

inline Result<void> SetNumbers(std::string_view option, const std::optional<std::string>& text,
                               std::vector<double>& target) {
  if (!text) return {};
  auto numbers = ParseNumbers(option, *text);
  if (!numbers) return Failed(numbers);
  target = std::move(*numbers);
  return {};
}

}  // namespace imnorm::cli
