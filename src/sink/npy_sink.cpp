// Rows behind an .npy header that has room for every shape.
#include "sink/npy_sink.h"

#include "sink/file_sink.h"

namespace imnorm {
namespace {

constexpr size_t kHeaderBytes = 192;  // for five dimensions of any size; a multiple of 64

class NpySink : public FileSink {
 public:
  NpySink(DurableFile file, ElementType dtype) : FileSink(std::move(file), dtype, kHeaderBytes) {}

 private:
  std::string Header(uint64_t rows) const override {
    return NpyHeader(NpyDescr(dtype()), Shape(rows), kHeaderBytes);
  }
};

Result<std::unique_ptr<TensorSink>> Open(const OutputOptions& output, ElementType dtype,
                                         const Stop&, const TensorFacts&) {
  auto file = DurableFile::Create(output.path, output.overwrite, output.resume);
  if (!file) return Failed(file);
  return std::make_unique<NpySink>(std::move(*file), dtype);
}

bool Takes(ElementType type) { return !NpyDescr(type).empty(); }

constexpr std::string_view kExtensions[] = {".npy"};

}  // namespace

const SinkFormat kNpyFormat = {"npy", kExtensions, Takes, /*streams=*/false, /*packs=*/false, Open};

}  // namespace imnorm
