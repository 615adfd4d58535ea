// The form of a document with rows, for those who write it and for those who read its head alone.
#include "json/json_rows.h"

#include <fmt/format.h>

#include <cassert>

namespace imnorm {
namespace {

constexpr std::string_view kHeadEnd = "\n}";

std::string Opening(std::string_view name) { return fmt::format(",\n  \"{}\": [", name); }

}  // namespace

std::string JsonRows::Begin(std::string head, std::string_view name) {
  assert(head.ends_with(kHeadEnd));
  head.resize(head.size() - kHeadEnd.size());
  return head + Opening(name);
}

std::string JsonRows::Item(std::string_view text) {
  std::string line = first_ ? "\n    " : ",\n    ";
  first_ = false;
  line += text;
  return line;
}

std::string JsonRows::End() { return "\n  ]\n}\n"; }

bool JsonRows::Cut(std::string_view name, std::string& text) {
  const size_t rows = text.find(Opening(name));
  if (rows == std::string::npos) return false;
  text.resize(rows);
  text += '}';
  return true;
}

}  // namespace imnorm
