// Tar headers with no owner and no time, so that equal runs give equal bytes.
#include "sink/tar_records.h"

#include <fmt/format.h>

#include <cstring>

namespace imnorm {
namespace {

constexpr uint64_t kMostOctal = uint64_t{1} << 33;  // eleven digits
constexpr size_t kName = 100;
constexpr size_t kPrefix = 155;

// Where a name is cut so that both parts fit; npos: nowhere, or it need not be.
size_t CutOf(std::string_view name) {
  if (name.size() <= kName) return std::string_view::npos;
  const size_t slash = name.find('/', name.size() - kName - 1);
  return slash == 0 || slash > kPrefix || slash + 1 == name.size() ? std::string_view::npos : slash;
}

std::string Block(std::string_view name, uint64_t bytes, char kind) {
  std::string block(kTarBlock, '\0');
  const auto put = [&](size_t at, std::string_view text) {
    std::memcpy(block.data() + at, text.data(), text.size());
  };
  const size_t cut = CutOf(name);
  const bool split = cut != std::string_view::npos;
  put(0, (split ? name.substr(cut + 1) : name).substr(0, kName));
  put(100, "0000644");
  put(108, "0000000");
  put(116, "0000000");
  put(124, fmt::format("{:011o}", bytes < kMostOctal ? bytes : 0));
  put(136, "00000000000");
  put(148, "        ");  // the checksum counts as spaces
  block[156] = kind;
  put(257, "ustar");
  put(263, "00");
  if (split) put(345, name.substr(0, cut));
  unsigned sum = 0;
  for (const char c : block) sum += uint8_t(c);
  put(148, fmt::format("{:06o}", sum));
  block[154] = '\0';
  return block;
}

// "LENGTH keyword=value\n", where the length counts its own digits.
std::string PaxRecord(std::string_view keyword, std::string_view value) {
  const size_t rest = keyword.size() + value.size() + 3;
  size_t length = rest + 1;
  while (length != rest + fmt::formatted_size("{}", length)) ++length;
  return fmt::format("{} {}={}\n", length, keyword, value);
}

}  // namespace

std::string TarHeader(std::string_view name, uint64_t bytes) {
  std::string pax;
  if (name.size() > kName && CutOf(name) == std::string_view::npos) pax += PaxRecord("path", name);
  if (bytes >= kMostOctal) pax += PaxRecord("size", fmt::format("{}", bytes));
  const std::string block = Block(name, bytes, '0');
  if (pax.empty()) return block;
  const size_t padding = TarPadding(pax.size());
  return Block("PaxHeaders/record", pax.size(), 'x') + pax + std::string(padding, '\0') + block;
}

}  // namespace imnorm
