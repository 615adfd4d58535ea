// Writes the headers of .safetensors files; small files whole, synced, or not at all.
#include "tensor/safetensors_write.h"

#include <cassert>
#include <nlohmann/json.hpp>

#include "io/durable_file.h"
#include "json/json_value.h"

namespace imnorm {
namespace {

using Tensors = std::vector<std::pair<std::string, Tensor>>;

std::string Content(const Tensors& tensors, const std::map<std::string, std::string>& metadata) {
  std::vector<SafetensorsPart> parts;
  for (const auto& [name, tensor] : tensors) {
    parts.push_back({name, tensor.type, tensor.shape, tensor.bytes.size()});
  }
  std::string content = SafetensorsHeader(parts, {metadata.begin(), metadata.end()});
  for (const auto& [name, tensor] : tensors) {
    content.append(reinterpret_cast<const char*>(tensor.bytes.data()), tensor.bytes.size());
  }
  return content;
}

}  // namespace

std::string SafetensorsHeader(const std::vector<SafetensorsPart>& parts,
                              const std::vector<std::pair<std::string, std::string>>& metadata,
                              size_t bytes) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (const auto& [name, text] : metadata) json["__metadata__"][name] = text;
  uint64_t offset = 0;
  for (const SafetensorsPart& part : parts) {
    json[std::string(part.name)] = {{"dtype", RowOf(part.type).safetensors},
                                    {"shape", part.shape},
                                    {"data_offsets", {offset, offset + part.bytes}}};
    offset += part.bytes;
  }
  std::string text = JsonText(json);
  text.append((8 - text.size() % 8) % 8, ' ');
  if (bytes > 0) {
    assert(text.size() + 8 <= bytes);
    text.resize(bytes - 8, ' ');
  }
  std::string header(8, '\0');
  for (size_t i = 0; i < 8; ++i) header[i] = char(uint8_t(uint64_t{text.size()} >> (8 * i)));
  return header + text;
}

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
