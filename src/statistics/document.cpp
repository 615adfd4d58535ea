// A document against what its own sums give, member by member.
#include "statistics/document.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "io/xxh3.h"
#include "json/json_value.h"

namespace imnorm {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kTolerance = 1e-9;

bool IsApproximate(std::string_view key) {
  return key == "eigenvalues" || key == "eigenvectors" || key == "mean_interval_95" ||
         key == "std_interval_95";
}

double LargestIn(const Json& value) {
  if (value.is_number()) return std::fabs(value.get<double>());
  double largest = 0;
  if (value.is_array()) {
    for (const Json& item : value) largest = std::max(largest, LargestIn(item));
  }
  return largest;
}

// A value as a message shows it.
std::string Shown(const Json& value) {
  std::string text = JsonText(value);
  constexpr size_t kMost = 60;
  if (text.size() > kMost) text = text.substr(0, kMost) + "...";
  return text;
}

// The first difference; numbers may be `near` apart.
std::string Compare(const Json& given, const Json& expected, const std::string& path, double near);

std::string Below(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + "." + key;
}

std::string Objects(const Json& given, const Json& expected, const std::string& path, double near) {
  for (const auto& [key, value] : expected.items()) {
    if (given.contains(key)) {
      const double reach = IsApproximate(key) ? kTolerance * LargestIn(value) : near;
      if (std::string fault = Compare(given[key], value, Below(path, key), reach); !fault.empty()) {
        return fault;
      }
    } else if (Below(path, key) != "notes") {
      return fmt::format("\"{}\" is missing", Below(path, key));
    }
  }
  for (const auto& [key, value] : given.items()) {
    if (!expected.contains(key)) return fmt::format("\"{}\" is not known", Below(path, key));
  }
  return "";
}

std::string Arrays(const Json& given, const Json& expected, const std::string& path, double near) {
  if (given.size() != expected.size()) {
    return fmt::format("\"{}\" has {} items instead of {}", path, given.size(), expected.size());
  }
  for (size_t i = 0; i < given.size(); ++i) {
    if (std::string fault = Compare(given[i], expected[i], fmt::format("{}[{}]", path, i), near);
        !fault.empty()) {
      return fault;
    }
  }
  return "";
}

std::string Compare(const Json& given, const Json& expected, const std::string& path, double near) {
  if (given.is_object() && expected.is_object()) return Objects(given, expected, path, near);
  if (given.is_array() && expected.is_array()) return Arrays(given, expected, path, near);
  const bool numbers = given.is_number() && expected.is_number();
  if (given == expected) return "";
  if (numbers && std::fabs(given.get<double>() - expected.get<double>()) <= near) return "";
  return fmt::format("\"{}\" is {}, where the sums in \"exact\" make it {}", path, Shown(given),
                     Shown(expected));
}

}  // namespace

std::string DifferenceFrom(const Json& document, const Totals& totals) {
  return Compare(document, Json::parse(StatsDocument(totals).Text()), "", 0);
}

std::string ChecksumOf(const Json& document) {
  const std::string text = JsonText(document);
  Xxh3 hash;
  hash.Update(text.data(), text.size());
  return "xxh3-128:" + hash.Hex();
}

}  // namespace imnorm
