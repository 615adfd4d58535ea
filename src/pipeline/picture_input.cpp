// Reads and decodes one input.
#include "pipeline/picture_input.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <new>

#include "decode/camera_raw.h"
#include "decode/memory_share.h"
#include "decode/unread.h"
#include "io/shortage.h"
#include "source/checksums.h"
#include "source/read_input.h"

namespace imnorm {
namespace {

// No codec needs more than a few bytes a pixel; a larger "picture" is something else.
constexpr uint64_t kMaxFileBytes = uint64_t{1} << 30;

// Files up to here every thread may read without a word; buffers up to here it keeps.
constexpr uint64_t kSmallFile = uint64_t{16} << 20;

// Not the picture's fault: at another time, or with fewer threads, there is enough.
ItemOutcome TooMuchMemory(const ItemOutcome& so_far) {
  ItemOutcome outcome = so_far;
  outcome.decoded = MemoryShortage();
  return outcome;
}

// The bytes of a file that is not small, before they are read; 0: it is small, or will say what it
// is when it is read.
uint64_t LargeFileBytes(const Input& input) {
  if (input.store != nullptr) return input.bytes > kSmallFile ? input.bytes : 0;
  std::error_code failed;
  const uint64_t bytes = std::filesystem::file_size(input.file(), failed);
  return failed || bytes <= kSmallFile ? 0 : bytes;
}

void Free(std::vector<uint8_t>& bytes) {
  std::vector<uint8_t>().swap(bytes);
  ReturnFreedMemory();
}

// "raw" and "mos" are the ends of many other names: there the content has to say so.
bool IsCameraRawName(std::string_view path) {
  const std::string raw = CameraRawOfName(path);
  return !raw.empty() && raw != "RAW" && raw != "MOS";
}

// Whether a file that no codec knows is a picture nevertheless, by its content or its name: such
// ones are failed inputs, never passed over.
bool IsUnread(const Input& input, std::span<const uint8_t> bytes) {
  return IsUnreadPicture(NameOfUnread(bytes)) || !UnreadPictureOfName(input.file()).empty() ||
         IsCameraRawName(input.file());
}

bool MustBePicture(const Input& input, std::span<const uint8_t> bytes) {
  return input.named || input.expected || IsUnread(input, bytes);
}

// What only the name tells of a file that no codec knows; empty where the content says more.
std::string_view OnlyNamed(const Input& input, std::span<const uint8_t> bytes) {
  const std::string_view name = UnreadPictureOfName(input.file());
  const bool told = bytes.empty() || (name != "SVG" && !NameOfUnread(bytes).empty());
  return told ? "" : name;
}

// Reads an input, a large file once there is room for it.
Result<void> ReadWhole(const Input& input, const DecodeOptions& options, MemoryShare& share,
                       std::vector<uint8_t>& bytes) {
  if (input.store == nullptr || input.bytes <= kSmallFile) {
    Result<void> read = ReadInput(input, kSmallFile, bytes, options.stop);
    if (read || read.error().code != ErrorCode::kTooLarge) return read;
  }
  if (const uint64_t size = LargeFileBytes(input); size <= kMaxFileBytes) {
    if (auto may = share.TakeForFile(size); !may) return may;
  }
  return ReadInput(input, kMaxFileBytes, bytes, options.stop);
}

// Decodes what was read. A large file is let go while its picture waits for memory.
Result<DecodeReport> DecodeBytes(const Input& input, const DecodeOptions& options,
                                 MemoryShare& share, PictureWorker& worker, RowConsumer& consumer) {
  while (true) {
    auto decoded = worker.decoder.Decode(worker.bytes, options, consumer, share);
    if (decoded || !share.begins_again()) return decoded;
    const bool large = worker.bytes.size() > kSmallFile;
    if (large) Free(worker.bytes);
    if (auto waited = share.WaitForAll(); !waited) return Failed(waited);
    if (!large) continue;
    if (auto read = ReadInput(input, kMaxFileBytes, worker.bytes, options.stop); !read) {
      return Failed(read);
    }
  }
}

// Holds what was read against the checksum that the list has of it.
Result<void> HashBytes(const Input& input, PictureWorker& worker) {
  worker.sha256.reset();
  if (SniffFormat(worker.bytes).empty()) return {};  // it was not read whole, and fails
  if (worker.wants_sha256) worker.sha256 = Sha256Of(worker.bytes);
  return input.checksum != nullptr ? CheckBytes(*input.checksum, worker.bytes) : Result<void>();
}

void ReadAndDecode(const Input& input, const DecodeOptions& options, PictureWorker& worker,
                   RowConsumer& consumer, ItemOutcome& outcome) {
  MemoryShare share(options.memory.get(), options.stop);
  if (auto read = ReadWhole(input, options, share, worker.bytes); !read) {
    outcome.decoded = Failed(read);
    return;
  }
  outcome.bytes_read = worker.bytes.size();
  if (SniffFormat(worker.bytes).empty()) {
    if (!MustBePicture(input, worker.bytes)) {
      outcome.passed_over = true;
      return;
    }
    if (const std::string_view name = OnlyNamed(input, worker.bytes); !name.empty()) {
      outcome.decoded = RefuseUnread(name);
      return;
    }
    if (IsCameraRawName(input.file()) && NameOfUnread(worker.bytes).empty()) {
      outcome.decoded = RefuseCameraRaw(CameraRawOfName(input.file()));
      return;
    }
  }
  // A raw file without any mark inside is still no picture: it begins with a thumbnail.
  const std::string raw = CameraRawOfName(input.file());
  if (!raw.empty() && SniffFormat(worker.bytes) == "tiff") {
    outcome.decoded = RefuseCameraRaw(raw);
    return;
  }
  if (auto same = HashBytes(input, worker); !same) {
    outcome.decoded = Failed(same);
    return;
  }
  outcome.decoded = DecodeBytes(input, options, share, worker, consumer);
  if (worker.bytes.capacity() > kSmallFile) Free(worker.bytes);
}

}  // namespace

DecodeOptions DecodeOptionsOf(const Plan& plan, const RunOptions& options) {
  DecodeOptions decode = DecodeOptionsOf(plan);
  decode.jpeg = options.jpeg;
  decode.png = options.png;
  decode.stop = options.stop;
  decode.timeout = options.timeout;
  decode.isolate = options.isolate;
  decode.memory = std::make_shared<MemoryBudget>(options.memory);
  return decode;
}

bool IsPassedOver(const Input& input, PictureWorker& worker) {
  return !input.named && !input.expected && ReadInput(input, kMaxFileBytes, worker.bytes) &&
         SniffFormat(worker.bytes).empty() && !IsUnread(input, worker.bytes);
}

ItemOutcome DecodeInput(const Input& input, const DecodeOptions& options, PictureWorker& worker,
                        RowConsumer& consumer) {
  if (input.frame >= 0 && !options.frame) {
    DecodeOptions one = options;
    one.frame = uint64_t(input.frame);
    return DecodeInput(input, one, worker, consumer);
  }
  ItemOutcome outcome;
  try {
    ReadAndDecode(input, options, worker, consumer, outcome);
  } catch (const std::bad_alloc&) {
    return TooMuchMemory(outcome);
  }
  return outcome;
}

ItemOutcome DecodePlaced(const Input& input, const DecodeOptions& options, PictureWorker& worker,
                         PlacedSource& source) {
  ItemOutcome outcome = DecodeInput(input, options, worker, source);
  if (!outcome.decoded) return outcome;
  try {
    if (auto finished = source.Finish(); !finished) {
      outcome.decoded = Failed(finished);
    }
  } catch (const std::bad_alloc&) {
    return TooMuchMemory(outcome);
  }
  return outcome;
}

}  // namespace imnorm
