// Walks the boxes of an ISO base media file to its primary item and the properties of that.
#include "decode/iso_picture.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "decode/bytes.h"

namespace imnorm {
namespace {

constexpr uint32_t Type(const char (&name)[5]) {
  return uint32_t(uint8_t(name[0])) << 24 | uint32_t(uint8_t(name[1])) << 16 |
         uint32_t(uint8_t(name[2])) << 8 | uint8_t(name[3]);
}

// A box: what it is, and where its content lies.
struct Box {
  uint32_t type = 0;
  uint64_t begin = 0;
  uint64_t end = 0;
};

// Calls visit(box) for each box from `at` to `end`.
template <typename Visit>
void ForEachBox(const ByteView& view, uint64_t at, uint64_t end, Visit visit) {
  end = std::min<uint64_t>(end, view.size());
  while (at + 8 <= end) {
    Box box{view.U32(at + 4), at + 8, 0};
    uint64_t length = view.U32(at);
    if (length == 1) {
      length = view.U64(at + 8);
      box.begin = at + 16;
    }
    if (length == 0 || length > end - at) length = end - at;
    box.end = at + length;
    if (box.begin > box.end) return;
    visit(box);
    at = box.end;
  }
}

constexpr uint64_t kFullBox = 4;      // version and flags
constexpr size_t kMostItems = 65536;  // of which a file of tiles has some hundred

// What the boxes say of one item.
struct Item {
  uint32_t type = 0;
  std::vector<uint32_t> properties;  // numbers in the list of all, from 1 on
};

struct Reference {
  uint32_t type = 0;
  uint32_t from = 0;
  uint32_t to = 0;
};

struct Meta {
  uint32_t primary = 0;
  bool has_primary = false;
  std::map<uint32_t, Item> items;
  std::vector<Reference> references;
  std::vector<Box> properties;
};

// The largest side of numbers that boxes of a version store items by.
uint64_t NumberBytes(bool wide) { return wide ? 4 : 2; }
uint32_t Number(const ByteView& view, uint64_t at, bool wide) {
  return wide ? view.U32(at) : view.U16(at);
}

void ReadItems(const ByteView& view, const Box& box, Meta& meta) {
  const uint64_t count_bytes = view.U8(box.begin) == 0 ? 2 : 4;
  ForEachBox(view, box.begin + kFullBox + count_bytes, box.end, [&](const Box& entry) {
    const int version = view.U8(entry.begin);
    if (entry.type != Type("infe") || version < 2 || meta.items.size() >= kMostItems) return;
    const bool wide = version > 2;
    const uint64_t at = entry.begin + kFullBox;
    meta.items[Number(view, at, wide)].type = view.U32(at + NumberBytes(wide) + 2);
  });
}

void ReadReferences(const ByteView& view, const Box& box, Meta& meta) {
  const bool wide = view.U8(box.begin) != 0;
  ForEachBox(view, box.begin + kFullBox, box.end, [&](const Box& entry) {
    const uint32_t from = Number(view, entry.begin, wide);
    const uint64_t first = entry.begin + NumberBytes(wide) + 2;
    const uint64_t count = view.U16(entry.begin + NumberBytes(wide));
    for (uint64_t i = 0; i < count && meta.references.size() < kMostItems; ++i) {
      const uint64_t at = first + i * NumberBytes(wide);
      if (at + NumberBytes(wide) > entry.end) return;
      meta.references.push_back({entry.type, from, Number(view, at, wide)});
    }
  });
}

void ReadAssociations(const ByteView& view, const Box& box, Meta& meta) {
  const bool wide = view.U8(box.begin) != 0;
  const bool long_index = (view.U8(box.begin + 3) & 1) != 0;
  const uint64_t entries = view.U32(box.begin + kFullBox);
  uint64_t at = box.begin + kFullBox + 4;
  for (uint64_t i = 0; i < entries && at < box.end; ++i) {
    Item& item = meta.items[Number(view, at, wide)];
    if (meta.items.size() > kMostItems) return;
    at += NumberBytes(wide);
    const int count = view.U8(at++);
    if (item.properties.size() + size_t(count) > 255) return;
    for (int k = 0; k < count && at < box.end; ++k) {
      item.properties.push_back(long_index ? view.U16(at) & 0x7fffu : view.U8(at) & 0x7fu);
      at += long_index ? 2 : 1;
    }
  }
}

Meta ReadMeta(const ByteView& view, const Box& meta_box) {
  Meta meta;
  ForEachBox(view, meta_box.begin + kFullBox, meta_box.end, [&](const Box& box) {
    if (box.type == Type("pitm")) {
      meta.has_primary = true;
      meta.primary = Number(view, box.begin + kFullBox, view.U8(box.begin) != 0);
    }
    if (box.type == Type("iinf")) ReadItems(view, box, meta);
    if (box.type == Type("iref")) ReadReferences(view, box, meta);
    if (box.type != Type("iprp")) return;
    ForEachBox(view, box.begin, box.end, [&](const Box& inner) {
      if (inner.type == Type("ipma")) ReadAssociations(view, inner, meta);
      if (inner.type != Type("ipco")) return;
      ForEachBox(view, inner.begin, inner.end, [&](const Box& property) {
        if (meta.properties.size() < kMostItems) meta.properties.push_back(property);
      });
    });
  });
  return meta;
}

// A clean aperture in whole pixels.
void Crop(const ByteView& view, uint64_t at, IsoPicture& picture) {
  const auto side = [&](uint64_t offset, uint32_t whole) {
    const uint32_t over = view.U32(at + offset), under = view.U32(at + offset + 4);
    return under == 0 ? whole : std::min(whole, over / under);
  };
  picture.shown_width = side(0, picture.shown_width);
  picture.shown_height = side(8, picture.shown_height);
}

// EXIF's number of a turn by quarters to the left, and of a mirror behind it: axis 0 swaps top and
// bottom, 1 left and right, -1 nothing.
//
// Source:   HEIF (ISO/IEC 23008-12), 6.5.10 and 6.5.12
int OrientationOf(int quarters, int axis) {
  constexpr int kTurned[] = {1, 8, 3, 6};
  constexpr int kMirrored[2][4] = {{4, 5, 2, 7}, {2, 7, 4, 5}};
  return axis < 0 ? kTurned[quarters] : kMirrored[axis][quarters];
}

// Depth and whether it is grey, by the settings of either codec.
void ReadSettings(const ByteView& view, const Box& box, IsoPicture& picture) {
  if (box.type == Type("av1C")) {
    const int flags = view.U8(box.begin + 2);
    picture.bits = (flags & 0x40) == 0 ? 8 : (flags & 0x20) == 0 ? 10 : 12;
    picture.is_gray = (flags & 0x10) != 0;
  }
  if (box.type == Type("hvcC")) {
    picture.is_gray = (view.U8(box.begin + 16) & 3) == 0;
    picture.bits = 8 + (view.U8(box.begin + 17) & 7);
  }
}

bool IsAlpha(const ByteView& view, const Meta& meta, uint32_t item) {
  constexpr std::string_view kNames[] = {"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha",
                                         "urn:mpeg:hevc:2015:auxid:1"};
  const auto found = meta.items.find(item);
  if (found == meta.items.end()) return false;
  for (uint32_t number : found->second.properties) {
    if (number < 1 || number > meta.properties.size()) continue;
    const Box& box = meta.properties[number - 1];
    if (box.type != Type("auxC")) continue;
    const uint64_t at = box.begin + kFullBox;
    for (std::string_view name : kNames) {
      if (StartsWith(view.Slice(at, name.size() + 1), std::string(name) + '\0')) return true;
    }
  }
  return false;
}

void ReadProperties(const ByteView& view, const Meta& meta, const Item& item, IsoPicture& picture) {
  int quarters = 0, axis = -1;
  for (uint32_t number : item.properties) {
    if (number < 1 || number > meta.properties.size()) continue;
    const Box& box = meta.properties[number - 1];
    ReadSettings(view, box, picture);
    if (box.type == Type("ispe")) {
      picture.width = picture.shown_width = view.U32(box.begin + kFullBox);
      picture.height = picture.shown_height = view.U32(box.begin + kFullBox + 4);
    }
    if (box.type == Type("colr")) {
      const auto kind = view.Slice(box.begin, 4);
      if (StartsWith(kind, "prof") || StartsWith(kind, "rICC")) {
        picture.has_profile = true;
        picture.profile = view.Slice(box.begin + 4, box.end - box.begin - 4);
      }
    }
    if (box.type == Type("clap")) Crop(view, box.begin, picture);
    if (box.type == Type("irot")) quarters = view.U8(box.begin) & 3;
    if (box.type == Type("imir")) axis = view.U8(box.begin) & 1;
    if (box.type == Type("irot") && quarters % 2 != 0) {
      std::swap(picture.shown_width, picture.shown_height);
    }
  }
  picture.orientation = OrientationOf(quarters, axis);
}

// The frames of the longest track of a sequence.
void CountFrames(const ByteView& view, const Box& box, IsoPicture& picture) {
  ForEachBox(view, box.begin, box.end, [&](const Box& inner) {
    for (const auto& name : {"trak", "mdia", "minf", "stbl"}) {
      const std::string_view type(name);
      if (StartsWith(view.Slice(inner.begin - 4, 4), type)) CountFrames(view, inner, picture);
    }
    if (inner.type == Type("stsz")) {
      picture.frames = std::max<uint64_t>(picture.frames, view.U32(inner.begin + 8));
    }
  });
}

}  // namespace

std::string_view IsoBrand(std::span<const uint8_t> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (text.size() < 12 || text.substr(4, 4) != "ftyp") return "";
  const std::string_view brand = text.substr(8, 4);
  if (brand == "avif" || brand == "avis") return "avif";
  if (brand == "mif1" || brand == "msf1" || brand == "miaf") {
    const size_t box = std::min<size_t>(text.size(), uint8_t(text[2]) * 256u + uint8_t(text[3]));
    for (size_t at = 16; at + 4 <= box; at += 4) {
      if (text.substr(at, 4) == "avif" || text.substr(at, 4) == "avis") return "avif";
    }
    return "heic";
  }
  for (std::string_view heic : {"heic", "heix", "hevc", "hevx", "heim", "heis"}) {
    if (brand == heic) return "heic";
  }
  return brand;
}

bool IsAvif(std::span<const uint8_t> bytes) { return IsoBrand(bytes) == "avif"; }
bool IsHeif(std::span<const uint8_t> bytes) { return IsoBrand(bytes) == "heic"; }

Result<IsoPicture> ReadIsoPicture(std::span<const uint8_t> bytes) {
  const ByteView view(bytes, true);
  IsoPicture picture;
  Meta meta;
  ForEachBox(view, 0, view.size(), [&](const Box& box) {
    if (box.type == Type("meta")) meta = ReadMeta(view, box);
    if (box.type == Type("moov")) CountFrames(view, box, picture);
  });
  if (!meta.has_primary) {
    return Fail(ErrorCode::kCorrupt, "the file ends before it says which of its pictures is meant");
  }
  for (const Reference& reference : meta.references) {
    // The first tile of a grid says what it is made of.
    if (reference.type == Type("dimg") && reference.from == meta.primary && !picture.is_grid) {
      picture.is_grid = true;
      ReadProperties(view, meta, meta.items[reference.to], picture);
    }
    if (reference.type == Type("auxl") && reference.to == meta.primary &&
        IsAlpha(view, meta, reference.from)) {
      picture.has_alpha = true;
    }
  }
  picture.width = picture.height = 0;
  ReadProperties(view, meta, meta.items[meta.primary], picture);
  if (picture.width == 0 || picture.height == 0 || picture.shown_width == 0 ||
      picture.shown_height == 0) {
    return Fail(ErrorCode::kCorrupt, "its headers say no size");
  }
  return picture;
}

}  // namespace imnorm
