// From what the user names to one sorted, repeatable list of inputs.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "imnorm/error.h"
#include "imnorm/stop.h"

namespace imnorm {

class MemberStore;
struct FileChecksum;

// Which files count, as the command line says it.
struct InputOptions {
  std::vector<std::string> inputs;      // files, folders, archives; "-": a tar on standard input
  std::string files_from;               // a file with one path a line, "-" for stdin, "" for none
  bool null_separated = false;          // files_from is separated by NUL instead of newline
  std::vector<std::string> extensions;  // folders only; lower case, no dot; empty: by content
  std::vector<std::string> exclude;     // folders only; patterns as in .gitignore
  bool follow_links = true;             // links to folders, each folder once
  std::string checksums;                // a file as sha256sum and b3sum write them, "" for none
  // Which page or frame is read of every file, from 0; none: the first, and that there are more is
  // said. `all_frames`: each is an input of its own, of files that have several.
  std::optional<uint32_t> frame;
  bool all_frames = false;
  // Called now and then while folders are walked, with the files found so far.
  std::function<void(uint64_t found)> on_found;
};

// One picture to read.
struct Input {
  std::string path;         // with "#N" behind it where it is frame N
  uint32_t key_offset = 0;  // the sort key is path.substr(key_offset)
  uint32_t root = 0;        // index into the roots of the list
  bool named = false;       // on the command line or in a list: must be a picture
  bool expected = false;    // in a folder, by its extension a picture
  int32_t frame = -1;       // of DecodeOptions; -1: none is chosen
  int list_error = 0;       // errno met while listing it; the path is then reported, not read
  // Of a member of an archive: where its bytes are kept, and why it is not read, if it is not.
  const MemberStore* store = nullptr;
  const Error* refused = nullptr;
  const FileChecksum* checksum = nullptr;  // of its bytes, where the list has checksums
  uint64_t offset = 0;
  uint64_t bytes = 0;
  std::string_view file() const;  // the path without the frame
  std::string_view key() const { return std::string_view(path).substr(key_offset); }
  // The first folder of the key, the class label of class-per-folder data sets; "" if none.
  std::string_view top_folder() const;
};

// The list of a run.
//
// Rules:    sorted byte-wise by key, ties by the INPUT as given: the same on every machine; the
//           frames of a file in their order
struct InputList {
  std::vector<Input> inputs;
  uint64_t passed_over = 0;  // sockets, FIFOs, devices and broken links met in folders
  // Folders that were met again through a link, also loops: not read again.
  std::vector<std::string> links_read_before;
  std::vector<std::string> links_left_out;  // links to folders where they are not followed
  std::vector<std::string> idle_excludes;   // patterns that no entry met
  std::vector<std::shared_ptr<const MemberStore>> stores;      // of archives; inputs point at them
  std::shared_ptr<const std::vector<FileChecksum>> checksums;  // likewise
  // Identifies the whole list: XXH3-128 over the sorted keys, each ended by a NUL, 32 hex digits.
  std::string Hash() const;
};

// Lists files, walks folders (hidden names left out, links to folders followed once each) and reads
// archives, tar (plain, gzip, zstd) and zip, which are known by content: of what may be a picture
// the bytes are kept in a temporary file without a name. For `all_frames` the headers of every file
// are read.
//
// Errors:   kNotFound: an INPUT does not exist; kBadArgument: a path twice in files_from, a NUL in
//           a list of lines, a list in UTF-16; kIo: files_from cannot be read; kUnsupported: the
//           module for archives is missing
Result<InputList> ListInputs(const InputOptions& options);

// The contiguous part I of N (1-based) of a list of `size`, as [begin, end).
struct ShardRange {
  size_t begin = 0;
  size_t end = 0;
};
ShardRange ShardOf(size_t size, uint64_t index, uint64_t count);

// Reads a whole file into `bytes` (capacity is kept between calls).
//
// Rules:    regular files only, opened O_NONBLOCK, read, never mapped: a file that is truncated
//           meanwhile is short, not a SIGBUS. The first 512 bytes are read on their own; with
//           `skip_unknown` a file that no codec knows is not read further.
//           Between pieces of some megabytes `stop` is asked.
// Errors:   kIo, kNotFound, kUnsupported (not a regular file), kTooLarge (over max_bytes),
//           kCancelled
Result<void> ReadFile(const std::string& path, uint64_t max_bytes, bool skip_unknown,
                      std::vector<uint8_t>& bytes, const Stop& stop = {});

}  // namespace imnorm
