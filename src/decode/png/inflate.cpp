// Inflate's blocks: their headers, and which of the two kinds of content follows.
#include "decode/png/inflate.h"

#include <algorithm>
#include <cstring>

namespace imnorm::png {
namespace {

constexpr int kLengthSymbols = 19;
constexpr uint8_t kLengthOrder[kLengthSymbols] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                  11, 4,  12, 3, 13, 2, 14, 1, 15};
constexpr int kEndSymbol = 256;
// Most that a repetition may run over: it is seen afterwards.
constexpr int kLengthSlack = 138;

}  // namespace

void Inflate::Start() {
  in_ = end_ = nullptr;
  bits_ = 0;
  count_ = 0;
  last_piece_ = false;
  last_block_ = false;
  place_ = Place::kHeader;
  stored_ = 0;
}

void Inflate::Feed(const uint8_t* begin, const uint8_t* end, bool last) {
  in_ = begin;
  end_ = end;
  last_piece_ = last;
}

// Leaves 56 bits or more.
void Inflate::Refill() {
  uint64_t next;
  std::memcpy(&next, in_, 8);
  bits_ |= next << count_;
  in_ += (63 - count_) >> 3;
  count_ |= 56;
}

uint32_t Inflate::Take(int count) {
  const uint32_t value = uint32_t(bits_ & ((1u << count) - 1));
  bits_ >>= count;
  count_ -= count;
  return value;
}

// Gives whole bytes back to the piece.
void Inflate::Unread() {
  in_ -= count_ >> 3;
  count_ &= 7;
  bits_ &= (1u << count_) - 1;
}

Inflate::Status Inflate::Run(uint8_t*& out, uint8_t* limit, const uint8_t* oldest) {
  for (;;) {
    if (place_ == Place::kHeader && last_block_) {
      return in_ <= end_ ? Status::kDone : Status::kBad;
    }
    if (out >= limit) return Status::kOutputFull;
    if (place_ == Place::kHeader) {
      if (Spent(kLeastPiece)) return Status::kInputSpent;
      const bool sound = ReadHeader();
      Unread();
      if (!sound) return Status::kBad;
    }
    const Status status =
        place_ == Place::kStored ? CopyStored(out, limit) : RunSymbols(out, limit, oldest);
    if (status != Status::kDone) return status;
    place_ = Place::kHeader;
  }
}

Inflate::Status Inflate::CopyStored(uint8_t*& out, uint8_t* limit) {
  const size_t there = in_ < end_ ? size_t(end_ - in_) : 0;
  const size_t take = std::min({size_t(limit - out), size_t{stored_}, there});
  std::memcpy(out, in_, take);
  out += take;
  in_ += take;
  stored_ -= uint32_t(take);
  if (stored_ == 0) return Status::kDone;
  if (take < there) return Status::kOutputFull;
  return last_piece_ ? Status::kBad : Status::kInputSpent;
}

Inflate::Status Inflate::RunSymbols(uint8_t*& out, uint8_t* limit, const uint8_t* oldest) {
  if (Spent(kInputSlack)) return Status::kInputSpent;
  // Of the last piece some bytes behind the end may be loaded, not decoded: that shows in Run.
  SymbolState state = {
      in_,   last_piece_ ? end_ + 8 : end_ - kSymbolInputSlack, bits_, uint32_t(count_), out, limit,
      oldest};
  const SymbolsEnd end = DecodeSymbols(&state, literals_, distances_);
  in_ = state.in;
  bits_ = state.bits;
  count_ = int(state.count);
  out = state.out;
  Unread();
  switch (end) {
    case SymbolsEnd::kOutputFull:
      return Status::kOutputFull;
    case SymbolsEnd::kBlockEnd:
      return Status::kDone;
    case SymbolsEnd::kInputSpent:
      return last_piece_ ? Status::kBad : Status::kInputSpent;
    case SymbolsEnd::kBad:
      break;
  }
  return Status::kBad;
}

bool Inflate::ReadHeader() {
  if (in_ > end_) return false;
  Refill();
  last_block_ = Take(1) != 0;
  const uint32_t type = Take(2);
  if (type == 3) return false;
  if (type == 0) return ReadStoredHeader();
  uint8_t lengths[kMostLiterals + kMostDistances + kLengthSlack];
  int literals = kMostLiterals;
  int distances = kMostDistances;
  if (type == 1) {
    std::fill_n(lengths, 144, uint8_t{8});
    std::fill_n(lengths + 144, 112, uint8_t{9});
    std::fill_n(lengths + 256, 24, uint8_t{7});
    std::fill_n(lengths + 280, 8, uint8_t{8});
    std::fill_n(lengths + 288, 32, uint8_t{5});
  } else if (!ReadLengths(lengths, literals, distances)) {
    return false;
  }
  place_ = Place::kSymbols;
  return BuildLiteralTable(lengths, literals, literals_) &&
         BuildDistanceTable(lengths + literals, distances, distances_);
}

bool Inflate::ReadStoredHeader() {
  Take(count_ & 7);
  Unread();
  if (in_ > end_ || end_ - in_ < 4) return false;
  Refill();
  stored_ = Take(16);
  place_ = Place::kStored;
  return Take(16) == (stored_ ^ 0xffff);
}

bool Inflate::ReadLengths(uint8_t* lengths, int& literals, int& distances) {
  literals = int(Take(5)) + 257;
  distances = int(Take(5)) + 1;
  const int written = int(Take(4)) + 4;
  if (literals > 286 || distances > 30) return false;
  uint8_t of_lengths[kLengthSymbols] = {};
  for (int i = 0; i < written; ++i) {
    if (i % 12 == 0) Refill();
    of_lengths[kLengthOrder[i]] = uint8_t(Take(3));
  }
  if (!BuildLengthTable(of_lengths, lengths_)) return false;
  const int total = literals + distances;
  int at = 0;
  while (at < total) {
    if (in_ > end_ + 8) return false;
    Refill();
    // At most 14 bits each.
    for (int i = 0; i < 4 && at < total; ++i) {
      const uint8_t entry = lengths_[bits_ & 127];
      Take(entry >> 5);
      const int symbol = entry & 31;
      if (symbol < 16) {
        lengths[at++] = uint8_t(symbol);
        continue;
      }
      uint8_t value = 0;
      int repeat = 0;
      if (symbol == 16) {
        if (at == 0) return false;
        value = lengths[at - 1];
        repeat = 3 + int(Take(2));
      } else {
        repeat = symbol == 17 ? 3 + int(Take(3)) : 11 + int(Take(7));
      }
      std::memset(lengths + at, value, size_t(repeat));
      at += repeat;
    }
  }
  return at == total && lengths[kEndSymbol] != 0;
}

}  // namespace imnorm::png
