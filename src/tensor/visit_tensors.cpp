// All tensors of a file, each as a file of its own that is read piece by piece.
#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "tensor/located.h"
#include "tensor/tensor_open.h"

namespace imnorm {
namespace {

using Visit = std::function<Result<void>(const TensorEntry&)>;

TensorEntry EntryOf(const std::string& name, const TensorLayout& layout) {
  TensorEntry entry;
  entry.name = name;
  entry.dtype = ElementTypeName(layout.type);
  entry.shape = layout.shape;
  return entry;
}

Result<void> VisitOne(TensorEntry entry, Located located, const Visit& visit) {
  auto file = TensorFileAccess::Make(std::move(located));
  if (file) {
    entry.values = std::move(*file);
  } else if (file.error().code == ErrorCode::kUnsupported) {
    entry.reason = file.error().message;
  } else {
    return Failed(file);
  }
  return visit(entry);
}

Result<void> VisitNpz(const OpenedTensors& opened, const Visit& visit) {
  auto reader = NpzReader::Open(opened.fd.get(), opened.bytes);
  if (!reader) return Failed(reader);
  while (true) {
    const auto more = reader->Next();
    if (!more) return Failed(more);
    if (!*more) return {};
    auto layout = reader->ReadHeader();
    if (!layout && layout.error().code != ErrorCode::kUnsupported) return Failed(layout);
    Result<void> visited;
    if (layout) {
      TensorEntry entry = EntryOf(reader->name(), *layout);
      auto located = SpoolMember(*reader, std::move(*layout));
      if (!located) return Failed(located);
      visited = VisitOne(std::move(entry), std::move(*located), visit);
    } else {
      TensorEntry entry;
      entry.name = reader->name();
      entry.reason = layout.error().message;
      visited = visit(entry);
    }
    if (!visited) return visited;
  }
}

Result<void> VisitListed(const OpenedTensors& opened, const Visit& visit) {
  const auto entries = ListTensors(opened);
  if (!entries) return Failed(entries);
  for (const SafetensorsEntry& listed : *entries) {
    TensorEntry entry = EntryOf(listed.name, listed.layout);
    Result<void> visited;
    if (listed.readable) {
      Located located;
      located.fd = Descriptor(fcntl(opened.fd.get(), F_DUPFD_CLOEXEC, 0));
      if (!located.fd.is_open()) return Fail(ErrorCode::kIo, std::strerror(errno));
      located.layout = listed.layout;
      visited = VisitOne(std::move(entry), std::move(located), visit);
    } else {
      entry.dtype = listed.dtype;
      entry.reason = fmt::format("elements of type {} are not read", listed.dtype);
      visited = visit(entry);
    }
    if (!visited) return visited;
  }
  return {};
}

}  // namespace

Result<void> VisitTensors(const std::string& path, const Visit& visit) {
  const auto opened = OpenTensors(path);
  if (!opened) return Prefixed(path, opened.error());
  const auto done =
      opened->format == TensorFormat::kNpz ? VisitNpz(*opened, visit) : VisitListed(*opened, visit);
  if (!done) return Prefixed(path, done.error());
  return {};
}

Result<std::map<std::string, std::string>> ReadTensorMetadata(const std::string& path) {
  const auto opened = OpenTensors(path);
  if (!opened) return Prefixed(path, opened.error());
  if (opened->format != TensorFormat::kSafetensors) return std::map<std::string, std::string>();
  auto metadata = ReadMetadata(*opened);
  if (!metadata) return Prefixed(path, metadata.error());
  return metadata;
}

}  // namespace imnorm
