// libarchive's zip reader as the functions of zip_module.h.
#include "tensor/zip_module.h"

#include <archive.h>
#include <archive_entry.h>

namespace {

constexpr size_t kReadBlock = 1 << 16;

void* Open(int fd) {
  archive* zip = archive_read_new();
  if (zip != nullptr && archive_read_support_format_zip(zip) == ARCHIVE_OK) {
    archive_read_open_fd(zip, fd, kReadBlock);  // a failure stays in error()
  }
  return zip;
}

void Close(void* zip) { archive_read_free(static_cast<archive*>(zip)); }

int Next(void* zip, const char** name) {
  archive_entry* entry = nullptr;
  const int status = archive_read_next_header(static_cast<archive*>(zip), &entry);
  if (status == ARCHIVE_EOF) return 0;
  if (status != ARCHIVE_OK) return -1;
  *name = archive_entry_pathname(entry);
  return 1;
}

ssize_t Read(void* zip, void* out, size_t bytes) {
  return archive_read_data(static_cast<archive*>(zip), out, bytes);
}

const char* ErrorOf(void* zip) { return archive_error_string(static_cast<archive*>(zip)); }

constexpr imnorm::ZipFunctions kFunctions = {imnorm::kZipApi, Open, Close, Next, Read, ErrorOf};

}  // namespace

extern "C" __attribute__((visibility("default"))) const imnorm::ZipFunctions* imnorm_zip() {
  return &kFunctions;
}
