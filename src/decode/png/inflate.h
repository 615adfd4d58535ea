// Inflate, strict and resumable: pieces of a deflate stream -> bytes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "decode/png/huffman.h"
#include "decode/png/symbols.h"

namespace imnorm::png {

// Decodes one raw deflate stream (no zlib header, no checksum) after another.
//
// Rules:    whatever it takes zlib takes, with the same bytes and the same end. It refuses more: a
//           set of literal codes that holds a single code. Nothing is kept between streams but
//           memory.
// Threads:  one Inflate a thread
// Source:   RFC 1951
class Inflate {
 public:
  // Readable bytes that must follow the last piece.
  static constexpr size_t kInputSlack = 8 + kSymbolInputSlack;
  // Writable bytes that must follow a limit.
  static constexpr size_t kOutputSlack = kSymbolOutputSlack;
  // A piece that is not the last and is no longer than this may be asked to grow.
  static constexpr size_t kLeastPiece = 1024;

  enum class Status {
    kOutputFull,  // `out` reached its limit; run again with another
    kInputSpent,  // feed what unread() .. piece end holds, with more behind it
    kDone,        // the stream ended, within the pieces
    kBad,
  };

  // Begins a stream.
  void Start();

  // Gives the next piece: what was unread of the one before, and more. `last`: nothing follows.
  void Feed(const uint8_t* begin, const uint8_t* end, bool last);

  // Appends at `out`, to about `limit`; `oldest` is the first byte that a match may name.
  Status Run(uint8_t*& out, uint8_t* limit, const uint8_t* oldest);

  // The first byte of the piece that is not decoded; after kDone, the first behind the stream.
  const uint8_t* unread() const { return in_; }

 private:
  enum class Place { kHeader, kStored, kSymbols };

  void Refill();
  uint32_t Take(int count);
  void Unread();
  bool Spent(size_t needed) const { return !last_piece_ && size_t(end_ - in_) < needed; }
  bool ReadHeader();
  bool ReadStoredHeader();
  bool ReadLengths(uint8_t* lengths, int& literals, int& distances);
  Status CopyStored(uint8_t*& out, uint8_t* limit);
  Status RunSymbols(uint8_t*& out, uint8_t* limit, const uint8_t* oldest);

  const uint8_t* in_ = nullptr;  // between runs no whole byte of the piece is in bits_
  const uint8_t* end_ = nullptr;
  uint64_t bits_ = 0;
  int count_ = 0;
  bool last_piece_ = false;
  bool last_block_ = false;
  Place place_ = Place::kHeader;
  uint32_t stored_ = 0;  // bytes of a stored block that are still to come
  alignas(64) uint32_t literals_[kLiteralEntries];
  alignas(64) uint32_t distances_[kDistanceEntries];
  uint8_t lengths_[128];
};

}  // namespace imnorm::png
