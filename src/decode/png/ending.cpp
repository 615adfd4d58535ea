// Looks at a stream behind the last row that it is read for.
#include "decode/png/ending.h"

#include <fmt/format.h>
#include <zlib.h>

#include "decode/bytes.h"
#include "decode/delivery.h"

namespace imnorm::png {
namespace {

constexpr uint64_t kSignatureBytes = 8;
constexpr uint64_t kChunkOverhead = 12;
constexpr uint32_t kIdat = 0x49444154;

// One zlib object a picture.
class Inflater {
 public:
  Inflater() : ready_(inflateInit2(&stream_, 15) == Z_OK) {}
  ~Inflater() {
    if (ready_) inflateEnd(&stream_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  bool ready() const { return ready_; }
  bool ended() const { return code_ == Z_STREAM_END; }
  uint64_t made() const { return stream_.total_out; }
  size_t unread() const { return stream_.avail_in; }
  const char* complaint() const { return stream_.msg != nullptr ? stream_.msg : "unknown"; }

  void Give(std::span<const uint8_t> bytes) {
    stream_.next_in = const_cast<Bytef*>(bytes.data());  // zlib only reads
    stream_.avail_in = uInt(bytes.size());
  }

  // Makes bytes that nobody reads; false: damage.
  bool Run() {
    stream_.next_out = scrap_;
    stream_.avail_out = sizeof scrap_;
    code_ = inflate(&stream_, Z_NO_FLUSH);
    return code_ == Z_OK || code_ == Z_STREAM_END || code_ == Z_BUF_ERROR;
  }
  // The last run left room: it had no more to go on.
  bool spent() const { return stream_.avail_out > 0; }

 private:
  z_stream stream_ = {};
  int code_ = Z_OK;
  bool ready_;
  uint8_t scrap_[size_t{1} << 15];
};

}  // namespace

Result<Ending> CheckEnding(std::span<const uint8_t> file, uint64_t picture_bytes,
                           const Stop& stop) {
  const ByteView view(file, true);
  Inflater inflater;
  if (!inflater.ready()) return Fail(ErrorCode::kTooLarge, "no memory to inflate with");
  Ending ending;
  for (uint64_t at = kSignatureBytes; view.Has(at, kChunkOverhead);) {
    const uint32_t length = view.U32(at);
    const bool data = view.U32(at + 4) == kIdat;
    if (data && inflater.ended() && length > 0) ending.trailing = true;
    if (data && !inflater.ended()) inflater.Give(view.Slice(at + 8, length));
    while (data && !inflater.ended()) {
      if (stop()) return Stopped();
      if (!inflater.Run()) {
        return Fail(ErrorCode::kCorrupt,
                    fmt::format("the stream of pixels is damaged behind the last row: {}",
                                inflater.complaint()));
      }
      if (inflater.ended() && inflater.unread() > 0) ending.trailing = true;
      if (inflater.spent() && inflater.unread() == 0) break;
    }
    at += length + kChunkOverhead;
  }
  if (!inflater.ended()) {
    return Fail(ErrorCode::kCorrupt, "the stream of pixels ends before its checksum");
  }
  ending.longer = inflater.made() > picture_bytes;
  return ending;
}

}  // namespace imnorm::png
