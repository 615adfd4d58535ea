// The guard around the JSON library's parser: it watches keys and nesting and knows where it is.
#include "json/guarded_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <set>
#include <string>
#include <vector>

namespace imnorm {
namespace {

// Thrown by the parser's callback to leave at once, and caught where the parser was called.
struct Refused {
  std::string reason;
};

// Tells its owner how far the parser has read.
class Tracked {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  Tracked(const char* at, const char** read) : at_(at), read_(read) {}
  reference operator*() const { return *at_; }
  Tracked& operator++() {
    *read_ = ++at_;
    return *this;
  }
  Tracked operator++(int) {
    Tracked before = *this;
    ++*this;
    return before;
  }
  bool operator==(const Tracked& other) const { return at_ == other.at_; }
  bool operator!=(const Tracked& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  const char** read_;
};

// "line 3, column 7" of the byte before `place`.
std::string PlaceIn(std::string_view text, const char* place) {
  const size_t read = size_t(place - text.data());
  const std::string_view before = text.substr(0, read == 0 ? 0 : read - 1);
  const size_t line_start = before.rfind('\n') + 1;  // 0 where there is none
  return fmt::format("line {}, column {}", 1 + std::count(before.begin(), before.end(), '\n'),
                     1 + before.size() - line_start);
}

template <typename Document>
class Guard {
 public:
  using Event = typename Document::parse_event_t;

  Guard(std::string_view text, const char* const* read, int deepest)
      : text_(text), read_(read), deepest_(deepest) {}

  bool operator()(int depth, Event event, Document& parsed) {
    // `depth` counts what is open around the event.
    const bool opens = event == Event::object_start || event == Event::array_start;
    if (opens && depth >= deepest_) Refuse(fmt::format("nested deeper than {}", deepest_));
    if (event == Event::object_start) {
      keys_.emplace_back();
    } else if (event == Event::object_end) {
      keys_.pop_back();
    } else if (event == Event::key) {
      const auto& key = parsed.template get_ref<const std::string&>();
      if (!keys_.back().insert(key).second) {
        Refuse(fmt::format("\"{}\" is given twice", key.substr(0, 80)));
      }
    }
    return true;
  }

 private:
  [[noreturn]] void Refuse(const std::string& what) const {
    throw Refused{fmt::format("{}: {}", PlaceIn(text_, *read_), what)};
  }

  std::string_view text_;
  const char* const* read_;
  int deepest_;
  std::vector<std::set<std::string>> keys_;  // of the objects that are open
};

}  // namespace

template <typename Document>
Result<Document> ParseGuarded(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes) {
    return Fail(ErrorCode::kCorrupt,
                fmt::format("{} bytes of JSON, where {} are read", text.size(), limits.bytes));
  }
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  const char* read = text.data();
  try {
    Guard<Document> guard(text, &read, limits.depth);
    return Document::parse(Tracked(text.data(), &read), Tracked(text.data() + text.size(), &read),
                           std::ref(guard));
  } catch (const Refused& refused) {
    return Fail(ErrorCode::kCorrupt, refused.reason);
  } catch (const nlohmann::json::exception& error) {
    // The library's text begins with its own name and number in brackets.
    std::string reason = error.what();
    if (const size_t end = reason.find("] "); end != std::string::npos) reason.erase(0, end + 2);
    return Fail(ErrorCode::kCorrupt, "not JSON: " + reason);
  }
}

template Result<nlohmann::json> ParseGuarded(std::string_view, const JsonLimits&);
template Result<nlohmann::ordered_json> ParseGuarded(std::string_view, const JsonLimits&);

}  // namespace imnorm
