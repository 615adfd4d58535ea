// An output: rows become one tensor, in a file, in several, or down a pipe.
#pragma once

#include <cstdint>
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
};

}  // namespace imnorm
