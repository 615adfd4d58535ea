// Inflates the IDAT chunks as one zlib stream, checksum included.
#include "decode/png/stream.h"

#include <algorithm>
#include <cstring>

#include "decode/bytes.h"
#include "decode/png/adler.h"

namespace imnorm::png {
namespace {

// Deflate, a window of at most 32 KB, no preset dictionary; the two together a multiple of 31.
bool IsZlibHeader(const uint8_t* h) {
  return (h[0] & 15) == 8 && h[0] >> 4 <= 7 && (h[0] << 8 | h[1]) % 31 == 0 && (h[1] & 32) == 0;
}

}  // namespace

Reason Stream::Start(const Header& header) {
  uint8_t head[2];
  if (header.data_bytes < sizeof head + kSumBytes) return "no whole stream";
  reader_ = DataReader(header);
  reader_.Read(head, sizeof head);
  if (!IsZlibHeader(head)) return "the stream's header";
  left_ = header.data_bytes - sizeof head - kSumBytes;
  held_ = 0;
  sum_ = 1;
  inflate_.Start();
  Feed();
  return {};
}

void Stream::Feed() {
  const size_t unread = held_ == 0 ? 0 : size_t(piece_ + held_ - inflate_.unread());
  if (unread > 0) std::memmove(piece_, inflate_.unread(), unread);
  const size_t more = std::min(kPieceBytes - unread, left_);
  held_ = unread + reader_.Read(piece_ + unread, more);
  left_ -= more;
  inflate_.Feed(piece_, piece_ + held_, left_ == 0);
}

Inflate::Status Stream::Run(uint8_t*& out, uint8_t* limit, const uint8_t* oldest) {
  const uint8_t* const from = out;
  Inflate::Status status = inflate_.Run(out, limit, oldest);
  while (status == Inflate::Status::kInputSpent) {
    Feed();
    status = inflate_.Run(out, limit, oldest);
  }
  sum_ = Adler32(sum_, from, size_t(out - from));
  return status;
}

Reason Stream::Finish() {
  if (left_ > 0 || inflate_.unread() != piece_ + held_) return "bytes behind the stream";
  uint8_t sum[kSumBytes];
  reader_.Read(sum, sizeof sum);
  return ByteView(sum, true).U32(0) == sum_ ? Reason() : "the stream's checksum";
}

}  // namespace imnorm::png
