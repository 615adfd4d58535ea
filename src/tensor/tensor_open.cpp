// Opens a tensor file, tells its kind by content, and lists its tensors.
#include "tensor/tensor_open.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "io/regular_file.h"

namespace imnorm {
namespace {

// Real headers are below 10 MiB even with 100,000 tensors; the format's own limit is 100 MB.
constexpr uint64_t kMaxSafetensorsHeader = 16 << 20;
constexpr size_t kLengthBytes = 8;

uint64_t LittleEndian64(const uint8_t* bytes) {
  uint64_t value = 0;
  for (int i = 7; i >= 0; --i) value = value << 8 | bytes[i];
  return value;
}

Result<std::vector<SafetensorsEntry>> ListNpy(const OpenedTensors& file) {
  std::vector<uint8_t> header(kNpyPrefix);
  auto done = ReadAt(file.fd.get(), 0, header.data(), header.size());
  if (!done) return Failed(done);
  const auto length = NpyHeaderLength(header);
  if (!length) return Failed(length);
  header.resize(std::max(size_t(*length), kNpyPrefix));
  done = ReadAt(file.fd.get(), 0, header.data(), header.size());
  if (!done) return Failed(done);
  auto layout = ParseNpyHeader(header);
  if (!layout) return Failed(layout);
  const uint64_t data = file.bytes - layout->offset;
  if (layout->bytes != data) {
    return Fail(ErrorCode::kCorrupt, fmt::format("its shape {} needs {} bytes, the file has {}{}",
                                                 ShapeText(layout->shape), layout->bytes, data,
                                                 layout->bytes > data ? ": it is truncated" : ""));
  }
  std::vector<SafetensorsEntry> entries(1);
  entries[0].readable = true;
  entries[0].layout = std::move(*layout);
  return entries;
}

Result<std::string> ReadSafetensorsHeader(const OpenedTensors& file) {
  std::array<uint8_t, kLengthBytes> prefix{};
  auto done = ReadAt(file.fd.get(), 0, prefix.data(), prefix.size());
  if (!done) return Failed(done);
  const uint64_t length = LittleEndian64(prefix.data());
  if (length > file.bytes - kLengthBytes) {
    return Fail(ErrorCode::kCorrupt, fmt::format("its header claims {} bytes, the file has {}",
                                                 length, file.bytes - kLengthBytes));
  }
  if (length > kMaxSafetensorsHeader) {
    return Fail(ErrorCode::kTooLarge, fmt::format("its header has {} bytes, more than {}", length,
                                                  kMaxSafetensorsHeader));
  }
  std::string json(size_t(length), '\0');
  done = ReadAt(file.fd.get(), kLengthBytes, json.data(), json.size());
  if (!done) return Failed(done);
  return json;
}

Result<std::vector<SafetensorsEntry>> ListSafetensors(const OpenedTensors& file) {
  const auto json = ReadSafetensorsHeader(file);
  if (!json) return Failed(json);
  const uint64_t start = kLengthBytes + json->size();
  auto entries = ParseSafetensorsHeader(*json, file.bytes - start);
  if (!entries) return entries;
  for (SafetensorsEntry& entry : *entries) entry.layout.offset += start;
  return entries;
}

}  // namespace

Result<OpenedTensors> OpenTensors(const std::string& path) {
  auto opened = OpenRegular(path);
  if (!opened) return Failed(opened);
  OpenedTensors file;
  file.fd = std::move(opened->file);
  file.bytes = opened->bytes;
  std::array<uint8_t, kLengthBytes + 1> start{};
  const size_t got = size_t(std::min<uint64_t>(start.size(), file.bytes));
  auto done = ReadAt(file.fd.get(), 0, start.data(), got);
  if (!done) return Failed(done);
  if (std::memcmp(start.data(), "\x93NUMPY", 6) == 0) {
    file.format = TensorFormat::kNpy;
  } else if (std::memcmp(start.data(), "PK\x03\x04", 4) == 0) {
    file.format = TensorFormat::kNpz;
  } else if (got == start.size() && start[kLengthBytes] == '{') {
    file.format = TensorFormat::kSafetensors;
  } else {
    return Fail(ErrorCode::kUnsupported, "it is neither .npy nor .npz nor .safetensors");
  }
  return file;
}

Result<void> ReadAt(int fd, uint64_t offset, void* out, size_t bytes) {
  uint8_t* to = static_cast<uint8_t*>(out);
  while (bytes > 0) {
    const ssize_t got = Retried([&] { return pread(fd, to, bytes, off_t(offset)); });
    if (got < 0) return Fail(ErrorCode::kIo, std::strerror(errno));
    if (got == 0) return Fail(ErrorCode::kCorrupt, "the file ends early: it is truncated");
    to += got;
    offset += uint64_t(got);
    bytes -= size_t(got);
  }
  return {};
}

Result<std::vector<SafetensorsEntry>> ListTensors(const OpenedTensors& file) {
  return file.format == TensorFormat::kNpy ? ListNpy(file) : ListSafetensors(file);
}

Result<std::map<std::string, std::string>> ReadMetadata(const OpenedTensors& file) {
  const auto json = ReadSafetensorsHeader(file);
  if (!json) return Failed(json);
  return ParseSafetensorsMetadata(*json);
}

}  // namespace imnorm
