// Reads words and numbers of option values.
#include "cli/parse_values.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <type_traits>

namespace imnorm::cli {
namespace {

tl::unexpected<Error> Bad(std::string_view option, std::string_view text, std::string_view takes) {
  return Fail(ErrorCode::kBadArgument, fmt::format("{} \"{}\": it takes {}", option, text, takes));
}

// The whole of `text` as a number, or false.
template <typename T>
bool ReadNumber(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

bool ParseSide(std::string_view text, int& side) {
  return ReadNumber(text, side) && side >= 1 && side <= 1 << 24;
}

// "WxH" or "W,H".
bool ParseSides(std::string_view text, int& width, int& height) {
  const size_t x = text.find('x');
  return x != std::string_view::npos && ParseSide(text.substr(0, x), width) &&
         ParseSide(text.substr(x + 1), height);
}

}  // namespace

tl::unexpected<Error> NoSuchWord(std::string_view option, std::string_view word,
                                 const std::vector<std::string>& known) {
  const std::string nearest = NearestWord(word, known);
  return Fail(ErrorCode::kBadArgument,
              fmt::format("{} \"{}\": {}it takes {}", option, word,
                          nearest.empty() ? "" : fmt::format("did you mean \"{}\"? ", nearest),
                          fmt::join(known, "|")));
}

template <typename T>
Result<T> ParseNumber(std::string_view text) {
  T number{};
  if (ReadNumber(text, number)) return number;
  return Fail(ErrorCode::kBadArgument,
              fmt::format("\"{}\" is no {}", text,
                          std::is_floating_point_v<T> ? "number"
                          : std::is_unsigned_v<T>     ? "whole number of 0 or above"
                                                      : "whole number"));
}
template Result<int> ParseNumber(std::string_view text);
template Result<int64_t> ParseNumber(std::string_view text);
template Result<uint64_t> ParseNumber(std::string_view text);
template Result<double> ParseNumber(std::string_view text);

Result<std::vector<double>> ParseNumbers(std::string_view option, std::string_view text) {
  std::vector<double> numbers;
  std::string_view rest = text;
  while (true) {
    const size_t comma = rest.find(',');
    std::string_view item = rest.substr(0, comma);
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    double number = 0;
    if (!ReadNumber(item, number) || !std::isfinite(number)) {
      return Bad(option, text, "numbers separated by commas");
    }
    numbers.push_back(number);
    if (comma == std::string_view::npos) return numbers;
    rest.remove_prefix(comma + 1);
  }
}

Result<void> ParseResize(std::string_view text, ResizePlan& plan) {
  constexpr std::string_view kTakes =
      "N (short edge), N,max:M, WxH, long:N, letterbox:WxH[,stride:N] or none, sides from 1 to "
      "16777216";
  plan.size = plan.max_size = plan.width = plan.height = plan.stride = 0;
  constexpr std::string_view kLong = "long:";
  constexpr std::string_view kLetterbox = "letterbox:";
  constexpr std::string_view kMax = ",max:";
  constexpr std::string_view kStride = ",stride:";
  if (text == "none") {
    plan.kind = ResizeKind::kNone;
  } else if (text.starts_with(kLong)) {
    plan.kind = ResizeKind::kLongEdge;
    if (!ParseSide(text.substr(kLong.size()), plan.size)) return Bad("--resize", text, kTakes);
  } else if (text.starts_with(kLetterbox)) {
    plan.kind = ResizeKind::kLetterbox;
    std::string_view sides = text.substr(kLetterbox.size());
    if (const size_t stride = sides.find(kStride); stride != std::string_view::npos) {
      if (!ParseSide(sides.substr(stride + kStride.size()), plan.stride)) {
        return Bad("--resize", text, kTakes);
      }
      sides = sides.substr(0, stride);
    }
    if (ParseSide(sides, plan.width)) {
      plan.height = plan.width;
    } else if (!ParseSides(sides, plan.width, plan.height)) {
      return Bad("--resize", text, kTakes);
    }
  } else if (ParseSides(text, plan.width, plan.height)) {
    plan.kind = ResizeKind::kExact;
  } else {
    plan.kind = ResizeKind::kShortEdge;
    const size_t max = text.find(kMax);
    const bool sound =
        ParseSide(text.substr(0, max), plan.size) &&
        (max == std::string_view::npos || ParseSide(text.substr(max + kMax.size()), plan.max_size));
    if (!sound) return Bad("--resize", text, kTakes);
  }
  return {};
}

Result<void> ParseCrop(std::string_view text, CropPlan& plan) {
  plan.width = plan.height = 0;
  if (text == "none") return {};
  if (ParseSide(text, plan.width)) {
    plan.height = plan.width;
    return {};
  }
  if (ParseSides(text, plan.width, plan.height)) return {};
  return Bad("--crop", text, "N, WxH or none, sides from 1 to 16777216");
}

Result<std::array<uint8_t, 3>> ParseColour(std::string_view option, std::string_view text) {
  if (text == "white") return std::array<uint8_t, 3>{255, 255, 255};
  if (text == "black") return std::array<uint8_t, 3>{0, 0, 0};
  uint32_t rgb = 0;
  if (text.size() == 7 && text.front() == '#') {
    const auto [end, error] = std::from_chars(text.data() + 1, text.data() + 7, rgb, 16);
    if (error == std::errc() && end == text.data() + 7) {
      return std::array<uint8_t, 3>{uint8_t(rgb >> 16), uint8_t(rgb >> 8), uint8_t(rgb)};
    }
  }
  return Bad(option, text, "white, black or #rrggbb");
}

Result<uint64_t> ParseBytes(std::string_view option, std::string_view text) {
  constexpr std::string_view kUnits = "KMGT";
  const auto bad = [&] { return Bad(option, text, "a number of bytes above 0, as 500M or 2G"); };
  const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  uint64_t bytes = 0;
  if (!ReadNumber(text.substr(0, digits), bytes) || bytes == 0) return bad();
  std::string_view unit = text.substr(digits);
  if (unit.empty()) return bytes;
  const size_t power = kUnits.find(char(std::toupper(unit.front())));
  unit.remove_prefix(1);
  if (power == std::string_view::npos || !(unit.empty() || unit == "B" || unit == "iB"))
    return bad();
  const int shift = 10 * int(power + 1);
  if (bytes > (~uint64_t{0} >> shift)) return bad();
  return bytes << shift;
}

Result<Shard> ParseShard(std::string_view text) {
  const size_t slash = text.find('/');
  Shard shard;
  if (slash != std::string_view::npos && ReadNumber(text.substr(0, slash), shard.index) &&
      ReadNumber(text.substr(slash + 1), shard.count) && shard.index >= 1 &&
      shard.index <= shard.count && shard.count <= kMostShards) {
    return shard;
  }
  return Bad("--shard", text, "I/N with 1 <= I <= N <= 1000000, or auto");
}

}  // namespace imnorm::cli
