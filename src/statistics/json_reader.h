// Reads JSON of unknown origin, member by member.
#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "imnorm/exact_sum.h"
#include "imnorm/words.h"

namespace imnorm {

// Remembers the first member that is wrong, so that a caller checks once at the end; after an error
// every read gives a harmless default.
class JsonReader {
 public:
  using Json = nlohmann::ordered_json;

  const std::optional<std::string>& wrong() const { return wrong_; }
  void Refuse(const std::string& what) {
    if (!wrong_) wrong_ = what;
  }

  // null if there is none.
  const Json& Member(const Json& object, const char* key);

  // An unsigned number, or one in quotes.
  uint64_t Count(const Json& value, const char* what);
  uint64_t CountOf(const Json& object, const char* key) { return Count(Member(object, key), key); }
  int Int(const Json& value, const char* what, int low, int high);
  double Number(const Json& value, const char* what);
  std::string Text(const Json& object, const char* key);

  // The choice that a word stands for; the first one where it is none.
  template <typename E>
  E Choice(const Json& object, const char* key) {
    const std::string text = Text(object, key);
    for (const Word<E>& word : Words<E>()) {
      if (word.text == text) return word.value;
    }
    RefuseWord(key, text, WordTexts<E>());
    return Words<E>().front().value;
  }

  // An array, with exactly `size` items in the second form.
  const Json& List(const Json& object, const char* key);
  const Json& List(const Json& object, const char* key, size_t size);

  ExactSum Sum(const Json& value, const char* what);
  void Sums(const Json& object, const char* key, std::vector<ExactSum>* sums);

 private:
  void RefuseWord(const char* key, const std::string& text, const std::vector<std::string>& known);

  std::optional<std::string> wrong_;
};

}  // namespace imnorm
