// Reads an archive once, front to back, and keeps what may be a picture.
#include "source/archive.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <unordered_map>

#include "imnorm/probe.h"
#include "io/regular_file.h"
#include "io/shortage.h"
#include "source/load_archive.h"
#include "source/member_store.h"
#include "source/selection.h"

namespace imnorm {
namespace {

constexpr size_t kHead = 512;                       // all that names a format, as ReadFile has it
constexpr uint64_t kMaxMember = uint64_t{1} << 30;  // as of files
// No deflate stream expands further, and no picture compresses so well: what goes on is a bomb.
constexpr uint64_t kMostRatio = 1032;
constexpr uint64_t kFreeBytes = uint64_t{64} << 20;
constexpr size_t kPiece = 1 << 20;

enum class NameKind { kPlain, kHidden, kOutside };

// Brings a member's name to the form of a key: no "." among its parts, one slash between them.
NameKind KeyOf(std::string_view name, std::string& key) {
  key.clear();
  if (name.starts_with('/')) return NameKind::kOutside;
  bool hidden = false;
  while (!name.empty()) {
    const std::string_view part = name.substr(0, std::min(name.find('/'), name.size()));
    name.remove_prefix(std::min(part.size() + 1, name.size()));
    if (part == "..") return NameKind::kOutside;
    if (part.empty() || part == ".") continue;
    hidden = hidden || part.front() == '.';
    if (!key.empty()) key += '/';
    key += part;
  }
  return hidden ? NameKind::kHidden : NameKind::kPlain;
}

class Listing {
 public:
  Listing(const ArchiveFunctions& archive, const std::string& path, uint32_t root,
          const InputOptions& options, Excludes& excludes, InputList& list)
      : archive_(archive),
        path_(path),
        root_(root),
        options_(options),
        excludes_(excludes),
        list_(list) {}

  Result<void> Run(int fd) {
    auto store = MemberStore::Open();
    if (!store) return Failed(store);
    store_ = std::make_shared<MemberStore>(std::move(*store));
    list_.stores.push_back(store_);
    const std::unique_ptr<void, void (*)(void*)> opened(archive_.open(fd), archive_.close);
    if (!opened) return MemoryShortage();
    opened_ = opened.get();
    if (archive_.error(opened_) != nullptr) {
      if (auto may = Damaged(); !may) return may;
    } else if (auto read = ReadMembers(); !read) {
      return read;
    }
    for (Input& input : inputs_) list_.inputs.push_back(std::move(input));
    return {};
  }

 private:
  Result<void> ReadMembers() {
    ArchiveMember member;
    int status = 0;
    while ((status = archive_.next(opened_, &member)) == 1) {
      if (auto taken = Take(member); !taken) return taken;
      if (ended_) return {};
    }
    return status < 0 ? Damaged() : Result<void>();
  }

  // What libarchive says of an error, and the system where it does not say that itself.
  //
  // Errors:   kIo: no memory, or no descriptors, left
  Result<std::string> Said() const {
    const int number = archive_.error_number(opened_);
    if (IsShortage(number)) return Prefixed(path_, Shortage(number).value());
    const char* said = archive_.error(opened_);
    std::string reason = said != nullptr ? said : "no reason";
    if (number == 0) return reason;
    const std::string more = std::strerror(number);
    return reason.find(more) == std::string::npos ? reason + ": " + more : reason;
  }

  // The archive cannot be read on: the rest is one failed input.
  Result<void> Damaged() {
    const auto said = Said();
    if (!said) return Failed(said);
    Damaged(*said);
    return {};
  }

  Result<void> Take(const ArchiveMember& member) {
    if (member.name == nullptr) {
      Damaged("a member's name is in no encoding that is known");
      return {};
    }
    if (member.kind == ArchiveMember::Kind::kFolder) return {};
    const NameKind name = KeyOf(member.name, key_);
    if (name == NameKind::kOutside) {
      Refuse(member.name, "its name leads out of the archive");
      return {};
    }
    if (name == NameKind::kHidden || key_.empty() || IsLeftOut()) return {};
    if (!IsSelectedName(key_, options_)) return {};
    switch (member.kind) {
      case ArchiveMember::Kind::kFile:
        return TakeFile(member);
      case ArchiveMember::Kind::kHardLink:
        TakeLink(member);
        return {};
      case ArchiveMember::Kind::kSymbolicLink:
        if (HasPictureExtension(key_)) {
          Refuse(key_, "a symbolic link, which is not followed in an archive");
          return {};
        }
        break;
      default:
        break;
    }
    ++list_.passed_over;
    return {};
  }

  bool IsLeftOut() {
    for (size_t slash = key_.find('/'); slash != std::string::npos;
         slash = key_.find('/', slash + 1)) {
      if (excludes_.Match(std::string_view(key_).substr(0, slash), [] { return true; }))
        return true;
    }
    return excludes_.Match(key_, [] { return false; });
  }

  Result<void> TakeFile(const ArchiveMember& member) {
    if (member.encrypted) {
      Refuse(key_, "it is encrypted");
      return {};
    }
    if (member.sparse) {
      Refuse(key_, "a sparse file, whose holes are no picture's");
      return {};
    }
    Input& input = Add(key_);
    input.offset = store_->size();
    bytes_.resize(kHead);
    const auto head = ReadSome(bytes_.data(), kHead);
    if (!head && IsShortage(head.error())) return Failed(head);
    if (!head) {
      input.refused = store_->Keep(head.error());
      return {};
    }
    bytes_.resize(*head);
    // Of what is no picture the beginning tells that, as of a file.
    if (*head == kHead && !SniffFormat(bytes_).empty()) {
      if (member.bytes > int64_t(kMaxMember)) {
        input.refused = store_->Keep(
            {ErrorCode::kTooLarge,
             fmt::format("a file of {} bytes is over the limit of {}", member.bytes, kMaxMember)});
        return {};
      }
      if (auto rest = KeepRest(input); !rest) return rest;
    } else if (auto kept = store_->Append(bytes_.data(), bytes_.size()); !kept) {
      return kept;
    }
    input.bytes = store_->size() - input.offset;
    return {};
  }

  // Appends a member whose head is in bytes_.
  Result<void> KeepRest(Input& input) {
    uint64_t member_bytes = 0;
    while (true) {
      if (auto kept = store_->Append(bytes_.data(), bytes_.size()); !kept) return kept;
      member_bytes += bytes_.size();
      const uint64_t consumed = uint64_t(std::max<int64_t>(archive_.consumed(opened_), 0));
      if (member_bytes > kMaxMember || store_->size() > kFreeBytes + consumed * kMostRatio) {
        input.refused =
            store_->Keep({ErrorCode::kTooLarge, "it unpacks to more than any picture is"});
        return {};
      }
      bytes_.resize(kPiece);
      const auto got = ReadSome(bytes_.data(), kPiece);
      if (!got && IsShortage(got.error())) return Failed(got);
      if (!got) {
        input.refused = store_->Keep(got.error());
        return {};
      }
      if (*got == 0) return {};
      bytes_.resize(*got);
    }
  }

  Result<size_t> ReadSome(uint8_t* out, size_t bytes) {
    size_t at = 0;
    while (at < bytes) {
      const ssize_t got = archive_.read(opened_, out + at, bytes - at);
      if (got < 0) {
        const auto said = Said();
        if (!said) return Failed(said);
        return Fail(ErrorCode::kCorrupt, "the archive is damaged here: " + *said);
      }
      if (got == 0) break;
      at += size_t(got);
    }
    return at;
  }

  // A second name of a member that came before.
  void TakeLink(const ArchiveMember& member) {
    const std::string name = key_;
    std::string target;
    const bool inside =
        member.target != nullptr && KeyOf(member.target, target) != NameKind::kOutside;
    const auto found = inside ? numbers_.find(target) : numbers_.end();
    if (found == numbers_.end()) {
      Refuse(name, "a link to what is not in the archive");
      return;
    }
    const Input of = inputs_[found->second];
    Input& input = Add(name);
    input.offset = of.offset;
    input.bytes = of.bytes;
    input.refused = of.refused;
  }

  // An input of this key: a new one, or the one that had it before.
  Input& Add(const std::string& key) {
    const auto [at, fresh] = numbers_.emplace(key, inputs_.size());
    if (fresh) inputs_.emplace_back();
    Input& input = inputs_[at->second];
    input = {};
    input.path = path_ + "/" + key;
    input.key_offset = uint32_t(path_.size() + 1);
    input.root = root_;
    input.expected = !options_.extensions.empty() || HasPictureExtension(key);
    input.store = store_.get();
    return input;
  }

  void Refuse(std::string_view key, std::string reason) {
    Input& input = Add(std::string(key));
    input.expected = true;
    input.refused = store_->Keep({ErrorCode::kUnsupported, std::move(reason)});
  }

  // The rest of the archive as one failed input.
  void Damaged(std::string reason) {
    ended_ = true;
    if (inputs_.empty()) {
      reason = "it cannot be read as a tar or zip archive: " + reason;
      if (path_ == "-") reason += "; `source.files_from` - reads paths";
    } else {
      reason = "the archive is damaged: " + reason;
    }
    Input input;
    input.path = path_;
    input.root = root_;
    input.named = true;
    input.store = store_.get();
    input.refused = store_->Keep({ErrorCode::kCorrupt, std::move(reason)});
    inputs_.push_back(std::move(input));
  }

  const ArchiveFunctions& archive_;
  const std::string& path_;
  const uint32_t root_;
  const InputOptions& options_;
  Excludes& excludes_;
  InputList& list_;
  void* opened_ = nullptr;
  std::shared_ptr<MemberStore> store_;
  std::vector<Input> inputs_;
  std::unordered_map<std::string, size_t> numbers_;  // key -> index
  std::string key_;
  std::vector<uint8_t> bytes_;
  bool ended_ = false;
};

}  // namespace

bool IsArchive(std::span<const uint8_t> head) {
  const auto has = [&](size_t at, std::string_view magic) {
    return head.size() >= at + magic.size() &&
           std::memcmp(head.data() + at, magic.data(), magic.size()) == 0;
  };
  return has(0, "PK\x03\x04") || has(0, "PK\x05\x06") || has(0, "\x1f\x8b") ||
         has(0, "\x28\xb5\x2f\xfd") || has(257, "ustar");
}

Result<void> ListArchive(const std::string& path, uint32_t root, const InputOptions& options,
                         Excludes& excludes, InputList& list) {
  const auto archive = LoadArchive();
  if (!archive) return Prefixed(path, Error(archive.error()));
  Descriptor owned;
  int fd = STDIN_FILENO;
  if (path != "-") {
    auto opened = OpenRegular(path);
    if (!opened) return Prefixed(path, std::move(opened.error()));
    owned = std::move(opened->file);
    fd = owned.get();
  }
  return Listing(**archive, path, root, options, excludes, list).Run(fd);
}

}  // namespace imnorm
