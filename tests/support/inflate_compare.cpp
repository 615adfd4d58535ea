#include "support/inflate_compare.h"

#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace imnorm::png_compare {
namespace {

using png::Inflate;

std::vector<uint8_t> SomeBytes(std::mt19937& random) {
  std::vector<uint8_t> bytes(1 + random() % 3000);
  const int kind = int(random() % 5);
  for (size_t i = 0; i < bytes.size(); ++i) {
    switch (kind) {
      case 0:
        bytes[i] = uint8_t(random());
        break;
      case 1:
        bytes[i] = uint8_t(__builtin_ctz(random() | 1u << 20) * (random() % 2 ? 1 : -1));
        break;
      case 2:
        bytes[i] = uint8_t(i % (3 + random() % 2));
        break;
      case 3:
        bytes[i] = i > 60 && random() % 8 != 0 ? bytes[i - 60] : uint8_t(random() % 16);
        break;
      default:
        bytes[i] = uint8_t(random() % 2 ? random() % 256 : 7);
    }
  }
  return bytes;
}

std::vector<uint8_t> RawDeflate(std::vector<uint8_t> bytes, std::mt19937& random) {
  z_stream z = {};
  if (deflateInit2(&z, int(random() % 10), Z_DEFLATED, -15, 1 + int(random() % 9),
                   int(random() % 5)) != Z_OK) {
    std::abort();
  }
  std::vector<uint8_t> out(bytes.size() * 2 + 400);
  z.next_in = bytes.data();
  z.next_out = out.data();
  z.avail_out = uInt(out.size());
  const size_t half = random() % (bytes.size() + 1);
  z.avail_in = uInt(half);
  deflate(&z, random() % 3 == 0 ? Z_FULL_FLUSH : Z_NO_FLUSH);  // some streams have several blocks
  z.avail_in += uInt(bytes.size() - half);
  if (deflate(&z, Z_FINISH) != Z_STREAM_END) std::abort();
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

}  // namespace

Inflated InflateWithZlib(std::span<const uint8_t> stream) {
  Inflated result;
  result.bytes.resize(kMostInflated);
  z_stream z = {};
  if (inflateInit2(&z, -15) != Z_OK) std::abort();
  z.next_in = const_cast<Bytef*>(stream.data());
  z.avail_in = uInt(stream.size());
  z.next_out = result.bytes.data();
  z.avail_out = uInt(result.bytes.size());
  result.sound = inflate(&z, Z_FINISH) == Z_STREAM_END;
  result.used = z.total_in;
  result.bytes.resize(z.total_out);
  inflateEnd(&z);
  return result;
}

Inflated InflateInPieces(Inflate& inflate, std::span<const uint8_t> stream, std::mt19937& random) {
  constexpr size_t kHistory = 32768;
  constexpr size_t kRoom = kHistory + 5000;
  Inflated result;
  std::vector<uint8_t> piece;
  std::vector<uint8_t> window(kRoom + Inflate::kOutputSlack);
  uint8_t* const begin = window.data();
  uint8_t* out = begin;
  size_t fed = 0;
  inflate.Start();
  const auto feed = [&](size_t unread) {
    std::vector<uint8_t> next(piece.end() - ptrdiff_t(unread), piece.end());
    const size_t most = random() % 3 == 0 ? stream.size() : 1 + random() % 1500;
    const size_t more = std::min(most, stream.size() - fed);
    next.insert(next.end(), stream.begin() + ptrdiff_t(fed),
                stream.begin() + ptrdiff_t(fed + more));
    fed += more;
    piece = std::move(next);
    // Exactly what may be read behind it, so that a sanitizer sees more.
    piece.resize(piece.size() + Inflate::kInputSlack, uint8_t(random()));
    piece.shrink_to_fit();
    inflate.Feed(piece.data(), piece.data() + piece.size() - Inflate::kInputSlack,
                 fed == stream.size());
    piece.resize(piece.size() - Inflate::kInputSlack);
  };
  feed(0);
  for (;;) {
    uint8_t* const from = out;
    uint8_t* const limit = std::min(begin + kRoom, out + 1 + random() % 9000);
    const Inflate::Status status = inflate.Run(out, limit, begin);
    result.bytes.insert(result.bytes.end(), from, out);
    if (status == Inflate::Status::kBad || result.bytes.size() > kMostInflated) return result;
    if (status == Inflate::Status::kDone) break;
    if (status == Inflate::Status::kInputSpent) {
      feed(size_t(piece.data() + piece.size() - inflate.unread()));
    }
    if (size_t(out - begin) > kHistory) {
      std::memmove(begin, out - kHistory, kHistory);
      out = begin + kHistory;
    }
  }
  result.used = fed - size_t(piece.data() + piece.size() - inflate.unread());
  result.sound = true;
  return result;
}

std::string CompareInflates(Inflate& inflate, std::span<const uint8_t> stream, std::mt19937& random,
                            bool& sound) {
  const Inflated theirs = InflateWithZlib(stream);
  const Inflated ours = InflateInPieces(inflate, stream, random);
  sound = theirs.sound;
  if (ours.sound && !theirs.sound) return "taken, but zlib refuses it";
  if (!theirs.sound) return {};
  if (!ours.sound) return "refused, but zlib takes it";
  if (ours.used != theirs.used) return "another end";
  return ours.bytes == theirs.bytes ? "" : "other bytes";
}

std::vector<uint8_t> DamagedStream(uint64_t seed, uint64_t n) {
  constexpr uint64_t kEach = 40;  // of one sound stream, itself first
  std::mt19937 original(uint32_t(seed * 1000003 + n / kEach));
  std::vector<uint8_t> stream = RawDeflate(SomeBytes(original), original);
  std::mt19937 random(uint32_t(seed * 7919 + n));
  if (n % kEach == 0) return stream;
  for (uint32_t i = 1 + random() % 3; i > 0; --i) {
    // Two in three where headers are.
    const size_t below = random() % 3 != 0 ? std::min<size_t>(80, stream.size()) : stream.size();
    stream[random() % below] ^= uint8_t(1 << random() % 8);
  }
  if (random() % 10 == 0) stream.resize(random() % (stream.size() + 1));
  return stream;
}

}  // namespace imnorm::png_compare
