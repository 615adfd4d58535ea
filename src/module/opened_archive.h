// libarchive's reader and entry, taken so that a shortage of memory is told: shared by the modules
// that read archives. Only they may include this.
#pragma once

#include <archive.h>
#include <archive_entry.h>

namespace imnorm {

struct OpenedArchive {
  archive* reader = archive_read_new();
  // Ours, for archive_read_next_header2: archive_read_new does not look whether it got its own.
  archive_entry* entry = archive_entry_new();

  OpenedArchive() = default;
  ~OpenedArchive() {
    archive_entry_free(entry);
    archive_read_free(reader);
  }
  OpenedArchive(const OpenedArchive&) = delete;
  OpenedArchive& operator=(const OpenedArchive&) = delete;

  // False: there is no memory. Before archive_read_open_fd, which goes on without what this asks
  // for.
  bool IsWhole() const {
    return reader != nullptr && entry != nullptr &&
           archive_read_set_callback_data(reader, nullptr) == ARCHIVE_OK;
  }
};

}  // namespace imnorm
