// The tags of a TIFF's first directory, read without libtiff: what it holds, and what is cut off.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "decode/bytes.h"

namespace imnorm {

// The first directory, or another one, of a classic or a big TIFF.
//
// Rules:    nothing is judged but places: an entry is whole if its values are inside the file
class TiffDirectory {
 public:
  // Keeps a view of `tiff`, which must outlive this.
  explicit TiffDirectory(std::span<const uint8_t> tiff);

  // The same of a page of the file, from 0; it is cut off where there is none.
  static TiffDirectory OfPage(std::span<const uint8_t> tiff, uint64_t page);

  // The same of the directory at an offset, such as a SubIFD.
  TiffDirectory(std::span<const uint8_t> tiff, uint64_t offset);

  uint64_t offset() const { return offset_; }  // where it stands; 0: nowhere

  // Whether there is an entry of this tag with all of its values.
  bool Has(int tag) const;

  // The same to Pillow's eyes, which give up at the first entry whose values are not in the file.
  bool HasForPillow(int tag) const;

  // A tag's value of an integer type, or `otherwise`.
  uint64_t Number(int tag, uint64_t otherwise, uint64_t index = 0) const;

  // How many integers a tag holds, all of them in the file; 0 where it is cut off or has others.
  uint64_t Count(int tag) const;

  // Whether all values of a tag of an integer type are the same; true where it has none.
  bool HasEqual(int tag) const;

  // The bytes of a tag's values; empty where there are none.
  std::span<const uint8_t> Bytes(int tag) const;

  // The value that GDAL declares to be no data; none where it is no number.
  std::optional<double> Nodata() const;

  // What pixels depend on and lies beyond the end of the file, in words; empty if nothing does.
  //
  // Rules:    libtiff takes a default for a tag that it cannot read, and goes on: a palette becomes
  //           grey, a JPEG loses its tables. So this is asked before libtiff is.
  std::string CutOff() const;

  // How many directories the file holds, this one and those that follow it.
  //
  // Rules:    counts as far as offsets lead; a loop of them ends the count
  uint64_t CountDirectories() const;
  // Whether a strip or tile is left out on purpose: it has no place and no bytes.
  bool IsSparse() const;

 private:
  struct Entry {
    int tag;
    int type;
    uint64_t count;
    uint64_t at;  // of its values
    bool whole;
  };
  const Entry* Find(int tag) const;
  uint64_t Numbers(const Entry& entry) const;
  uint64_t NumberOf(const Entry& entry, uint64_t otherwise, uint64_t index) const;
  void ReadAt(uint64_t directory, bool big);

  ByteView view_;
  std::vector<Entry> entries_;
  bool whole_ = false;
  uint64_t offset_ = 0;
  uint64_t next_ = 0;  // where the offset of the directory behind this one stands; 0: nowhere
};

}  // namespace imnorm
