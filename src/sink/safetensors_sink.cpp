// Rows behind a .safetensors header that has room for every shape, and their labels behind them.
#include "sink/safetensors_sink.h"

#include "sink/file_sink.h"
#include "sink/rows_so_far.h"
#include "tensor/safetensors_write.h"

namespace imnorm {
namespace {

// For three tensors, the largest of five dimensions of any size; a multiple of 8. Another one has
// no more than two.
constexpr size_t kTensorsBytes = 512;
constexpr size_t kNumbersBytes = 192;
constexpr uint64_t kNumberBytes = sizeof(int64_t);

using Metadata = std::vector<std::pair<std::string, std::string>>;

// Of every header of a file, with its length.
size_t HeaderBytes(const TensorFacts& facts) {
  const size_t more = facts.packed ? facts.packed->arrays() * kNumbersBytes : 0;
  return SafetensorsHeader({}, facts.metadata).size() - 8 + kTensorsBytes + more;
}

class SafetensorsSink : public FileSink {
 public:
  SafetensorsSink(DurableFile file, ElementType dtype, const TensorFacts& facts)
      : FileSink(std::move(file), dtype, HeaderBytes(facts), facts.packed.has_value()),
        metadata_(facts.metadata),
        header_bytes_(HeaderBytes(facts)),
        labelled_(!facts.classes.empty()),
        packed_(facts.packed.value_or(PackedFacts{"images", {}})) {}

  Result<void> Follow(const RowBlock& rows) override {
    if (packed()) {
      pictures_.FollowPacked(rows);
    } else if (labelled_) {
      pictures_.Follow(rows);
    }
    return FileSink::Follow(rows);
  }

 private:
  // What lacks the numbers of an alignment that torch insists on: the format knows no holes, so
  // that it is a tensor of its own.
  uint64_t Padding(uint64_t rows) const {
    if (!labelled_ && !packed()) return 0;
    return (kNumberBytes - rows * row_bytes() % kNumberBytes) % kNumberBytes;
  }

  uint64_t pictures(uint64_t rows) const { return packed() ? pictures_.counts().size() : rows; }

  std::string Header(uint64_t rows) const override {
    std::vector<SafetensorsPart> parts = {
        {packed_.tensor, dtype(), Shape(rows), rows * uint64_t(row_bytes())}};
    if (const uint64_t padding = Padding(rows); padding > 0) {
      parts.push_back({"padding", ElementType::kU8, {int64_t(padding)}, padding});
    }
    for (const PackedFacts::Numbers& part : packed_.numbers) {
      if (part.name.empty()) continue;
      parts.push_back({part.name, ElementType::kI64, PicturesShape(pictures(rows), part.count),
                       pictures(rows) * uint64_t(part.count) * kNumberBytes});
    }
    if (labelled_) {
      parts.push_back(
          {"labels", ElementType::kI64, {int64_t(pictures(rows))}, pictures(rows) * kNumberBytes});
    }
    for (const DerivedArray& array : packed_.derived) {
      std::vector<int64_t> shape = ShapeOf(array, row_shape());
      shape.insert(shape.begin(), int64_t(array.of_rows ? rows : pictures(rows)));
      uint64_t bytes = ElementBytes(array.type);
      for (const int64_t side : shape) bytes *= uint64_t(side);
      parts.push_back({array.name, array.type, shape, bytes});
    }
    return SafetensorsHeader(parts, metadata_, header_bytes_);
  }

  Result<void> WriteTail(uint64_t rows) override {
    const std::string padding(Padding(rows), '\0');
    if (!padding.empty()) {
      if (auto done = Append(padding.data(), padding.size()); !done) return done;
    }
    size_t first = 0;
    for (const PackedFacts::Numbers& part : packed_.numbers) {
      const std::vector<int64_t> numbers = pictures_.Numbers(first, size_t(part.count));
      first += size_t(part.count);
      if (part.name.empty()) continue;
      if (auto done = Append(numbers.data(), numbers.size() * kNumberBytes); !done) return done;
    }
    if (labelled_) {
      const auto labels = pictures_.labels().first(pictures(rows));
      if (auto done = Append(labels.data(), labels.size_bytes()); !done) return done;
    }
    std::vector<uint8_t> elements;
    for (const DerivedArray& array : packed_.derived) {
      for (const auto& numbers : pictures_.numbers()) {
        MakeDerived(array, numbers, row_shape(), &elements);
        if (auto done = Append(elements.data(), elements.size()); !done) return done;
      }
    }
    return {};
  }

  Metadata metadata_;
  size_t header_bytes_;
  bool labelled_;
  PackedFacts packed_;
  RowsSoFar pictures_;
};

Result<std::unique_ptr<TensorSink>> Open(const OutputOptions& output, ElementType dtype,
                                         const Stop&, const TensorFacts& facts) {
  auto file = DurableFile::Create(output.path, output.overwrite, output.resume);
  if (!file) return Failed(file);
  return std::make_unique<SafetensorsSink>(std::move(*file), dtype, facts);
}

bool Takes(ElementType) { return true; }

constexpr std::string_view kExtensions[] = {".safetensors"};

}  // namespace

const SinkFormat kSafetensorsFormat = {"safetensors",     kExtensions,    Takes,
                                       /*streams=*/false, /*packs=*/true, Open};

}  // namespace imnorm
