// Strict reading of JSON that may be wrong or hostile: every key is read, ignored by name, or an
// error.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "imnorm/error.h"
#include "imnorm/words.h"

namespace imnorm {

using Json = nlohmann::json;

// Parses a JSON document that must be an object.
//
// Errors:   kBadConfig: not JSON, a key given twice, nesting deeper than 32, over 16 MiB
Result<Json> ParseJsonObject(std::string_view text);

// Reads the fields of one object. The first error is kept and makes every later call do nothing,
// so that a reader is a plain list of fields with one check at its end. A field that is absent or
// null leaves `out` as it is.
class ObjectReader {
 public:
  // `where` stands in front of the fields' names in messages: "resize" gives "resize.size".
  ObjectReader(const Json& object, std::string where);

  bool Has(const std::string& key);  // present and not null; the key counts as known
  const Json* Find(const std::string& key);

  void Bool(const std::string& key, bool& out);
  void Int(const std::string& key, int& out, int64_t lowest, int64_t highest);
  void Int64(const std::string& key, int64_t& out, int64_t lowest, int64_t highest);
  void Number(const std::string& key, double& out);
  void String(const std::string& key, std::string& out);
  // A list of numbers, or a single number for a list of one.
  void Numbers(const std::string& key, std::vector<double>& out, size_t most);
  void Colour(const std::string& key, uint8_t out[3]);
  void Object(const std::string& key, const std::function<void(ObjectReader&)>& read);
  // Known to be without effect on pixels.
  void Ignore(std::initializer_list<const char*> keys);
  // The same of every field not asked for so far that is `known` elsewhere, or is spelt unlike all
  // that were asked for.
  void IgnoreOthers(const std::function<bool(const std::string& key)>& known);

  template <typename E>
  void Choice(const std::string& key, E& out) {
    std::string text;
    String(key, text);
    if (!ok() || text.empty()) return;
    const Result<E> value = ParseWord<E>(key, text);
    if (value) {
      out = *value;
    } else {
      FailAt(key, value.error().message);
    }
  }

  bool ok() const { return !error_.has_value(); }
  // Records an error at a field.
  void FailAt(const std::string& key, const std::string& message);
  void FailWith(const std::string& message);

  // The first error, or the first field that nobody asked for.
  Result<void> Finish();

 private:
  std::string Name(const std::string& key) const;

  const Json& object_;
  std::string where_;
  std::vector<std::string> known_;
  std::optional<Error> error_;
};

// The plan of a parsed document of imnorm's own schema; see PlanFromJson.
Result<Plan> PlanFromDocument(const Json& document);

}  // namespace imnorm
