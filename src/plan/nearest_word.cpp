// Finds the known word that was likely meant.
#include <algorithm>
#include <cctype>

#include "imnorm/words.h"
#include "plan/edit_distance.h"

namespace imnorm {
namespace {

// Longer words are no misspelling of ours, and the table below is quadratic.
constexpr size_t kLongestWord = 64;

std::string Lowered(std::string_view word) {
  std::string lowered(word);
  for (char& c : lowered) c = char(std::tolower(static_cast<unsigned char>(c)));
  return lowered;
}

}  // namespace

std::string NearestWord(std::string_view word, const std::vector<std::string>& known) {
  if (word.empty() || word.size() > kLongestWord) return "";
  const std::string lowered = Lowered(word);
  size_t nearest_distance = std::max<size_t>(1, word.size() / 3) + 1;
  std::string nearest;
  for (const std::string& candidate : known) {
    if (candidate.size() > kLongestWord) continue;
    const size_t distance = EditDistance(lowered, Lowered(candidate));
    if (distance < nearest_distance) {
      nearest_distance = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace imnorm
