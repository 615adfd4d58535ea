// Writing to the disk while the file still grows.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>

namespace imnorm {

// Has the system begin to write every few megabytes of a file, so that a sync at its end is short.
//
// Rules:    the call sleeps while the disk's queue is full (a tenth of a run's time, where the
//           workers made it): hence a thread of its own
// Threads:  Wrote may be called by several threads
class Writeback {
 public:
  // How much is begun at a time: enough that the calls cost nothing, little enough that the last
  // sync has little left. Smaller files need no writeback.
  static constexpr uint64_t kPiece = uint64_t{8} << 20;

  explicit Writeback(int fd);
  ~Writeback();
  Writeback(const Writeback&) = delete;
  Writeback& operator=(const Writeback&) = delete;

  // Says that `bytes` more stand in the file.
  void Wrote(size_t bytes);

 private:
  void Run(int fd);

  std::atomic<uint64_t> bytes_{0};
  std::atomic<uint32_t> pieces_{0};  // begun so far
  std::atomic<bool> ends_{false};
  std::thread thread_;
};

}  // namespace imnorm
