// Sixteen digits of XXH3, a space, the text.
#include "pipeline/hashed_line.h"

#include <fmt/format.h>

#include "io/xxh3.h"

namespace imnorm {
namespace {

constexpr size_t kDigits = kHashedLineFrame - 2;

}  // namespace

void BeginHashedLine(std::string& line) { line.assign(kDigits + 1, ' '); }

void EndHashedLine(std::string& line) {
  const uint64_t hash = Xxh3Of(std::string_view(line).substr(kDigits + 1));
  fmt::format_to(line.begin(), "{:016x}", hash);
  line += '\n';
}

std::optional<std::string_view> TextOfHashedLine(std::string_view line) {
  if (line.size() <= kDigits || line[kDigits] != ' ') return std::nullopt;
  const std::string_view text = line.substr(kDigits + 1);
  if (fmt::format("{:016x}", Xxh3Of(text)) != line.substr(0, kDigits)) return std::nullopt;
  return text;
}

}  // namespace imnorm
