// Reads fields of a config, each checked, and remembers which were asked for.
#include "plan/json_reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "json/guarded_json.h"

namespace imnorm {
namespace {

std::string Shown(const Json& value) {
  std::string text = value.dump(-1, ' ', true, Json::error_handler_t::replace);
  if (text.size() > 60) text = text.substr(0, 57) + "...";
  return text;
}

}  // namespace

Result<Json> ParseJsonObject(std::string_view text) {
  Result<Json> document = ParseGuarded<Json>(text);
  if (!document) return Fail(ErrorCode::kBadConfig, document.error().message);
  if (!document->is_object()) {
    return Fail(ErrorCode::kBadConfig, "the JSON is not an object ({...})");
  }
  return document;
}

ObjectReader::ObjectReader(const Json& object, std::string where)
    : object_(object), where_(std::move(where)) {}

std::string ObjectReader::Name(const std::string& key) const {
  return where_.empty() ? key : where_ + "." + key;
}

void ObjectReader::FailAt(const std::string& key, const std::string& message) {
  FailWith(fmt::format("\"{}\": {}", Name(key), message));
}

void ObjectReader::FailWith(const std::string& message) {
  if (!error_) error_ = Error{ErrorCode::kBadConfig, message};
}

const Json* ObjectReader::Find(const std::string& key) {
  known_.push_back(key);
  if (!ok()) return nullptr;
  const auto found = object_.find(key);
  return found == object_.end() || found->is_null() ? nullptr : &*found;
}

bool ObjectReader::Has(const std::string& key) { return Find(key) != nullptr; }

void ObjectReader::Bool(const std::string& key, bool& out) {
  const Json* value = Find(key);
  if (!value) return;
  if (!value->is_boolean()) {
    return FailAt(key, fmt::format("{} is neither true nor false", Shown(*value)));
  }
  out = value->get<bool>();
}

void ObjectReader::Int64(const std::string& key, int64_t& out, int64_t lowest, int64_t highest) {
  const Json* value = Find(key);
  if (!value) return;
  const bool fits = value->is_number_integer() &&
                    (!value->is_number_unsigned() || value->get<uint64_t>() <= uint64_t(INT64_MAX));
  const int64_t number = fits ? value->get<int64_t>() : 0;
  if (!fits || number < lowest || number > highest) {
    return FailAt(
        key, fmt::format("{} is not a whole number in {}..{}", Shown(*value), lowest, highest));
  }
  out = number;
}

void ObjectReader::Int(const std::string& key, int& out, int64_t lowest, int64_t highest) {
  int64_t number = out;
  Int64(key, number, lowest, highest);
  out = int(number);
}

void ObjectReader::Number(const std::string& key, double& out) {
  const Json* value = Find(key);
  if (!value) return;
  if (!value->is_number() || !std::isfinite(value->get<double>())) {
    return FailAt(key, fmt::format("{} is not a number", Shown(*value)));
  }
  out = value->get<double>();
}

void ObjectReader::String(const std::string& key, std::string& out) {
  const Json* value = Find(key);
  if (!value) return;
  if (!value->is_string()) return FailAt(key, fmt::format("{} is not a string", Shown(*value)));
  out = value->get<std::string>();
}

void ObjectReader::Numbers(const std::string& key, std::vector<double>& out, size_t most) {
  const Json* value = Find(key);
  if (!value) return;
  const Json list = value->is_array() ? *value : Json::array({*value});
  if (list.size() > most) {
    return FailAt(key, fmt::format("{} numbers where at most {} fit", list.size(), most));
  }
  std::vector<double> numbers;
  for (const Json& entry : list) {
    if (!entry.is_number() || !std::isfinite(entry.get<double>())) {
      return FailAt(key, fmt::format("{} is not a number", Shown(entry)));
    }
    numbers.push_back(entry.get<double>());
  }
  out = std::move(numbers);
}

void ObjectReader::Colour(const std::string& key, uint8_t out[3]) {
  std::vector<double> levels;
  Numbers(key, levels, 3);
  if (levels.empty()) return;
  const bool bytes = std::all_of(levels.begin(), levels.end(), [](double level) {
    return level >= 0 && level <= 255 && level == std::floor(level);
  });
  if (levels.size() == 2 || !bytes) return FailAt(key, "a colour is one or three of 0..255");
  for (size_t c = 0; c < 3; ++c) out[c] = uint8_t(levels[levels.size() == 1 ? 0 : c]);
}

void ObjectReader::Object(const std::string& key, const std::function<void(ObjectReader&)>& read) {
  const Json* value = Find(key);
  if (!value) return;
  if (!value->is_object()) return FailAt(key, fmt::format("{} is not an object", Shown(*value)));
  ObjectReader inner(*value, Name(key));
  read(inner);
  if (auto finished = inner.Finish(); !finished) error_ = finished.error();
}

void ObjectReader::Ignore(std::initializer_list<const char*> keys) {
  for (const char* key : keys) known_.emplace_back(key);
}

void ObjectReader::IgnoreOthers(const std::function<bool(const std::string& key)>& known) {
  std::vector<std::string> others;
  for (const auto& field : object_.items()) {
    if (known(field.key()) || NearestWord(field.key(), known_).empty()) {
      others.push_back(field.key());
    }
  }
  known_.insert(known_.end(), others.begin(), others.end());
}

Result<void> ObjectReader::Finish() {
  if (error_) return Failed(*error_);
  for (const auto& field : object_.items()) {
    if (std::find(known_.begin(), known_.end(), field.key()) != known_.end()) continue;
    const std::string shown = Name(field.key().substr(0, 80));
    const std::string nearest = NearestWord(field.key(), known_);
    return Fail(ErrorCode::kBadConfig,
                nearest.empty()
                    ? fmt::format("unknown field \"{}\"; known: {}", shown, fmt::join(known_, ", "))
                    : fmt::format("unknown field \"{}\": did you mean \"{}\"?", shown, nearest));
  }
  return {};
}

}  // namespace imnorm
