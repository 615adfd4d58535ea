// Finds profiles in segments, chunks, tags and boxes.
#include "decode/embedded_profile.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <string_view>

#include "decode/bytes.h"
#include "decode/iso_picture.h"
#include "decode/jpeg2000_header.h"
#include "decode/jpeg_header.h"
#include "decode/tiff_directory.h"

namespace imnorm {
namespace {

tl::unexpected<Error> TooLarge() {
  return Fail(ErrorCode::kTooLarge,
              fmt::format("its ICC profile has more than {} MiB", kMostProfileBytes >> 20));
}

Result<void> Keep(std::span<const uint8_t> found, std::vector<uint8_t>& profile) {
  if (found.size() > kMostProfileBytes) return TooLarge();
  profile.assign(found.begin(), found.end());
  return {};
}

Result<void> Inflate(std::span<const uint8_t> stream, std::vector<uint8_t>& profile) {
  z_stream state = {};
  if (inflateInit(&state) != Z_OK) return Fail(ErrorCode::kCorrupt, "zlib does not begin");
  state.next_in = const_cast<Bytef*>(stream.data());
  state.avail_in = uInt(stream.size());
  int code = Z_OK;
  while (code == Z_OK && state.total_out <= kMostProfileBytes) {
    constexpr size_t kPiece = 4096;
    profile.resize(std::max(kPiece, size_t(state.total_out) * 2));
    state.next_out = profile.data() + state.total_out;
    state.avail_out = uInt(profile.size() - state.total_out);
    code = inflate(&state, Z_NO_FLUSH);
  }
  const uint64_t size = state.total_out;
  inflateEnd(&state);
  if (size > kMostProfileBytes) return TooLarge();
  if (code != Z_STREAM_END) return Fail(ErrorCode::kCorrupt, "its ICC profile does not inflate");
  profile.resize(size_t(size));
  return {};
}

}  // namespace

Result<void> JpegProfile(std::span<const uint8_t> bytes, uint64_t frame,
                         std::vector<uint8_t>& profile) {
  profile.clear();
  constexpr size_t kPlace = 12;  // behind "ICC_PROFILE\0": number of the part, and of all
  std::vector<std::span<const uint8_t>> parts = JpegProfileParts(PictureOfJpeg(bytes, frame));
  if (parts.empty()) return {};
  std::ranges::stable_sort(parts, {}, [](const auto& part) { return part[kPlace]; });
  const size_t all = parts.front()[kPlace + 1];
  if (parts.size() != all) {
    return Fail(ErrorCode::kCorrupt,
                fmt::format("its ICC profile says that it has {} parts, and {} are there", all,
                            parts.size()));
  }
  for (const auto& part : parts) {
    profile.insert(profile.end(), part.begin() + kPlace + 2, part.end());
  }
  return {};  // 255 parts of 64 KB are within the bound
}

Result<void> PngProfile(std::span<const uint8_t> bytes, uint64_t, std::vector<uint8_t>& profile) {
  const ByteView view(bytes, true);
  std::span<const uint8_t> found;
  for (uint64_t at = 8; view.Has(at, 12); at += 12 + uint64_t(view.U32(at))) {
    const auto type = view.Slice(at + 4, 4);
    if (StartsWith(type, "IDAT") || StartsWith(type, "IEND")) break;
    if (StartsWith(type, "iCCP")) found = view.Slice(at + 8, view.U32(at));
  }
  profile.clear();
  if (found.empty()) return {};
  // A name, its end, the method of compression (0) and the stream.
  const auto end = std::ranges::find(found, 0);
  const auto name = size_t(end - found.begin());
  if (found.size() < name + 2 || found[name + 1] != 0) {
    return Fail(ErrorCode::kCorrupt, "its ICC profile is compressed in a way that PNG has not");
  }
  return Inflate(found.subspan(name + 2), profile);
}

Result<void> WebpProfile(std::span<const uint8_t> bytes, uint64_t, std::vector<uint8_t>& profile) {
  const ByteView view(bytes);
  profile.clear();
  for (uint64_t at = 12; view.Has(at, 8);) {
    const uint64_t length = view.U32(at + 4);
    if (StartsWith(view.Slice(at, 4), "ICCP")) return Keep(view.Slice(at + 8, length), profile);
    at += 8 + length + (length & 1);
  }
  return {};
}

Result<void> TiffProfile(std::span<const uint8_t> bytes, uint64_t frame,
                         std::vector<uint8_t>& profile) {
  constexpr int kProfileTag = 34675;
  return Keep(TiffDirectory::OfPage(bytes, frame).Bytes(kProfileTag), profile);
}

Result<void> Jpeg2000Profile(std::span<const uint8_t> bytes, uint64_t,
                             std::vector<uint8_t>& profile) {
  const Result<Jpeg2000Header> header = ReadJpeg2000Header(bytes);
  if (!header) return Failed(header);
  return Keep(header->profile, profile);
}

Result<void> IsoProfile(std::span<const uint8_t> bytes, uint64_t, std::vector<uint8_t>& profile) {
  const Result<IsoPicture> picture = ReadIsoPicture(bytes);
  if (!picture) return Failed(picture);
  return Keep(picture->profile, profile);
}

}  // namespace imnorm
