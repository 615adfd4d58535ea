// Writes a small .safetensors file: whole, synced, or not at all.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "imnorm/tensor.h"

namespace imnorm {
namespace {

const char* DtypeName(ElementType type) {
  switch (type) {
    case ElementType::kF32:
      return "F32";
    case ElementType::kF64:
      return "F64";
    case ElementType::kF16:
      return "F16";
    case ElementType::kBF16:
      return "BF16";
    case ElementType::kU8:
      return "U8";
    case ElementType::kI8:
      return "I8";
    case ElementType::kU16:
      return "U16";
    case ElementType::kI32:
      return "I32";
    case ElementType::kI64:
      return "I64";
  }
  return "";
}

std::string HeaderAndLength(const std::vector<std::pair<std::string, Tensor>>& tensors,
                            const std::map<std::string, std::string>& metadata) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  if (!metadata.empty()) json["__metadata__"] = metadata;
  uint64_t offset = 0;
  for (const auto& [name, tensor] : tensors) {
    json[name] = {{"dtype", DtypeName(tensor.type)},
                  {"shape", tensor.shape},
                  {"data_offsets", {offset, offset + tensor.bytes.size()}}};
    offset += tensor.bytes.size();
  }
  std::string header = json.dump();
  header.append((8 - header.size() % 8) % 8, ' ');
  std::string length(8, '\0');
  for (size_t i = 0; i < 8; ++i) length[i] = char(header.size() >> (8 * i));
  return length + header;
}

Result<void> WriteAll(int fd, const void* data, size_t bytes) {
  const char* from = static_cast<const char*>(data);
  while (bytes > 0) {
    const ssize_t written = write(fd, from, bytes);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Fail(ErrorCode::kIo, std::strerror(errno));
    from += written;
    bytes -= size_t(written);
  }
  return {};
}

Result<void> WriteSynced(int fd, const std::string& header,
                         const std::vector<std::pair<std::string, Tensor>>& tensors) {
  auto done = WriteAll(fd, header.data(), header.size());
  for (const auto& [name, tensor] : tensors) {
    if (done) done = WriteAll(fd, tensor.bytes.data(), tensor.bytes.size());
  }
  if (done && fsync(fd) != 0) done = Fail(ErrorCode::kIo, std::strerror(errno));
  return done;
}

// A rename is durable only once its folder is.
void SyncFolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const int fd = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  fsync(fd);
  close(fd);
}

}  // namespace

Result<void> WriteSafetensors(const std::string& path,
                              const std::vector<std::pair<std::string, Tensor>>& tensors,
                              const std::map<std::string, std::string>& metadata) {
  const std::string temporary = fmt::format("{}.partial.{}", path, getpid());
  const int fd = open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) {
    return Fail(ErrorCode::kIo, fmt::format("{}: cannot be written: {}", path, strerror(errno)));
  }
  auto done = WriteSynced(fd, HeaderAndLength(tensors, metadata), tensors);
  if (close(fd) != 0 && done) done = Fail(ErrorCode::kIo, std::strerror(errno));
  if (done && std::rename(temporary.c_str(), path.c_str()) != 0) {
    done = Fail(ErrorCode::kIo, std::strerror(errno));
  }
  if (!done) {
    unlink(temporary.c_str());
    return Prefixed(path, std::move(done.error()));
  }
  SyncFolderOf(path);
  return {};
}

}  // namespace imnorm
