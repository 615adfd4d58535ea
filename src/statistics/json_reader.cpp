// Reads members of a statistics file, each of the kind it must have.
#include "statistics/json_reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

namespace imnorm {

using Json = JsonReader::Json;

const Json& JsonReader::Member(const Json& object, const char* key) {
  static const Json missing;
  if (object.is_object() && object.contains(key)) return object[key];
  Refuse(fmt::format("\"{}\" is missing", key));
  return missing;
}

uint64_t JsonReader::Count(const Json& value, const char* what) {
  if (value.is_number_unsigned()) return value.get<uint64_t>();
  if (value.is_string()) {
    const std::string& text = value.get_ref<const std::string&>();
    uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size()) return number;
  }
  Refuse(fmt::format("\"{}\" is no count", what));
  return 0;
}

int JsonReader::Int(const Json& value, const char* what, int low, int high) {
  const uint64_t number = Count(value, what);
  if (number >= uint64_t(low) && number <= uint64_t(high)) return int(number);
  Refuse(fmt::format("\"{}\" is not in {}..{}", what, low, high));
  return low;
}

double JsonReader::Number(const Json& value, const char* what) {
  if (value.is_number()) return value.get<double>();
  Refuse(fmt::format("\"{}\" is no number", what));
  return 0;
}

std::string JsonReader::Text(const Json& object, const char* key) {
  const Json& value = Member(object, key);
  if (value.is_string()) return value.get<std::string>();
  Refuse(fmt::format("\"{}\" is no text", key));
  return "";
}

void JsonReader::RefuseWord(const char* key, const std::string& text,
                            const std::vector<std::string>& known) {
  Refuse(fmt::format("\"{}\" is \"{}\", not one of {}", key, text, fmt::join(known, ", ")));
}

const Json& JsonReader::List(const Json& object, const char* key) {
  static const Json empty = Json::array();
  const Json& value = Member(object, key);
  if (value.is_array()) return value;
  Refuse(fmt::format("\"{}\" is no list", key));
  return empty;
}

const Json& JsonReader::List(const Json& object, const char* key, size_t size) {
  static const Json empty = Json::array();
  const Json& value = List(object, key);
  if (value.size() == size) return value;
  Refuse(fmt::format("\"{}\" has {} items instead of {}", key, value.size(), size));
  return empty;
}

ExactSum JsonReader::Sum(const Json& value, const char* what) {
  if (value.is_string()) {
    Result<ExactSum> sum = ExactSum::FromText(value.get_ref<const std::string&>());
    if (sum) return *std::move(sum);
    Refuse(fmt::format("\"{}\": {}", what, sum.error().message));
  }
  Refuse(fmt::format("\"{}\" holds something that is no exact sum", what));
  return {};
}

void JsonReader::Sums(const Json& object, const char* key, std::vector<ExactSum>* sums) {
  const Json& list = List(object, key, sums->size());
  for (size_t i = 0; i < list.size(); ++i) (*sums)[i] = Sum(list[i], key);
}

}  // namespace imnorm
