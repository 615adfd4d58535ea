#include "sink/tensor_sink.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cassert>
#include <cstring>

#include "imnorm/tensor.h"
#include "io/path_ending.h"
#include "io/standard_output.h"

namespace imnorm {
namespace {

// Room for the longest header of five dimensions; a multiple of 64 for .npy and of 8 for
// safetensors.
constexpr size_t kNpyHeaderBytes = 192;
constexpr size_t kSafetensorsHeaderBytes = 256;

size_t HeaderBytes(FileFormat format) {
  switch (format) {
    case FileFormat::kNpy:
      return kNpyHeaderBytes;
    case FileFormat::kSafetensors:
      return kSafetensorsHeaderBytes;
    case FileFormat::kRaw:
      return 0;
  }
  return 0;
}

const char* NpyDescr(DType dtype) {
  switch (dtype) {
    case DType::kFloat32:
      return "<f4";
    case DType::kFloat16:
      return "<f2";
    case DType::kUInt8:
      return "|u1";
    case DType::kInt8:
      return "|i1";
    case DType::kBFloat16:
      break;
  }
  return nullptr;
}

const char* SafetensorsName(DType dtype) {
  switch (dtype) {
    case DType::kFloat32:
      return "F32";
    case DType::kFloat16:
      return "F16";
    case DType::kBFloat16:
      return "BF16";
    case DType::kUInt8:
      return "U8";
    case DType::kInt8:
      return "I8";
  }
  return "";
}

// The length, the JSON and its padding of spaces, for one tensor named "images".
std::string SafetensorsHeader(DType dtype, const std::vector<int64_t>& shape, uint64_t bytes) {
  std::string json =
      fmt::format(R"({{"images":{{"dtype":"{}","shape":[{}],"data_offsets":[0,{}]}}}})",
                  SafetensorsName(dtype), fmt::join(shape, ","), bytes);
  assert(json.size() <= kSafetensorsHeaderBytes - 8);
  json.resize(kSafetensorsHeaderBytes - 8, ' ');
  const uint64_t length = json.size();
  std::string header(8, '\0');
  std::memcpy(header.data(), &length, 8);
  return header + json;
}

}  // namespace

Result<FileFormat> FormatOfPath(const std::string& path) {
  const auto ends = [&](const char* extension) { return HasEnding(path, extension); };
  if (ends(".npy")) return FileFormat::kNpy;
  if (ends(".safetensors")) return FileFormat::kSafetensors;
  if (ends(".raw") || ends(".bin")) return FileFormat::kRaw;
  return Fail(ErrorCode::kBadArgument,
              path +
                  ": no format goes with this extension (.npy, .safetensors, .raw do); name one "
                  "with --format");
}

const char* FileFormatName(FileFormat format) {
  switch (format) {
    case FileFormat::kNpy:
      return "npy";
    case FileFormat::kSafetensors:
      return "safetensors";
    case FileFormat::kRaw:
      return "raw";
  }
  return "";
}

Result<TensorSink> TensorSink::Create(const std::string& path, FileFormat format, DType dtype,
                                      bool overwrite) {
  if (format == FileFormat::kNpy && NpyDescr(dtype) == nullptr) {
    return Fail(ErrorCode::kBadArgument,
                path + ": .npy has no bfloat16; --format safetensors and raw have");
  }
  auto file = DurableFile::Create(path, overwrite);
  if (!file) return tl::unexpected<Error>(std::move(file.error()));
  TensorSink sink;
  sink.file_ = std::move(*file);
  sink.format_ = format;
  sink.dtype_ = dtype;
  return sink;
}

Result<TensorSink> TensorSink::Create(const OutputOptions& output, DType dtype,
                                      const std::atomic<int>* stop) {
  if (!output.to_stdout()) {
    auto sink = Create(output.path, output.format, dtype, output.overwrite);
    if (sink) sink->hashes_ = true;
    return sink;
  }
  if (output.format != FileFormat::kRaw) {
    return Fail(ErrorCode::kBadArgument, "-: standard output takes raw only");
  }
  TensorSink sink;
  sink.in_order_ = true;
  sink.hashes_ = true;
  sink.stop_ = stop;
  sink.format_ = output.format;
  sink.dtype_ = dtype;
  return sink;
}

Result<void> TensorSink::SetRowShape(const std::vector<int64_t>& row_shape, uint64_t max_rows) {
  assert(!row_shape.empty());
  row_shape_ = row_shape;
  row_bytes_ = DTypeBytes(dtype_);
  for (const int64_t side : row_shape) row_bytes_ *= size_t(side);
  if (hashes_) {
    hash_ = std::make_unique<Xxh3>();
    expected_rows_ = max_rows;
    const std::string header = Header(max_rows);
    hash_->Update(header.data(), header.size());
  }
  if (in_order_) return {};
  return file_.Reserve(HeaderBytes(format_) + max_rows * row_bytes_);
}

Result<void> TensorSink::WriteRows(uint64_t first, uint64_t count, const void* data) {
  if (in_order_) {
    assert(first == next_row_);
    next_row_ = first + count;
    return WriteStdout({static_cast<const char*>(data), size_t(count) * row_bytes_}, stop_);
  }
  return file_.WriteAt(HeaderBytes(format_) + first * row_bytes_, data, count * row_bytes_);
}

Result<void> TensorSink::ReadRows(uint64_t first, uint64_t count, void* data) const {
  return file_.ReadAt(HeaderBytes(format_) + first * row_bytes_, data, count * row_bytes_);
}

void TensorSink::HashRows(uint64_t count, const void* data) {
  if (!hash_) return;
  hash_->Update(data, count * row_bytes_);
  hashed_rows_ += count;
}

// The fixed-length header of so many rows; empty for raw.
std::string TensorSink::Header(uint64_t rows) const {
  std::vector<int64_t> shape = {int64_t(rows)};
  shape.insert(shape.end(), row_shape_.begin(), row_shape_.end());
  if (format_ == FileFormat::kNpy) return NpyHeader(NpyDescr(dtype_), shape, kNpyHeaderBytes);
  if (format_ == FileFormat::kSafetensors) {
    return SafetensorsHeader(dtype_, shape, rows * row_bytes_);
  }
  return "";
}

// The hash of what is on the disk, where a failed input made it have fewer rows than expected.
Result<void> TensorSink::HashFile() {
  constexpr size_t kPiece = size_t{1} << 20;
  std::vector<uint8_t> piece(kPiece);
  Xxh3 hash;
  for (uint64_t at = 0; at < bytes_; at += kPiece) {
    const size_t size = size_t(std::min<uint64_t>(kPiece, bytes_ - at));
    if (auto read = file_.ReadAt(at, piece.data(), size); !read) return read;
    hash.Update(piece.data(), size);
  }
  hash_hex_ = hash.Hex();
  return {};
}

Result<void> TensorSink::Seal(uint64_t rows) {
  const std::string header = Header(rows);
  assert(header.size() == HeaderBytes(format_));
  bytes_ = header.size() + rows * row_bytes_;
  const bool hashed = hash_ && hashed_rows_ == rows && (rows == expected_rows_ || header.empty());
  if (hashed) hash_hex_ = hash_->Hex();
  if (in_order_) return {};
  if (auto written = file_.WriteAt(0, header.data(), header.size()); !written) return written;
  if (hashes_ && !hashed) {
    if (auto read = HashFile(); !read) return read;
  }
  return file_.Seal(bytes_);
}

}  // namespace imnorm
