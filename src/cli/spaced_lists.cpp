// Lists of numbers that were written with spaces.
#include "cli/spaced_lists.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "cli/parse_values.h"

namespace imnorm::cli {
namespace {

constexpr std::array<std::string_view, 6> kLists = {"--mean", "--std",         "--gamma",
                                                    "--beta", "--percentiles", "--ignore-value"};

// Sizes are WxH, where other tools take two numbers.
constexpr std::array<std::string_view, 2> kSizes = {"--resize", "--crop"};

// The numbers of a word, "0.5" or "0.5,0.4,": none where it is anything else.
std::vector<std::string> NumbersOf(std::string_view word) {
  while (word.ends_with(',')) word.remove_suffix(1);
  std::vector<std::string> numbers;
  while (!word.empty()) {
    const std::string_view number = word.substr(0, word.find(','));
    if (!ParseNumber<double>(number)) return {};
    numbers.emplace_back(number);
    word.remove_prefix(std::min(word.size(), number.size() + 1));
  }
  return numbers;
}

}  // namespace

std::string SpacedListTrouble(int argc, const char* const* argv) {
  for (int i = 1; i + 2 < argc; ++i) {
    const std::string_view option = argv[i];
    const bool size = std::find(kSizes.begin(), kSizes.end(), option) != kSizes.end();
    if (!size && std::find(kLists.begin(), kLists.end(), option) == kLists.end()) continue;
    std::vector<std::string> all;
    int words = 0;
    for (int at = i + 1; at < argc; ++at, ++words) {
      const auto numbers = NumbersOf(argv[at]);
      if (numbers.empty() || (words > 0 && access(argv[at], F_OK) == 0)) break;
      all.insert(all.end(), numbers.begin(), numbers.end());
    }
    if (words < 2) continue;
    if (size) {
      return fmt::format("{}: width and height are one word: {} {}", option, option,
                         fmt::join(all, "x"));
    }
    return fmt::format("{}: its numbers are one word, without spaces: {} {}", option, option,
                       fmt::join(all, ","));
  }
  return "";
}

}  // namespace imnorm::cli
