// Rows behind a .safetensors header that has room for every shape, and their labels behind them.
#include "sink/safetensors_sink.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cassert>
#include <cstring>
#include <nlohmann/json.hpp>

#include "sink/file_sink.h"
#include "sink/picture_rows.h"

namespace imnorm {
namespace {

// For three tensors, the largest of five dimensions of any size; a multiple of 8.
constexpr size_t kTensorsBytes = 512;
constexpr uint64_t kLabelBytes = sizeof(int64_t);

// "{" or the metadata and its comma.
std::string Opening(const TensorFacts& facts) {
  if (facts.metadata.empty()) return "{";
  nlohmann::ordered_json metadata;
  for (const auto& [name, text] : facts.metadata) metadata[name] = text;
  return R"({"__metadata__":)" +
         metadata.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + ",";
}

std::string TensorJson(std::string_view name, std::string_view dtype,
                       const std::vector<int64_t>& shape, uint64_t begin, uint64_t end) {
  return fmt::format(R"("{}":{{"dtype":"{}","shape":[{}],"data_offsets":[{},{}]}})", name, dtype,
                     fmt::join(shape, ","), begin, end);
}

class SafetensorsSink : public FileSink {
 public:
  SafetensorsSink(DurableFile file, ElementType dtype, const TensorFacts& facts)
      : SafetensorsSink(std::move(file), dtype, Opening(facts), !facts.classes.empty()) {}

  Result<void> Follow(const RowBlock& rows) override {
    if (labelled_) pictures_.Follow(rows);
    return FileSink::Follow(rows);
  }

 private:
  SafetensorsSink(DurableFile file, ElementType dtype, std::string opening, bool labelled)
      : FileSink(std::move(file), dtype, (opening.size() + kTensorsBytes + 7) / 8 * 8),
        opening_(std::move(opening)),
        header_bytes_((opening_.size() + kTensorsBytes + 7) / 8 * 8),
        labelled_(labelled) {}

  // What lacks the labels of an alignment that torch insists on: the format knows no holes, so that
  // it is a tensor of its own.
  uint64_t Padding(uint64_t rows) const {
    return labelled_ ? (kLabelBytes - rows * row_bytes() % kLabelBytes) % kLabelBytes : 0;
  }

  // The length, the JSON and its padding of spaces.
  std::string Header(uint64_t rows) const override {
    const uint64_t images = rows * row_bytes();
    const uint64_t padding = Padding(rows);
    const uint64_t labels = images + padding;
    std::string json =
        opening_ + TensorJson("images", RowOf(dtype()).safetensors, Shape(rows), 0, images);
    if (padding > 0) {
      json += "," + TensorJson("padding", "U8", {int64_t(padding)}, images, labels);
    }
    if (labelled_) {
      json +=
          "," + TensorJson("labels", "I64", {int64_t(rows)}, labels, labels + rows * kLabelBytes);
    }
    json += "}";
    assert(json.size() <= header_bytes_ - 8);
    json.resize(header_bytes_ - 8, ' ');
    const uint64_t length = json.size();
    std::string header(8, '\0');
    std::memcpy(header.data(), &length, 8);
    return header + json;
  }

  Result<void> WriteTail(uint64_t rows) override {
    if (!labelled_) return {};
    const std::string padding(Padding(rows), '\0');
    if (auto done = Append(padding.data(), padding.size()); !done) return done;
    const auto labels = pictures_.labels().first(rows);
    return Append(labels.data(), labels.size_bytes());
  }

  std::string opening_;
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
