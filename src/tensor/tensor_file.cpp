// TensorFile: one tensor of a file, read piece by piece; ReadTensors: all of a small file.
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "imnorm/tensor.h"
#include "tensor/located.h"
#include "tensor/stored_order.h"
#include "tensor/tensor_open.h"

namespace imnorm {
namespace {

constexpr uint64_t kMaxSmallFile = 1 << 30;  // of all tensors that ReadTensors brings to memory

// The samples among the tensors of an output of ours; none where there is any other tensor.
std::optional<size_t> SamplesAmong(const std::vector<std::string>& names) {
  std::optional<size_t> samples;
  for (size_t i = 0; i < names.size(); ++i) {
    const std::string& name = names[i];
    if (name == "images" || name == "data") {
      if (samples) return std::nullopt;
      samples = i;
    } else if (name != "labels" && name != "paths" && name != "padding") {
      return std::nullopt;
    }
  }
  return samples;
}

// Which of the names is meant, or the list of them.
Result<size_t> ChooseTensor(const std::vector<std::string>& names, const std::string& wanted) {
  if (wanted.empty() && names.size() == 1) return 0;
  if (const auto samples = SamplesAmong(names); wanted.empty() && samples) return *samples;
  if (wanted.empty() && names.empty()) return Fail(ErrorCode::kCorrupt, "it holds no tensor");
  std::string list;
  constexpr size_t kListed = 8;
  for (size_t i = 0; i < names.size(); ++i) {
    if (!wanted.empty() && names[i] == wanted) return i;
    if (i < kListed) list += fmt::format("{}{}", i == 0 ? "" : ", ", names[i]);
    if (i == kListed) list += ", ...";
  }
  if (wanted.empty()) {
    return Blame(
        "source.tensor",
        fmt::format("it holds {} tensors ({}); `source.tensor` NAME takes one", names.size(), list),
        ErrorCode::kUnsupported);
  }
  return Fail(ErrorCode::kNotFound,
              fmt::format("it holds no tensor \"{}\", only: {}", wanted, list));
}

Result<std::vector<std::string>> NpzNames(const OpenedTensors& file) {
  auto reader = NpzReader::Open(file.fd.get(), file.bytes);
  if (!reader) return Failed(reader);
  std::vector<std::string> names;
  while (true) {
    const auto more = reader->Next();
    if (!more) return Failed(more);
    if (!*more) return names;
    names.push_back(reader->name());
  }
}

Result<Located> LocateInNpz(const OpenedTensors& file, const std::string& tensor_name) {
  const auto names = NpzNames(file);
  if (!names) return Failed(names);
  const auto index = ChooseTensor(*names, tensor_name);
  if (!index) return Failed(index);
  auto reader = NpzReader::Open(file.fd.get(), file.bytes);
  if (!reader) return Failed(reader);
  for (size_t i = 0; i <= *index; ++i) {
    const auto more = reader->Next();
    if (!more) return Failed(more);
  }
  auto layout = reader->ReadHeader();
  if (!layout) return Failed(layout);
  return SpoolMember(*reader, std::move(*layout));
}

// The whole of a tensor in Fortran order: pieces of it in C order lie all over it.
Result<std::vector<uint8_t>> ReadWhole(const Located& located) {
  if (located.layout.bytes > kMaxSmallFile) {
    return Fail(ErrorCode::kUnsupported,
                "it takes more than 1 GiB in Fortran order; save numpy.ascontiguousarray(a)");
  }
  std::vector<uint8_t> bytes(size_t(located.layout.bytes));
  auto done = ReadAt(located.fd.get(), located.layout.offset, bytes.data(), bytes.size());
  if (!done) return Failed(done);
  return bytes;
}

// Brings a small tensor's bytes to C order and little-endian.
void Straighten(const TensorLayout& layout, std::vector<uint8_t>& bytes) {
  const size_t size = ElementBytes(layout.type);
  if (layout.fortran_order && !bytes.empty()) {
    const std::vector<uint8_t> stored = bytes;
    GatherFortran(stored.data(), layout.shape, size, 0, int64_t(bytes.size() / size), bytes.data());
  }
  if (layout.big_endian) SwapElements(bytes.data(), bytes.size() / size, size);
}

Result<Located> Locate(OpenedTensors file, const std::string& tensor_name) {
  if (file.format == TensorFormat::kNpz) return LocateInNpz(file, tensor_name);
  auto entries = ListTensors(file);
  if (!entries) return Failed(entries);
  size_t index = 0;
  if (file.format == TensorFormat::kSafetensors) {
    std::vector<std::string> names;
    for (const SafetensorsEntry& entry : *entries) names.push_back(entry.name);
    const auto chosen = ChooseTensor(names, tensor_name);
    if (!chosen) return Failed(chosen);
    index = *chosen;
  }
  SafetensorsEntry& entry = (*entries)[index];
  if (!entry.readable) {
    return Fail(ErrorCode::kUnsupported, fmt::format("tensor \"{}\" has elements of type {}, which "
                                                     "are not read",
                                                     entry.name, entry.dtype));
  }
  return Located{std::move(file.fd), std::move(entry.layout)};
}

Result<std::map<std::string, Tensor>> ReadNpz(const OpenedTensors& file) {
  auto reader = NpzReader::Open(file.fd.get(), file.bytes);
  if (!reader) return Failed(reader);
  std::map<std::string, Tensor> tensors;
  uint64_t total = 0;
  while (true) {
    const auto more = reader->Next();
    if (!more) return Failed(more);
    if (!*more) return tensors;
    auto layout = reader->ReadHeader();
    if (!layout) return Failed(layout);
    total += layout->bytes;
    if (total > kMaxSmallFile) {
      return Fail(ErrorCode::kTooLarge, "its tensors take more than 1 GiB");
    }
    Tensor tensor{layout->type, layout->shape, {}};
    tensor.bytes.resize(size_t(layout->bytes));
    auto done = reader->ReadElements(tensor.bytes.data(), tensor.bytes.size());
    if (done) done = reader->ExpectEnd();
    if (!done) return Failed(done);
    Straighten(*layout, tensor.bytes);
    if (!tensors.emplace(reader->name(), std::move(tensor)).second) {
      return Fail(ErrorCode::kCorrupt, fmt::format("\"{}\" comes twice", reader->name()));
    }
  }
}

Result<std::map<std::string, Tensor>> ReadSafetensors(const OpenedTensors& file) {
  if (file.bytes > kMaxSmallFile) return Fail(ErrorCode::kTooLarge, "it takes more than 1 GiB");
  auto entries = ListTensors(file);
  if (!entries) return Failed(entries);
  std::map<std::string, Tensor> tensors;
  for (SafetensorsEntry& entry : *entries) {
    if (!entry.readable) continue;  // a checkpoint may hold what nobody asks for
    Tensor tensor{entry.layout.type, std::move(entry.layout.shape), {}};
    tensor.bytes.resize(size_t(entry.layout.bytes));
    auto done =
        ReadAt(file.fd.get(), entry.layout.offset, tensor.bytes.data(), tensor.bytes.size());
    if (!done) return Failed(done);
    tensors.emplace(entry.name, std::move(tensor));
  }
  return tensors;
}

}  // namespace

struct TensorFile::Handle {
  Descriptor fd;
  bool big_endian = false;
  std::vector<uint8_t> fortran;  // all elements, where they are in Fortran order
};

Result<TensorFile> TensorFile::Open(const std::string& path, const std::string& tensor_name) {
  auto opened = OpenTensors(path);
  if (!opened) return Prefixed(path, std::move(opened.error()));
  auto located = Locate(std::move(*opened), tensor_name);
  if (!located) return Prefixed(path, std::move(located.error()));
  auto file = TensorFileAccess::Make(std::move(*located));
  if (!file) return Prefixed(path, std::move(file.error()));
  return file;
}

Result<TensorFile> TensorFile::OpenRaw(const std::string& path, ElementType type,
                                       const std::vector<int64_t>& shape) {
  const auto bytes = DenseBytes(type, shape);
  if (!bytes) return Fail(ErrorCode::kBadArgument, bytes.error().message);
  Located located;
  located.fd = OpenToRead(path);
  struct stat status {};
  if (!located.fd.is_open() || fstat(located.fd.get(), &status) != 0) {
    const ErrorCode code = errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo;
    return Fail(code, fmt::format("{}: {}", path, strerror(errno)));
  }
  if (!S_ISREG(status.st_mode)) return Fail(ErrorCode::kIo, path + ": not a regular file");
  if (uint64_t(status.st_size) != *bytes) {
    return Fail(ErrorCode::kBadArgument,
                fmt::format("{}: shape {} of {} takes {} bytes, the file has {}", path,
                            ShapeText(shape), ElementTypeName(type), *bytes, status.st_size));
  }
  located.layout = {type, shape, 0, *bytes};
  return TensorFileAccess::Make(std::move(located));
}

Result<TensorFile> TensorFileAccess::Make(Located located) {
  TensorFile::Handle handle;
  handle.big_endian = located.layout.big_endian;
  if (located.layout.fortran_order && located.layout.bytes > 0) {
    auto whole = ReadWhole(located);
    if (!whole) return Failed(whole);
    handle.fortran = std::move(*whole);
  }
  handle.fd = std::move(located.fd);
  TensorFile file;
  file.handle_ = std::make_shared<TensorFile::Handle>(std::move(handle));
  file.type_ = located.layout.type;
  file.shape_ = std::move(located.layout.shape);
  file.offset_ = located.layout.offset;
  return file;
}

int64_t TensorFile::elements() const {
  int64_t count = 1;
  // A side of 0 comes first: the others alone may overflow.
  for (const int64_t side : shape_) {
    if (side == 0) return 0;
  }
  for (const int64_t side : shape_) count *= side;
  return count;
}

Result<void> TensorFile::Read(int64_t first, int64_t count, void* out) const {
  const size_t size = ElementBytes(type_);
  auto* bytes = static_cast<uint8_t*>(out);
  if (!handle_->fortran.empty()) {
    GatherFortran(handle_->fortran.data(), shape_, size, first, count, bytes);
  } else {
    auto done =
        ReadAt(handle_->fd.get(), offset_ + uint64_t(first) * size, bytes, size_t(count) * size);
    if (!done) return done;
  }
  if (handle_->big_endian) SwapElements(bytes, size_t(count), size);
  return {};
}

Result<std::map<std::string, Tensor>> ReadTensors(const std::string& path) {
  auto opened = OpenTensors(path);
  if (!opened) return Prefixed(path, std::move(opened.error()));
  if (opened->format == TensorFormat::kNpy) {
    return Fail(ErrorCode::kUnsupported,
                path + ": an .npy file holds one nameless tensor; .npz or .safetensors is needed");
  }
  auto tensors = opened->format == TensorFormat::kNpz ? ReadNpz(*opened) : ReadSafetensors(*opened);
  if (!tensors) return Prefixed(path, std::move(tensors.error()));
  return tensors;
}

}  // namespace imnorm
