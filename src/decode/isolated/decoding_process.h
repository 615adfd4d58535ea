// A process of this or another program that decodes for this one.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>

#include "decode/isolated/channel.h"
#include "imnorm/error.h"
#include "imnorm/stop.h"
#include "io/shared_memory.h"

namespace imnorm {

// The descriptors that it finds: packets, files, rows.
inline constexpr int kDecodingSocket = 3;
inline constexpr int kDecodingFiles = 4;
inline constexpr int kDecodingRows = 5;
// Its argument, behind the program's name.
inline constexpr char kDecodingArgument[] = "decoding-process";

// Begins it, bounds it, and ends it.
//
// Threads:  one at a time
class DecodingProcess {
 public:
  // Returns once it has given up what it does not need.
  //
  // Errors:   kInstallation: the program does not begin, or cannot be sandboxed here; kIo: a
  //           shortage; kCancelled
  static Result<std::unique_ptr<DecodingProcess>> Begin(const std::string& program,
                                                        const Stop& stop);
  ~DecodingProcess();
  DecodingProcess(const DecodingProcess&) = delete;
  DecodingProcess& operator=(const DecodingProcess&) = delete;

  Channel& channel() { return channel_; }
  SharedMemory& files() { return files_; }
  SharedMemory& rows() { return rows_; }

  // How much memory the picture that is decoded next may take, beside what every one may.
  void Allow(uint64_t bytes);
  // Whether it may take that much: a limit of the whole run may be below.
  bool may_take_all() const { return may_take_all_; }

  // Ends it where it has not ended, and says how it did: an error of the picture, but of the run
  // where somebody else killed it.
  Error End();

 private:
  DecodingProcess(Channel channel, SharedMemory files, SharedMemory rows)
      : channel_(std::move(channel)), files_(std::move(files)), rows_(std::move(rows)) {}

  Channel channel_;
  SharedMemory files_;
  SharedMemory rows_;
  pid_t pid_ = -1;
  uint64_t own_bytes_ = 0;  // of address space, before the first picture
  bool may_take_all_ = true;
};

}  // namespace imnorm
