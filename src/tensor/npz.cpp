// Reads .npz archives member by member, through the zip module.
#include "tensor/npz.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "io/shortage.h"
#include "module/module.h"

namespace imnorm {
namespace {

constexpr uint64_t kDeflateRatio = 1032;  // no deflate stream expands further

constexpr ModuleName kModule = {"imnorm_zip.so", kZipEntry, "reads .npz",
                                "IMNORM_BUILD_ZIP_MODULE"};

Result<const ZipFunctions*> Load() {
  const Result<void*> entry = LoadModule(kModule);
  if (!entry) return Failed(entry);
  const ZipFunctions* functions = reinterpret_cast<const ZipFunctions* (*)()>(*entry)();
  if (functions->api != kZipApi) return ForeignModule(kModule);
  return functions;
}

Result<const ZipFunctions*> LoadZip() {
  static const Result<const ZipFunctions*> functions = Load();
  return functions;
}

}  // namespace

tl::unexpected<Error> NpzReader::Damage() const {
  const char* said = zip_->error(open_.get());
  return Fail(ErrorCode::kCorrupt,
              fmt::format("the zip is damaged: {}", said ? said : "no reason"));
}

Result<NpzReader> NpzReader::Open(int fd, uint64_t file_bytes) {
  if (lseek(fd, 0, SEEK_SET) != 0) return Fail(ErrorCode::kIo, std::strerror(errno));
  const auto zip = LoadZip();
  if (!zip) return Failed(zip);
  NpzReader reader;
  reader.file_bytes_ = file_bytes;
  reader.zip_ = *zip;
  reader.open_ = {reader.zip_->open(fd), Close{reader.zip_}};
  if (!reader.open_) return MemoryShortage();
  if (reader.zip_->error(reader.open_.get()) != nullptr) return reader.Damage();
  return reader;
}

Result<bool> NpzReader::Next() {
  while (true) {
    const char* path = nullptr;
    const int status = zip_->next(open_.get(), &path);
    if (status == 0) return false;
    if (status < 0) return Damage();
    const std::string_view name = path == nullptr ? "" : path;
    if (!name.ends_with(".npy")) continue;
    name_ = name.substr(0, name.size() - 4);
    return true;
  }
}

Result<size_t> NpzReader::ReadSome(void* out, size_t bytes) {
  const ssize_t got = zip_->read(open_.get(), out, bytes);
  if (got < 0) return Damage();
  return size_t(got);
}

Result<void> NpzReader::ReadElements(void* out, size_t bytes) {
  uint8_t* to = static_cast<uint8_t*>(out);
  while (bytes > 0) {
    const auto got = ReadSome(to, bytes);
    if (!got) return Failed(got);
    if (*got == 0) return Fail(ErrorCode::kCorrupt, fmt::format("\"{}\" is truncated", name_));
    to += *got;
    bytes -= *got;
  }
  return {};
}

Result<TensorLayout> NpzReader::ReadHeader() {
  std::vector<uint8_t> header(kNpyPrefix);
  auto done = ReadElements(header.data(), header.size());
  if (!done) return Failed(done);
  const auto length = NpyHeaderLength(header);
  if (!length) return Prefixed(name_, length.error());
  const size_t start = header.size();
  if (*length < start) {
    return Fail(ErrorCode::kCorrupt, fmt::format("\"{}\": its header is too short", name_));
  }
  header.resize(size_t(*length));
  done = ReadElements(header.data() + start, header.size() - start);
  if (!done) return Failed(done);
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
  if (!got) return Failed(got);
  if (*got != 0) {
    return Fail(ErrorCode::kCorrupt, fmt::format("\"{}\" goes on behind its elements", name_));
  }
  return {};
}

}  // namespace imnorm
