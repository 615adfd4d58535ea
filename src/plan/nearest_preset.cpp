// What a misspelt preset can have meant.
#include "plan/nearest_preset.h"

#include <algorithm>
#include <array>

#include "plan/edit_distance.h"

namespace imnorm {
namespace {

// Longer words are no misspelling of ours.
constexpr size_t kLongestWord = 64;

// Models whose names are near a preset's, and who have none here.
constexpr std::array<std::string_view, 19> kOtherFamilies = {
    "cait",   "cvt",     "davit",   "detr",   "dino",   "dit",    "dla",     "dpt",  "mage", "mvit",
    "resmlp", "resnest", "resnext", "resnet", "rexnet", "segnet", "siglipv", "swag", "vivit"};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return c >= 'a' && c <= 'z'; }

std::string Spelt(std::string_view word) {
  std::string spelt(word);
  for (char& c : spelt) {
    if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
    if (c == '_' || c == ' ') c = '-';
  }
  return spelt;
}

// The runs of letters or of digits in a word, as far as `wanted` says.
template <typename Wanted>
std::vector<std::string> Runs(const std::string& word, const Wanted& wanted) {
  std::vector<std::string> runs;
  bool inside = false;
  for (const char c : word) {
    if (wanted(c)) {
      if (!inside) runs.emplace_back();
      runs.back() += c;
    }
    inside = wanted(c);
  }
  return runs;
}

std::string FamilyOf(const std::string& word) {
  const auto end = std::find_if_not(word.begin(), word.end(), IsLetter);
  return {word.begin(), end};
}

// Digits name the size or the generation: one may be missing or doubled, none may be another.
bool DigitsMayBeMeant(const std::string& word, const std::string& preset) {
  const auto given = Runs(word, IsDigit);
  const auto known = Runs(preset, IsDigit);
  if (given == known) return true;
  std::string all;
  std::string right;
  for (const std::string& run : given) all += run;
  for (const std::string& run : known) right += run;
  return all.size() != right.size() && !right.empty() && EditDistance(all, right) == 1;
}

std::vector<std::string> SingleLetters(const std::string& word) {
  auto runs = Runs(word, IsLetter);
  std::erase_if(runs, [](const std::string& run) { return run.size() != 1; });
  return runs;
}

bool MayMean(const std::string& word, const std::string& preset,
             const std::vector<std::string>& families) {
  const std::string family = FamilyOf(word);
  if (family != FamilyOf(preset) &&
      (std::count(families.begin(), families.end(), family) > 0 ||
       std::count(kOtherFamilies.begin(), kOtherFamilies.end(), family) > 0)) {
    return false;
  }
  return word[0] == preset[0] && DigitsMayBeMeant(word, preset) &&
         SingleLetters(word) == SingleLetters(preset);
}

}  // namespace

std::string NearestPreset(std::string_view word, const std::vector<std::string>& presets) {
  if (word.empty() || word.size() > kLongestWord) return "";
  const std::string spelt = Spelt(word);
  std::vector<std::string> families;
  for (const std::string& preset : presets) families.push_back(FamilyOf(preset));
  size_t bound = spelt.size() < 4 ? 1 : spelt.size() < 8 ? 2 : 3;  // the first that is too far
  std::string nearest;
  for (const std::string& preset : presets) {
    const size_t distance = EditDistance(spelt, preset);
    if (distance >= bound || (distance > 0 && !MayMean(spelt, preset, families))) continue;
    bound = distance;
    nearest = preset;
  }
  return nearest;
}

std::vector<std::string> PresetsBeginning(std::string_view word,
                                          const std::vector<std::string>& presets, size_t most) {
  std::vector<std::string> found;
  const std::string spelt = Spelt(word);
  for (const std::string& preset : presets) {
    if (!spelt.empty() && preset.starts_with(spelt) && found.size() < most) found.push_back(preset);
  }
  return found;
}

}  // namespace imnorm
