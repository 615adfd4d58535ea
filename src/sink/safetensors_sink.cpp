// Rows behind a .safetensors header that has room for every shape, and their labels behind them.
#include "sink/safetensors_sink.h"

#include "sink/file_sink.h"
#include "sink/picture_rows.h"
#include "tensor/safetensors_write.h"

namespace imnorm {
namespace {

// For three tensors, the largest of five dimensions of any size; a multiple of 8.
constexpr size_t kTensorsBytes = 512;
constexpr uint64_t kLabelBytes = sizeof(int64_t);

using Metadata = std::vector<std::pair<std::string, std::string>>;

// Of every header of a file, with its length.
size_t HeaderBytes(const Metadata& metadata) {
  return SafetensorsHeader({}, metadata).size() - 8 + kTensorsBytes;
}

class SafetensorsSink : public FileSink {
 public:
  SafetensorsSink(DurableFile file, ElementType dtype, const TensorFacts& facts)
      : FileSink(std::move(file), dtype, HeaderBytes(facts.metadata)),
        metadata_(facts.metadata),
        header_bytes_(HeaderBytes(metadata_)),
        labelled_(!facts.classes.empty()) {}

  Result<void> Follow(const RowBlock& rows) override {
    if (labelled_) pictures_.Follow(rows);
    return FileSink::Follow(rows);
  }

 private:
  // What lacks the labels of an alignment that torch insists on: the format knows no holes, so that
  // it is a tensor of its own.
  uint64_t Padding(uint64_t rows) const {
    return labelled_ ? (kLabelBytes - rows * row_bytes() % kLabelBytes) % kLabelBytes : 0;
  }

  std::string Header(uint64_t rows) const override {
    std::vector<SafetensorsPart> parts = {
        {"images", dtype(), Shape(rows), rows * uint64_t(row_bytes())}};
    if (const uint64_t padding = Padding(rows); padding > 0) {
      parts.push_back({"padding", ElementType::kU8, {int64_t(padding)}, padding});
    }
    if (labelled_) {
      parts.push_back({"labels", ElementType::kI64, {int64_t(rows)}, rows * kLabelBytes});
    }
    return SafetensorsHeader(parts, metadata_, header_bytes_);
  }

  Result<void> WriteTail(uint64_t rows) override {
    if (!labelled_) return {};
    const std::string padding(Padding(rows), '\0');
    if (auto done = Append(padding.data(), padding.size()); !done) return done;
    const auto labels = pictures_.labels().first(rows);
    return Append(labels.data(), labels.size_bytes());
  }

  Metadata metadata_;
  size_t header_bytes_;
  bool labelled_;
  PictureRows pictures_;
};

Result<std::unique_ptr<TensorSink>> Open(const OutputOptions& output, ElementType dtype,
                                         const Stop&, const TensorFacts& facts) {
  auto file = DurableFile::Create(output.path, output.overwrite);
  if (!file) return Failed(file);
  return std::make_unique<SafetensorsSink>(std::move(*file), dtype, facts);
}

bool Takes(ElementType) { return true; }

constexpr std::string_view kExtensions[] = {".safetensors"};

}  // namespace

const SinkFormat kSafetensorsFormat = {"safetensors", kExtensions, Takes, /*streams=*/false, Open};

}  // namespace imnorm
