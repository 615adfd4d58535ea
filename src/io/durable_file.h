// Files that appear under their name only when they are complete and on disk.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "imnorm/error.h"
#include "io/descriptor.h"
#include "io/writeback.h"

namespace imnorm {

// A file being written as PATH.partial, put under PATH by Commit. Where PATH is a symbolic link the
// file that it points at is meant, and stays where it is.
//
// Rules:    the partial file is locked while it is open, so two runs cannot write the same output.
//           Until the whole output stands, its files carry a mark (the sticky bit, which means
//           nothing on regular files): so what a killed run left behind, under either name, is
//           known and taken over, and a file of somebody else's is never touched. Without Commit
//           the partial file is removed.
// Threads:  WriteAt and ReadAt may be called by several threads at different offsets; the rest by
// one
class DurableFile {
 public:
  DurableFile() = default;
  ~DurableFile() { Abandon(); }
  DurableFile(DurableFile&& other) noexcept { *this = std::move(other); }
  DurableFile& operator=(DurableFile&& other) noexcept;

  // Errors:   kIo: the folder is missing or not writable, PATH is not a regular file, another run
  //           holds it, PATH.partial is not ours; kBadArgument: PATH exists and `overwrite` is
  //           false
  //
  // Rules:    `keep` leaves what an earlier run left as it is, also where this one comes to
  // nothing;
  //           an output that was under its name already but not yet finished is partial again
  static Result<DurableFile> Create(const std::string& path, bool overwrite, bool keep = false);

  // Makes sure that `bytes` fit on the disk before the work; file systems without the call pass.
  // What is written from then on goes to the disk meanwhile.
  //
  // Errors:   kIo: no space
  Result<void> Reserve(uint64_t bytes);
  Result<void> WriteAt(uint64_t offset, const void* data, size_t size);

  // Errors:   kIo, also where the file ends before
  Result<void> ReadAt(uint64_t offset, void* data, size_t size) const;

  // Brings what was written to the disk.
  Result<void> Sync();
  // Cuts to `size` and syncs.
  Result<void> Seal(uint64_t size);
  // Renames and syncs the folder.
  //
  // Errors:   kIo, also where the partial file was replaced or PATH appeared meanwhile
  Result<void> Publish();
  // Both.
  Result<void> Commit(uint64_t size);
  // Whether the partial file stays without Commit, for a run that goes on.
  void Keep(bool keep) { kept_ = keep; }
  void Abandon();

  // Errors:   kIo
  Result<uint64_t> Size() const;
  bool is_open() const { return file_.is_open(); }
  const std::string& path() const { return path_; }
  // Whether the partial file was one that an earlier run had left.
  bool took_over() const { return took_over_; }

 private:
  friend Result<void> PublishTogether(DurableFile& main, std::vector<DurableFile>& sides);

  // An error of Create, which leaves nothing of its own.
  tl::unexpected<Error> GiveUp(const std::string& partial, int error);

  enum class Old { kNone, kReplaceable, kKept };

  Old OldOutput() const;  // what stands under PATH
  Result<void> Rename();  // still marked
  void Withdraw();        // undoes Rename
  Result<void> Finish();  // syncs the folder and unmarks
  void Unmark();          // closes, too
  tl::unexpected<Error> Appeared() const;

  Descriptor file_;
  std::unique_ptr<Writeback> writeback_;  // of a large file whose size was reserved
  std::string path_;                      // as given
  std::string target_;                    // what it points at
  std::string partial_;
  bool overwrite_ = false;
  bool kept_ = false;
  bool took_over_ = false;
};

// Puts a run's main file and the files that speak of it under their names, all of them sealed.
//
// Rules:    at no instant does a side file stand beside a main file of another run, whenever the
//           process dies: an old side file goes before the main file is replaced; where there was
//           no main file, it comes last
// Errors:   kIo; then no new side file stands, and no new main file where there was none, unless a
//           folder could not be synced
Result<void> PublishTogether(DurableFile& main, std::vector<DurableFile>& sides);

// The partial file of PATH that a run left which did not end, and that Create would take over; ""
// if there is none.
std::string LeftoverOf(const std::string& path);

// Whether a file stands under a name of which no run has more to do.
bool IsFinished(const std::string& path);

// Removes a file that speaks of an older output, and brings that to the disk; false: there was
// none.
//
// Errors:   kIo
Result<bool> RemoveOlder(const std::string& path);

// Removes the partial file of PATH. What cannot be removed is noted as a trouble.
void RemoveLeftover(const std::string& path);

// Writes a small file whole through a DurableFile. A device or pipe (/dev/stdout) is written
// directly, since it cannot be replaced.
Result<void> WriteWholeFile(const std::string& path, std::string_view text, bool overwrite);

}  // namespace imnorm
