// libarchive's tar and zip readers as the functions of archive_module.h.
#include "source/archive_module.h"

#include <locale.h>

#include <cerrno>
#include <clocale>
#include <memory>
#include <new>

#include "module/opened_archive.h"

namespace {

using imnorm::ArchiveMember;
using imnorm::OpenedArchive;

constexpr size_t kReadBlock = 1 << 18;

// libarchive takes names through the thread's locale: in the "C" one those of pax headers, which
// are UTF-8, are lost.
class Utf8Locale {
 public:
  Utf8Locale() : before_(uselocale(Utf8())) {}
  ~Utf8Locale() { uselocale(before_); }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  static locale_t Utf8() {
    static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", locale_t{});
    return locale;
  }
  locale_t before_;
};

archive* Of(void* opened) { return static_cast<OpenedArchive*>(opened)->reader; }

void* Open(int fd) {
  const Utf8Locale utf8;
  std::unique_ptr<OpenedArchive> made(new (std::nothrow) OpenedArchive);
  if (made == nullptr || !made->IsWhole()) return nullptr;
  archive* opened = made->reader;
  // Only what is promised: every further reader is a parser that somebody's bytes meet.
  archive_read_support_filter_gzip(opened);
  archive_read_support_filter_zstd(opened);
  archive_read_support_format_tar(opened);
  archive_read_support_format_zip(opened);
  archive_read_open_fd(opened, fd, kReadBlock);  // a failure stays in error()
  return made.release();
}

void Close(void* opened) { delete static_cast<OpenedArchive*>(opened); }

ArchiveMember::Kind KindOf(archive_entry* entry) {
  if (archive_entry_hardlink(entry) != nullptr) return ArchiveMember::Kind::kHardLink;
  switch (archive_entry_filetype(entry)) {
    case AE_IFREG:
      return ArchiveMember::Kind::kFile;
    case AE_IFLNK:
      return ArchiveMember::Kind::kSymbolicLink;
    case AE_IFDIR:
      return ArchiveMember::Kind::kFolder;
    default:
      return ArchiveMember::Kind::kOther;
  }
}

int Next(void* opened, ArchiveMember* member) {
  const Utf8Locale utf8;
  archive_entry* entry = static_cast<OpenedArchive*>(opened)->entry;
  const int status = archive_read_next_header2(Of(opened), entry);
  if (status == ARCHIVE_EOF) return 0;
  if (status != ARCHIVE_OK && status != ARCHIVE_WARN) return -1;
  *member = {};
  member->name = archive_entry_pathname(entry);
  if (member->name == nullptr) member->name = archive_entry_pathname_utf8(entry);
  member->kind = KindOf(entry);
  member->target = member->kind == ArchiveMember::Kind::kHardLink ? archive_entry_hardlink(entry)
                                                                  : archive_entry_symlink(entry);
  if (archive_entry_size_is_set(entry) != 0) member->bytes = archive_entry_size(entry);
  member->encrypted = archive_entry_is_encrypted(entry) != 0;
  member->sparse = archive_entry_sparse_count(entry) > 0;
  return 1;
}

ssize_t Read(void* opened, void* out, size_t bytes) {
  return archive_read_data(Of(opened), out, bytes);
}

int64_t Consumed(void* opened) { return archive_filter_bytes(Of(opened), -1); }

const char* ErrorOf(void* opened) { return archive_error_string(Of(opened)); }

// libarchive uses two numbers of the system's, and -1, for errors of its own: a damaged file and a
// wrong call.
int ErrorNumberOf(void* opened) {
  const int number = archive_errno(Of(opened));
  return number == EILSEQ || number == EINVAL || number < 0 ? 0 : number;
}

constexpr imnorm::ArchiveFunctions kFunctions = {
    imnorm::kArchiveApi, Open, Close, Next, Read, Consumed, ErrorOf, ErrorNumberOf};

}  // namespace

extern "C" __attribute__((visibility("default"))) const imnorm::ArchiveFunctions* imnorm_archive() {
  return &kFunctions;
}
