// Reads an archive front to back, a member at a time.
#include "source/visit_members.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

#include "io/descriptor.h"
#include "io/shortage.h"
#include "source/load_archive.h"

namespace imnorm {
namespace {

constexpr uint64_t kMostBytes = uint64_t{1} << 30;
constexpr size_t kPiece = size_t{1} << 20;

tl::unexpected<Error> Damaged(const ArchiveFunctions& archive, void* opened) {
  const char* said = archive.error(opened);
  return Fail(ErrorCode::kCorrupt,
              std::string("the archive is damaged: ") + (said != nullptr ? said : "no reason"));
}

// A tar's own word on the size is believed only as far as bytes come.
Result<void> ReadMember(const ArchiveFunctions& archive, void* opened,
                        std::vector<uint8_t>& bytes) {
  size_t size = 0;
  while (true) {
    bytes.resize(size + kPiece);
    const ssize_t got = archive.read(opened, bytes.data() + size, kPiece);
    if (got < 0) return Damaged(archive, opened);
    size += size_t(got);
    if (got == 0) break;
    if (size > kMostBytes) return Fail(ErrorCode::kTooLarge, "a member of more than 1 GiB");
  }
  bytes.resize(size);
  return {};
}

}  // namespace

Result<void> VisitMembers(
    const std::string& path, const std::function<bool(std::string_view name)>& wants,
    const std::function<Result<void>(std::string_view name, std::span<const uint8_t> bytes)>&
        visit) {
  const auto archive = LoadArchive();
  if (!archive) return Failed(archive);
  const Descriptor file = OpenToRead(path);
  if (!file.is_open()) return Fail(ErrorCode::kIo, std::strerror(errno));
  const std::unique_ptr<void, void (*)(void*)> opened((*archive)->open(file.get()),
                                                      (*archive)->close);
  if (!opened) return MemoryShortage();
  if ((*archive)->error(opened.get()) != nullptr) return Damaged(**archive, opened.get());
  ArchiveMember member;
  std::vector<uint8_t> bytes;
  int status = 0;
  while ((status = (*archive)->next(opened.get(), &member)) == 1) {
    if (member.kind != ArchiveMember::Kind::kFile || member.name == nullptr ||
        !wants(member.name)) {
      continue;
    }
    const std::string name = member.name;
    auto done = ReadMember(**archive, opened.get(), bytes);
    if (done) done = visit(name, bytes);
    if (!done) return Prefixed(name, done.error());
  }
  if (status < 0) return Damaged(**archive, opened.get());
  return {};
}

}  // namespace imnorm
