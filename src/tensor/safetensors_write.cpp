// Writes a small .safetensors file: whole, synced, or not at all.
#include "tensor/safetensors_write.h"

#include <nlohmann/json.hpp>

#include "io/durable_file.h"

namespace imnorm {
namespace {

std::string HeaderAndLength(const std::vector<std::pair<std::string, Tensor>>& tensors,
                            const std::map<std::string, std::string>& metadata) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  if (!metadata.empty()) json["__metadata__"] = metadata;
  uint64_t offset = 0;
  for (const auto& [name, tensor] : tensors) {
    json[name] = {{"dtype", RowOf(tensor.type).safetensors},
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

using Tensors = std::vector<std::pair<std::string, Tensor>>;

std::string Content(const Tensors& tensors, const std::map<std::string, std::string>& metadata) {
  std::string content = HeaderAndLength(tensors, metadata);
  for (const auto& [name, tensor] : tensors) {
    content.append(reinterpret_cast<const char*>(tensor.bytes.data()), tensor.bytes.size());
  }
  return content;
}

}  // namespace

Result<void> SealSafetensors(DurableFile& file, const Tensors& tensors,
                             const std::map<std::string, std::string>& metadata) {
  const std::string content = Content(tensors, metadata);
  return file.WriteAt(0, content.data(), content.size()).and_then([&] {
    return file.Seal(content.size());
  });
}

Result<void> WriteSafetensors(const std::string& path, const Tensors& tensors,
                              const std::map<std::string, std::string>& metadata) {
  return WriteWholeFile(path, Content(tensors, metadata), /*overwrite=*/true);
}

}  // namespace imnorm
