// libarchive's zip reader as the functions of zip_module.h.
#include "tensor/zip_module.h"

#include <memory>
#include <new>

#include "module/opened_archive.h"

namespace {

using imnorm::OpenedArchive;

constexpr size_t kReadBlock = 1 << 16;

OpenedArchive* Of(void* zip) { return static_cast<OpenedArchive*>(zip); }

void* Open(int fd) {
  std::unique_ptr<OpenedArchive> zip(new (std::nothrow) OpenedArchive);
  if (zip == nullptr || !zip->IsWhole() ||
      archive_read_support_format_zip(zip->reader) != ARCHIVE_OK) {
    return nullptr;
  }
  archive_read_open_fd(zip->reader, fd, kReadBlock);  // a failure stays in error()
  return zip.release();
}

void Close(void* zip) { delete Of(zip); }

int Next(void* zip, const char** name) {
  const int status = archive_read_next_header2(Of(zip)->reader, Of(zip)->entry);
  if (status == ARCHIVE_EOF) return 0;
  if (status != ARCHIVE_OK) return -1;
  *name = archive_entry_pathname(Of(zip)->entry);
  return 1;
}

ssize_t Read(void* zip, void* out, size_t bytes) {
  return archive_read_data(Of(zip)->reader, out, bytes);
}

const char* ErrorOf(void* zip) { return archive_error_string(Of(zip)->reader); }

constexpr imnorm::ZipFunctions kFunctions = {imnorm::kZipApi, Open, Close, Next, Read, ErrorOf};

}  // namespace

extern "C" __attribute__((visibility("default"))) const imnorm::ZipFunctions* imnorm_zip() {
  return &kFunctions;
}
