// The sinks of one file whose rows stand at fixed places: a header of one length, rows, a tail.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "io/xxh3.h"
#include "sink/tensor_sink.h"

namespace imnorm {

// Shapes:   [rows][row_shape...]; row r stands at header_bytes + r * row_bytes
// Rules:    rows are hashed as they follow; where the header is another than was foreseen (fewer
//           rows than the most) the file is read again for its hash
class FileSink : public TensorSink {
 public:
  Result<void> Start(const std::vector<int64_t>& row_shape, uint64_t most_rows) override;
  Result<void> Follow(const RowBlock& rows) override;
  Result<void> Write(const RowBlock& rows) override;
  bool any_order() const override { return true; }
  Result<void> Seal(uint64_t rows) override;
  std::vector<WrittenFile> files() const override { return {{file_.path(), bytes_, hash_hex_}}; }
  Result<void> Publish(std::vector<DurableFile>& sides) override {
    return PublishTogether(file_, sides);
  }
  RowPlace Place(const RowBlock& rows) const override {
    return {0, header_bytes_ + rows.first * row_bytes_};
  }
  Result<void> ReadBack(const RowPlace& place, void* data, size_t size) const override {
    return file_.ReadAt(place.offset, data, size);
  }
  void Keep(bool keep) override { file_.Keep(keep); }

 protected:
  FileSink(DurableFile file, ElementType dtype, size_t header_bytes, bool packed = false)
      : file_(std::move(file)), dtype_(dtype), header_bytes_(header_bytes), packed_(packed) {}

  // The header of so many rows, header_bytes long.
  virtual std::string Header(uint64_t rows) const = 0;
  // Appends what stands behind the rows.
  virtual Result<void> WriteTail(uint64_t rows) {
    static_cast<void>(rows);
    return {};
  }
  Result<void> Append(const void* data, size_t size);

  std::vector<int64_t> Shape(uint64_t rows) const;
  const std::vector<int64_t>& row_shape() const { return row_shape_; }
  uint64_t row_bytes() const { return row_bytes_; }
  uint64_t end() const { return bytes_; }  // of what stands so far, while the tail is written
  ElementType dtype() const { return dtype_; }
  bool packed() const { return packed_; }

 private:
  Result<void> HashFile();

  DurableFile file_;
  ElementType dtype_;
  size_t header_bytes_;
  bool packed_;  // nobody knows how many rows there will be
  std::vector<int64_t> row_shape_;
  uint64_t row_bytes_ = 0;
  std::string foreseen_;  // the header that is in hash_
  std::unique_ptr<Xxh3> hash_;
  uint64_t bytes_ = 0;
  std::string hash_hex_;
};

}  // namespace imnorm
