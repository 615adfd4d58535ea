// Looks names up by reading the lists' text: nothing is parsed but the recipe that is meant.
#include "plan/known_names.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "imnorm/words.h"
#include "plan/presets.h"

namespace imnorm {
namespace {

constexpr size_t kLongestName = 200;

// Takes the first line off a text.
std::string_view TakeLine(std::string_view& text) {
  const size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

void FindIn(std::string_view list, const std::string& spelt, std::vector<NameMeaning>& found) {
  const std::string_view library = TakeLine(list).substr(2);
  std::string_view recipe;
  while (!list.empty()) {
    const std::string_view line = TakeLine(list);
    if (line.starts_with('=')) {
      recipe = line.substr(1);
      continue;
    }
    const size_t end = line.find(' ');
    const std::string_view name = line.substr(0, end);
    if (name.size() != spelt.size() || SpeltAlike(name) != spelt) continue;
    found.push_back({library, name, end < line.size() ? line.substr(end + 1) : name, recipe});
  }
}

// "256/224 bilinear": what differs between meanings most often.
std::string GeometryWords(const GeometryPlan& geometry) {
  const ResizePlan& resize = geometry.resize;
  if (resize.kind == ResizeKind::kNone) return "no resize";
  std::string words = resize.size > 0 ? fmt::format("{}", resize.size)
                                      : fmt::format("{}x{}", resize.width, resize.height);
  if (geometry.crop.width > 0) words += fmt::format("/{}", geometry.crop.width);
  return fmt::format("{} {}", words, WordOf(resize.filter));
}

// A plan without what says where it comes from.
std::string Pixels(Plan plan) {
  plan.preset.clear();
  plan.source.clear();
  if (plan.like == Engine::kTimm) plan.like = Engine::kTorchvision;  // the same in every value
  return PlanToJson(plan);
}

Result<Plan> PlanOf(const NameMeaning& meaning) {
  Result<Plan> plan = PlanFromForeignConfig(meaning.recipe);
  if (!plan) return Prefixed(std::string(meaning.meaning), plan.error());
  const std::string hub = plan->source.starts_with("Hugging Face") ? "; " + plan->source : "";
  plan->source = fmt::format("{} ({}){}", meaning.meaning, meaning.library, hub);
  return plan;
}

}  // namespace

std::string SpeltAlike(std::string_view name) {
  std::string spelt(name);
  for (char& c : spelt) {
    if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
    if (c == '_' || c == ' ') c = '-';
  }
  return spelt;
}

std::vector<std::string_view> KnownNames() {
  std::vector<std::string_view> names;
  for (std::string_view list : EmbeddedNameLists()) {
    while (!list.empty()) {
      const std::string_view line = TakeLine(list);
      if (!line.empty() && line[0] != '=' && line[0] != '#') {
        names.push_back(line.substr(0, line.find(' ')));
      }
    }
  }
  return names;
}

std::vector<NameMeaning> MeaningsOf(std::string_view name) {
  std::vector<NameMeaning> found;
  if (name.empty() || name.size() > kLongestName) return found;
  std::string spelt = SpeltAlike(name);
  constexpr std::array<std::string_view, 6> kPrefixes = {
      "hf-hub:", "hf-hub/", "https://huggingface.co/", "timm/", "torchvision.models.", "models."};
  for (const std::string_view prefix : kPrefixes) {
    if (spelt.starts_with(prefix)) spelt.erase(0, prefix.size());
  }
  for (const std::string_view list : EmbeddedNameLists()) FindIn(list, spelt, found);
  return found;
}

Result<Plan> PlanOfMeanings(std::string_view name, const std::vector<NameMeaning>& meanings) {
  std::vector<Plan> plans;
  std::vector<std::string> listed;
  bool one = true;
  for (const NameMeaning& meaning : meanings) {
    Result<Plan> plan = PlanOf(meaning);
    if (!plan) return plan;
    listed.push_back(fmt::format("{} ({}, {})", meaning.meaning, meaning.library,
                                 GeometryWords(plan->geometry)));
    plans.push_back(std::move(*plan));
    one = one && Pixels(plans.back()) == Pixels(plans.front());
  }
  if (!one) {
    return Fail(ErrorCode::kNotFound, fmt::format("\"{}\" has several meanings; name one: {}", name,
                                                  fmt::join(listed, "; ")));
  }
  plans.front().preset = meanings.front().name;
  return std::move(plans.front());
}

}  // namespace imnorm
