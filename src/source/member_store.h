// The bytes of archive members, at offsets of a file that nobody else sees.
#pragma once

#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "imnorm/error.h"
#include "imnorm/stop.h"
#include "io/spool.h"

namespace imnorm {

// Members are read in the order of the list, which no compressed archive allows: what may be a
// picture is kept unpacked meanwhile.
//
// Threads:  Read may be called by several threads; the rest by one, before
class MemberStore {
 public:
  // Errors:   as Spool::Open
  static Result<MemberStore> Open();

  uint64_t size() const { return size_; }
  Result<void> Append(const void* data, size_t size);
  Result<void> Read(uint64_t offset, uint64_t size, std::vector<uint8_t>& bytes,
                    const Stop& stop) const;

  // Keeps an error as long as the store lives.
  const Error* Keep(Error error) { return &errors_.emplace_back(std::move(error)); }

 private:
  explicit MemberStore(Spool file) : file_(std::move(file)) {}

  Spool file_;
  uint64_t size_ = 0;
  std::deque<Error> errors_;
};

}  // namespace imnorm
