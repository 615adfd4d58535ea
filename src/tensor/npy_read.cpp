// The header of an .npy file: a Python dict literal of three fixed keys.
#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "tensor/tensor_layout.h"

namespace imnorm {
namespace {

constexpr std::string_view kMagic{"\x93NUMPY", 6};
constexpr uint64_t kMaxHeader = 64 << 10;

tl::unexpected<Error> Damaged(const std::string& what) {
  return Fail(ErrorCode::kCorrupt, "not a valid .npy header: " + what);
}

// Walks the dict's text. Every taker leaves the cursor alone when it does not match.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  bool Take(char wanted) {
    SkipSpaces();
    if (text_.empty() || text_.front() != wanted) return false;
    text_.remove_prefix(1);
    return true;
  }

  bool TakeWord(std::string_view word) {
    SkipSpaces();
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }

  std::optional<std::string_view> TakeString() {
    SkipSpaces();
    if (text_.empty() || (text_.front() != '\'' && text_.front() != '"')) return std::nullopt;
    const size_t end = text_.find(text_.front(), 1);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view inside = text_.substr(1, end - 1);
    text_.remove_prefix(end + 1);
    return inside;
  }

  std::optional<int64_t> TakeInteger() {
    SkipSpaces();
    int64_t value = 0;
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
    if (error != std::errc()) return std::nullopt;
    text_.remove_prefix(size_t(end - text_.data()));
    if (!text_.empty() && text_.front() == 'L') text_.remove_prefix(1);  // written by Python 2
    return value;
  }

  bool AtEnd() {
    SkipSpaces();
    return text_.empty();
  }

 private:
  void SkipSpaces() {
    const size_t first = text_.find_first_not_of(" \t\n\r");
    text_.remove_prefix(first == std::string_view::npos ? text_.size() : first);
  }

  std::string_view text_;
};

struct StoredType {
  ElementType type;
  bool big_endian;
};

Result<StoredType> TypeOfDescr(std::string_view descr) {
  const auto unsupported = [&](const char* help) {
    return Fail(ErrorCode::kUnsupported,
                fmt::format("elements of type '{}' are not read; {}", descr, help));
  };
  if (descr.size() < 2) return Damaged(fmt::format("the type '{}'", descr));
  const char order = descr.front();
  const std::string_view code = descr.substr(1);
  if (code == "V2") return unsupported("bfloat16 is read from .safetensors");
  if (code.front() == 'O' || descr.front() == 'O') return unsupported("save numbers, not objects");
  for (const ElementTypeRow& known : kElementTypes) {
    if (known.numpy == nullptr || code != known.numpy) continue;
    const bool one_byte = known.bytes == 1;
    if (one_byte ? order == '|' || order == '<' || order == '>' : order == '<') {
      return StoredType{known.type, false};
    }
    if (order == '>') return StoredType{known.type, true};
    return Damaged(fmt::format("the type '{}'", descr));
  }
  return unsupported("save a.astype(numpy.float32)");
}

Result<std::vector<int64_t>> TakeShape(Cursor& cursor) {
  std::vector<int64_t> shape;
  if (!cursor.Take('(')) return Damaged("the shape is no tuple");
  while (!cursor.Take(')')) {
    const auto side = cursor.TakeInteger();
    if (!side || shape.size() == kMaxRank) return Damaged("the shape is no tuple of integers");
    shape.push_back(*side);
    if (cursor.Take(',')) continue;
    if (!cursor.Take(')')) return Damaged("the shape does not end");
    if (shape.size() == 1) return Damaged("the shape is no tuple");
    break;
  }
  return shape;
}

struct Fields {
  std::optional<StoredType> type;
  std::optional<bool> fortran_order;
  std::optional<std::vector<int64_t>> shape;
};

Result<void> TakeField(std::string_view key, Cursor& cursor, Fields& fields) {
  if (key == "descr" && !fields.type) {
    if (cursor.Take('[')) {
      return Fail(ErrorCode::kUnsupported, "structured elements are not read; save one field");
    }
    const auto descr = cursor.TakeString();
    if (!descr) return Damaged("'descr' is no string");
    auto type = TypeOfDescr(*descr);
    if (!type) return Failed(type);
    fields.type = *type;
  } else if (key == "fortran_order" && !fields.fortran_order) {
    if (cursor.TakeWord("True")) {
      fields.fortran_order = true;
    } else if (cursor.TakeWord("False")) {
      fields.fortran_order = false;
    } else {
      return Damaged("'fortran_order' is neither True nor False");
    }
  } else if (key == "shape" && !fields.shape) {
    auto shape = TakeShape(cursor);
    if (!shape) return Failed(shape);
    fields.shape = std::move(*shape);
  } else {
    return Damaged(fmt::format("the key '{}' is unknown or comes twice", key));
  }
  return {};
}

// Bytes before the dict: magic, two bytes of version, its length in 2 or (from version 2) 4 bytes.
size_t DictOffset(std::span<const uint8_t> prefix) { return prefix[6] == 1 ? 10 : 12; }

}  // namespace

Result<uint64_t> NpyHeaderLength(std::span<const uint8_t> prefix) {
  if (prefix.size() < kNpyPrefix) return Damaged("the file is too short");
  const std::string_view magic{reinterpret_cast<const char*>(prefix.data()), kMagic.size()};
  if (magic != kMagic) return Damaged("it does not begin with \\x93NUMPY");
  if (prefix[6] < 1 || prefix[6] > 3 || prefix[7] != 0) {
    return Damaged(fmt::format("version {}.{}", prefix[6], prefix[7]));
  }
  uint64_t length = prefix[8] | uint64_t(prefix[9]) << 8;
  if (prefix[6] >= 2) length |= uint64_t(prefix[10]) << 16 | uint64_t(prefix[11]) << 24;
  if (length > kMaxHeader) return Damaged(fmt::format("its length is {} bytes", length));
  return DictOffset(prefix) + length;
}

Result<TensorLayout> ParseNpyHeader(std::span<const uint8_t> header) {
  const auto length = NpyHeaderLength(header);
  if (!length) return Failed(length);
  if (*length > header.size()) return Damaged("the file ends inside it");
  const size_t start = DictOffset(header);
  Cursor cursor({reinterpret_cast<const char*>(header.data()) + start, size_t(*length) - start});
  Fields fields;
  if (!cursor.Take('{')) return Damaged("there is no dict");
  while (!cursor.Take('}')) {
    const auto key = cursor.TakeString();
    if (!key || !cursor.Take(':')) return Damaged("the dict has no such syntax");
    auto taken = TakeField(*key, cursor, fields);
    if (!taken) return Failed(taken);
    if (cursor.Take(',')) continue;
    if (!cursor.Take('}')) return Damaged("the dict does not end");
    break;
  }
  if (!cursor.AtEnd()) return Damaged("something follows the dict");
  if (!fields.type || !fields.fortran_order || !fields.shape) {
    return Damaged("'descr', 'fortran_order' or 'shape' is missing");
  }
  auto bytes = DenseBytes(fields.type->type, *fields.shape);
  if (!bytes) return Failed(bytes);
  // With one side or none the two orders are one.
  const bool fortran_order = *fields.fortran_order && fields.shape->size() > 1;
  return TensorLayout{
      fields.type->type, std::move(*fields.shape), *length, *bytes, fields.type->big_endian,
      fortran_order};
}

}  // namespace imnorm
