// Walks the entries of a TIFF's first directory and says which of them are whole.
#include "decode/tiff_directory.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <string_view>

namespace imnorm {
namespace {

struct Needed {
  int tag;
  const char* name;
};

// Every tag that decides a sample's value or place.
constexpr Needed kNeeded[] = {
    {256, "the width"},
    {257, "the height"},
    {258, "the bits of a sample"},
    {259, "the compression"},
    {262, "the meaning of the samples"},
    {266, "the order of bits"},
    {273, "the table of strips"},
    {277, "the number of samples"},
    {278, "the rows of a strip"},
    {279, "the table of strip sizes"},
    {284, "the order of planes"},
    {292, "the fax options"},
    {293, "the fax options"},
    {317, "the predictor"},
    {318, "the white point"},
    {319, "the primaries"},
    {320, "the palette"},
    {322, "the width of a tile"},
    {323, "the height of a tile"},
    {324, "the table of tiles"},
    {325, "the table of tile sizes"},
    {332, "the set of inks"},
    {338, "the meaning of extra samples"},
    {339, "the type of the samples"},
    {347, "the JPEG tables"},
    {512, "the JPEG process"},
    {513, "the place of the JPEG"},
    {514, "the size of the JPEG"},
    {515, "the restart interval"},
    {519, "the JPEG quantisation tables"},
    {520, "the JPEG DC tables"},
    {521, "the JPEG AC tables"},
    {529, "the YCbCr coefficients"},
    {530, "the chroma subsampling"},
    {532, "the reference black and white"},
    {50674, "the LERC parameters"},
};

constexpr int kBigVersion = 43;

bool IsBigEndian(std::span<const uint8_t> tiff) { return !tiff.empty() && tiff[0] == 'M'; }

uint64_t BytesOfType(int type) {
  constexpr uint64_t kBytes[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};
  return type < int(std::size(kBytes)) ? kBytes[type] : 0;
}

}  // namespace

TiffDirectory::TiffDirectory(std::span<const uint8_t> tiff) : view_(tiff, IsBigEndian(tiff)) {
  const bool big = view_.U16(2) == kBigVersion;
  ReadAt(big ? view_.U64(8) : view_.U32(4), big);
}

TiffDirectory::TiffDirectory(std::span<const uint8_t> tiff, uint64_t offset)
    : view_(tiff, IsBigEndian(tiff)) {
  ReadAt(offset, view_.U16(2) == kBigVersion);
}

TiffDirectory TiffDirectory::OfPage(std::span<const uint8_t> tiff, uint64_t page) {
  TiffDirectory directory(tiff);
  const ByteView& view = directory.view_;
  const bool big = view.U16(2) == kBigVersion;
  for (; page > 0 && directory.next_ != 0; --page) {
    const uint64_t next = directory.next_;
    directory = TiffDirectory(tiff, big ? view.U64(next) : view.U32(next));
  }
  return directory;
}

void TiffDirectory::ReadAt(uint64_t directory, bool big) {
  const uint64_t head = big ? 8 : 2;
  const uint64_t size = big ? 20 : 12;
  offset_ = directory;
  if (directory == 0 || !view_.Has(directory, head)) return;
  const uint64_t count = big ? view_.U64(directory) : view_.U16(directory);
  if (count > view_.size() / size || !view_.Has(directory + head, count * size)) return;
  whole_ = true;
  next_ = directory + head + count * size;
  entries_.reserve(size_t(count));
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t at = directory + head + i * size;
    Entry entry{view_.U16(at), view_.U16(at + 2), big ? view_.U64(at + 4) : view_.U32(at + 4),
                at + (big ? 12 : 8), true};
    const uint64_t unit = BytesOfType(entry.type);
    const uint64_t inside = big ? 8 : 4;
    if (unit != 0 && entry.count > inside / unit) {
      entry.at = big ? view_.U64(entry.at) : view_.U32(entry.at);
      entry.whole = entry.count <= view_.size() && view_.Has(entry.at, unit * entry.count);
    }
    entries_.push_back(entry);
  }
}

const TiffDirectory::Entry* TiffDirectory::Find(int tag) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [tag](const Entry& entry) { return entry.tag == tag; });
  return found == entries_.end() ? nullptr : &*found;
}

bool TiffDirectory::Has(int tag) const {
  const Entry* entry = Find(tag);
  return entry != nullptr && entry->whole && BytesOfType(entry->type) != 0;
}

bool TiffDirectory::HasForPillow(int tag) const {
  for (const Entry& entry : entries_) {
    if (BytesOfType(entry.type) == 0) continue;
    if (!entry.whole) return false;
    if (entry.tag == tag) return true;
  }
  return false;
}

uint64_t TiffDirectory::Number(int tag, uint64_t otherwise, uint64_t index) const {
  const Entry* entry = Find(tag);
  return entry == nullptr ? otherwise : NumberOf(*entry, otherwise, index);
}

uint64_t TiffDirectory::Numbers(const Entry& entry) const {
  constexpr int kIntegers[] = {1, 3, 4, 13, 16, 18};
  const bool integers = std::ranges::find(kIntegers, entry.type) != std::end(kIntegers);
  return integers && entry.whole ? entry.count : 0;
}

uint64_t TiffDirectory::NumberOf(const Entry& entry, uint64_t otherwise, uint64_t index) const {
  if (index >= Numbers(entry)) return otherwise;
  switch (entry.type) {
    case 1:
      return view_.U8(entry.at + index);
    case 3:
      return view_.U16(entry.at + 2 * index);
    case 4:
    case 13:
      return view_.U32(entry.at + 4 * index);
    case 16:
    case 18:
      return view_.U64(entry.at + 8 * index);
    default:
      return otherwise;
  }
}

uint64_t TiffDirectory::Count(int tag) const {
  const Entry* entry = Find(tag);
  return entry == nullptr ? 0 : Numbers(*entry);
}

bool TiffDirectory::HasEqual(int tag) const {
  const Entry* entry = Find(tag);
  if (entry == nullptr) return true;
  const uint64_t first = NumberOf(*entry, 0, 0);
  for (uint64_t i = 1; i < Numbers(*entry); ++i) {
    if (NumberOf(*entry, first, i) != first) return false;
  }
  return true;
}

std::span<const uint8_t> TiffDirectory::Bytes(int tag) const {
  const Entry* entry = Find(tag);
  if (entry == nullptr || !entry->whole) return {};
  return view_.Slice(entry->at, entry->count * BytesOfType(entry->type));
}

std::optional<double> TiffDirectory::Nodata() const {
  constexpr int kGdalNodata = 42113;
  constexpr int kText = 2;
  const Entry* entry = Find(kGdalNodata);
  if (entry == nullptr || entry->type != kText) return std::nullopt;
  const std::span<const uint8_t> bytes = Bytes(kGdalNodata);
  std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  text = text.substr(0, text.find('\0'));
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (!text.empty() && (blank(text.front()) || text.front() == '+')) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole ? std::optional(value) : std::nullopt;
}

std::string TiffDirectory::CutOff() const {
  if (!whole_) return "the directory";
  for (const Entry& entry : entries_) {
    if (entry.whole) continue;
    for (const Needed& needed : kNeeded) {
      if (needed.tag == entry.tag) return fmt::format("{} (tag {})", needed.name, needed.tag);
    }
  }
  return "";
}

uint64_t TiffDirectory::CountDirectories() const {
  const bool big = view_.U16(2) == kBigVersion;
  const uint64_t head = big ? 8 : 2;
  const uint64_t entry = big ? 20 : 12;
  uint64_t found = 1;
  uint64_t mark = 0;  // a directory of some steps ago: meeting it again is a loop
  for (uint64_t place = next_; place != 0; ++found) {
    const uint64_t at = big ? view_.U64(place) : view_.U32(place);
    if (at == 0 || at == mark || !view_.Has(at, head)) break;
    const uint64_t count = big ? view_.U64(at) : view_.U16(at);
    if (count > view_.size() / entry) break;
    if ((found & (found - 1)) == 0) mark = at;
    place = at + head + count * entry;
  }
  return found;
}

bool TiffDirectory::IsSparse() const {
  constexpr int kTables[][2] = {{273, 279}, {324, 325}};
  for (const auto& tags : kTables) {
    const Entry* offsets = Find(tags[0]);
    const Entry* sizes = Find(tags[1]);
    if (offsets == nullptr || sizes == nullptr) continue;
    const uint64_t parts = std::min(Numbers(*offsets), Numbers(*sizes));
    for (uint64_t i = 0; i < parts; ++i) {
      if (NumberOf(*offsets, 1, i) == 0 && NumberOf(*sizes, 1, i) == 0) return true;
    }
  }
  return false;
}

}  // namespace imnorm
