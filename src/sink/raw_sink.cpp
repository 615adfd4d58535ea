// Bare rows, at their places in a file or one after the other down a pipe.
#include "sink/raw_sink.h"

#include <cassert>

#include "io/standard_output.h"
#include "sink/file_sink.h"

namespace imnorm {
namespace {

class RawSink : public FileSink {
 public:
  RawSink(DurableFile file, ElementType dtype) : FileSink(std::move(file), dtype, 0) {}

 private:
  std::string Header(uint64_t) const override { return ""; }
};

// What was written to standard output stays there, whatever comes.
class RawStream : public TensorSink {
 public:
  RawStream(ElementType dtype, const Stop& stop) : row_bytes_(ElementBytes(dtype)), stop_(stop) {}

  Result<void> Start(const std::vector<int64_t>& row_shape, uint64_t) override {
    for (const int64_t side : row_shape) row_bytes_ *= uint64_t(side);
    return {};
  }
  Result<void> Follow(const RowBlock& rows) override {
    hash_.Update(rows.data, rows.count * row_bytes_);
    return {};
  }
  Result<void> Write(const RowBlock& rows) override {
    assert(rows.first == rows_);
    rows_ += rows.count;
    return WriteStdout({reinterpret_cast<const char*>(rows.data), size_t(rows.count * row_bytes_)},
                       stop_);
  }
  bool any_order() const override { return false; }
  Result<void> Seal(uint64_t) override { return {}; }
  std::vector<WrittenFile> files() const override {
    return {{"", rows_ * row_bytes_, hash_.Hex()}};
  }
  Result<void> Publish(std::vector<DurableFile>& sides) override {
    DurableFile none;
    return PublishTogether(none, sides);
  }
  RowPlace Place(const RowBlock&) const override { return {}; }
  Result<void> ReadBack(const RowPlace&, void*, size_t) const override {
    return Fail(ErrorCode::kIo, "standard output is not read back");
  }
  void Keep(bool) override {}

 private:
  uint64_t row_bytes_;
  Stop stop_;
  uint64_t rows_ = 0;
  Xxh3 hash_;
};

Result<std::unique_ptr<TensorSink>> Open(const OutputOptions& output, ElementType dtype,
                                         const Stop& stop, const TensorFacts&) {
  if (output.to_stdout()) return std::make_unique<RawStream>(dtype, stop);
  auto file = DurableFile::Create(output.path, output.overwrite, output.resume);
  if (!file) return Failed(file);
  return std::make_unique<RawSink>(std::move(*file), dtype);
}

bool Takes(ElementType) { return true; }

constexpr std::string_view kExtensions[] = {".raw", ".bin"};

}  // namespace

const SinkFormat kRawFormat = {"raw", kExtensions, Takes, /*streams=*/true, /*packs=*/false, Open};

}  // namespace imnorm
