// The one writer of JSON text in a fixed form: objects over lines, what is in them in one line,
// 17 significant digits.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace imnorm {

// A number as 17 significant digits print it, which any double survives; null if there is none.
std::string JsonNumber(std::optional<double> value);

// A quoted string; bytes that are no UTF-8 become the replacement character.
std::string JsonString(std::string_view text);

std::string JsonList(const std::vector<std::string>& items);
std::string JsonCounts(const std::vector<uint64_t>& counts);
std::string JsonNumbers(const std::vector<std::optional<double>>& values);
std::string JsonMatrix(const std::vector<std::vector<std::optional<double>>>& rows);

// A list, one item a line, as a member of an object that is `depth` - 1 deep.
std::string JsonLines(const std::vector<std::string>& items, int depth);

// An object, one member a line.
class JsonObject {
 public:
  explicit JsonObject(int depth) : depth_(depth) {}

  // `value` is JSON text already.
  void Add(std::string_view key, std::string_view value);
  template <std::integral Count>
  void Add(std::string_view key, Count value) {
    Add(key, std::to_string(value));
  }
  std::string Text() const;  // without a newline at the end

 private:
  int depth_;
  std::string members_;
};

// An object in one line.
class JsonRow {
 public:
  // `value` is JSON text already.
  void Add(std::string_view key, std::string_view value);
  template <std::integral Count>
  void Add(std::string_view key, Count value) {
    Add(key, std::to_string(value));
  }
  // A path as the members "path" and, where it is no UTF-8, "path_b64".
  void AddPath(std::string_view path);
  std::string Text() const;

 private:
  std::string members_;
};

}  // namespace imnorm
