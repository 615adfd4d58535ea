#include "source/tensor_npz.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstring>

namespace imnorm {
namespace {

constexpr size_t kReadBlock = 1 << 16;
constexpr uint64_t kDeflateRatio = 1032;  // no deflate stream expands further

tl::unexpected<Error> ArchiveError(archive* a) {
  const char* said = archive_error_string(a);
  return Fail(ErrorCode::kCorrupt,
              fmt::format("the zip is damaged: {}", said ? said : "no reason"));
}

}  // namespace

void NpzReader::Close::operator()(archive* a) const { archive_read_free(a); }

Result<NpzReader> NpzReader::Open(int fd, uint64_t file_bytes) {
  if (lseek(fd, 0, SEEK_SET) != 0) return Fail(ErrorCode::kIo, std::strerror(errno));
  NpzReader reader;
  reader.file_bytes_ = file_bytes;
  reader.archive_.reset(archive_read_new());
  if (!reader.archive_) return Fail(ErrorCode::kIo, "out of memory");
  archive* a = reader.archive_.get();
  if (archive_read_support_format_zip(a) != ARCHIVE_OK ||
      archive_read_open_fd(a, fd, kReadBlock) != ARCHIVE_OK) {
    return ArchiveError(a);
  }
  return reader;
}

Result<bool> NpzReader::Next() {
  while (true) {
    archive_entry* entry = nullptr;
    const int status = archive_read_next_header(archive_.get(), &entry);
    if (status == ARCHIVE_EOF) return false;
    if (status != ARCHIVE_OK) return ArchiveError(archive_.get());
    const char* path = archive_entry_pathname(entry);
    const std::string_view name = path == nullptr ? "" : path;
    if (!name.ends_with(".npy")) continue;
    name_ = name.substr(0, name.size() - 4);
    return true;
  }
}

Result<size_t> NpzReader::ReadSome(void* out, size_t bytes) {
  const la_ssize_t got = archive_read_data(archive_.get(), out, bytes);
  if (got < 0) return ArchiveError(archive_.get());
  return size_t(got);
}

Result<void> NpzReader::ReadElements(void* out, size_t bytes) {
  uint8_t* to = static_cast<uint8_t*>(out);
  while (bytes > 0) {
    const auto got = ReadSome(to, bytes);
    if (!got) return tl::unexpected(got.error());
    if (*got == 0) return Fail(ErrorCode::kCorrupt, fmt::format("\"{}\" is truncated", name_));
    to += *got;
    bytes -= *got;
  }
  return {};
}

Result<TensorLayout> NpzReader::ReadHeader() {
  std::vector<uint8_t> header(kNpyPrefix);
  auto done = ReadElements(header.data(), header.size());
  if (!done) return tl::unexpected(done.error());
  const auto length = NpyHeaderLength(header);
  if (!length) return Prefixed(name_, length.error());
  const size_t start = header.size();
  if (*length < start) {
    return Fail(ErrorCode::kCorrupt, fmt::format("\"{}\": its header is too short", name_));
  }
  header.resize(size_t(*length));
  done = ReadElements(header.data() + start, header.size() - start);
  if (!done) return tl::unexpected(done.error());
  auto layout = ParseNpyHeader(header);
  if (!layout) return Prefixed(name_, layout.error());
  if (layout->bytes / kDeflateRatio > file_bytes_) {
    return Fail(ErrorCode::kCorrupt, fmt::format("\"{}\": its shape {} is larger than the file can "
                                                 "hold",
                                                 name_, ShapeText(layout->shape)));
  }
  return layout;
}

Result<void> NpzReader::ExpectEnd() {
  uint8_t beyond = 0;
  const auto got = ReadSome(&beyond, 1);
  if (!got) return tl::unexpected(got.error());
  if (*got != 0) {
    return Fail(ErrorCode::kCorrupt, fmt::format("\"{}\" goes on behind its elements", name_));
  }
  return {};
}

}  // namespace imnorm
