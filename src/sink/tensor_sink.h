// An output: rows become one tensor, in a file, in several, or down a pipe.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "imnorm/tensor.h"
#include "imnorm/values.h"
#include "io/durable_file.h"
#include "sink/row_writer.h"

namespace imnorm {

// A file, or what went down a pipe, as it is once all is written.
struct WrittenFile {
  std::string path;
  uint64_t bytes = 0;
  std::string hash;   // XXH3, 128 bits
  uint64_t rows = 0;  // of a shard
};

// Where the elements of a block stand, for a run that goes on.
struct RowPlace {
  uint64_t shard = 0;
  uint64_t offset = 0;  // in its file
};

// Rules:    after Seal only names are left that could fail. Without Publish nothing of it stays,
// but
//           for what went down a pipe
class TensorSink : public RowWriter {
 public:
  // All rows are written: brings everything to the disk, still under partial names.
  virtual Result<void> Seal(uint64_t rows) = 0;
  virtual std::vector<WrittenFile> files() const = 0;  // of a sealed one

  // Puts it and the files that speak of it under their names together.
  virtual Result<void> Publish(std::vector<DurableFile>& sides) = 0;

  // Of a block that was followed last.
  virtual RowPlace Place(const RowBlock& rows) const = 0;
  // Reads back what stands in an output that is not published yet, an earlier run's included.
  //
  // Errors:   kIo; there is nothing
  // Threads:  any, also beside Write
  virtual Result<void> ReadBack(const RowPlace& place, void* data, size_t size) const = 0;
  // Whether without Publish all that stands stays, for a run that goes on.
  virtual void Keep(bool keep) = 0;

  // Has `done` called before some of the rows, but not yet all, get their name: by any thread.
  virtual void BeforeSome(std::function<void()> done) { static_cast<void>(done); }
};

}  // namespace imnorm
