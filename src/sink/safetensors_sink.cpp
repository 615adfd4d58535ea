// Rows behind a .safetensors header that has room for every shape.
#include "sink/safetensors_sink.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cassert>
#include <cstring>

#include "sink/file_sink.h"
#include "tensor/element_type.h"

namespace imnorm {
namespace {

constexpr size_t kHeaderBytes = 256;  // for five dimensions of any size; a multiple of 8

class SafetensorsSink : public FileSink {
 public:
  SafetensorsSink(DurableFile file, DType dtype) : FileSink(std::move(file), dtype, kHeaderBytes) {}

 private:
  // The length, the JSON and its padding of spaces.
  std::string Header(uint64_t rows) const override {
    std::string json = fmt::format(
        R"({{"images":{{"dtype":"{}","shape":[{}],"data_offsets":[0,{}]}}}})",
        RowOf(ElementTypeOf(dtype())).safetensors, fmt::join(Shape(rows), ","), rows * row_bytes());
    assert(json.size() <= kHeaderBytes - 8);
    json.resize(kHeaderBytes - 8, ' ');
    const uint64_t length = json.size();
    std::string header(8, '\0');
    std::memcpy(header.data(), &length, 8);
    return header + json;
  }
};

Result<std::unique_ptr<TensorSink>> Open(const OutputOptions& output, DType dtype, const Stop&) {
  auto file = DurableFile::Create(output.path, output.overwrite);
  if (!file) return tl::unexpected<Error>(std::move(file.error()));
  return std::make_unique<SafetensorsSink>(std::move(*file), dtype);
}

bool Takes(ElementType) { return true; }

constexpr std::string_view kExtensions[] = {".safetensors"};

}  // namespace

const SinkFormat kSafetensorsFormat = {"safetensors", kExtensions, Takes, /*streams=*/false, Open};

}  // namespace imnorm
