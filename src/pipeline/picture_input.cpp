// Reads and decodes one input.
#include "pipeline/picture_input.h"

#include <fmt/format.h>

#include <new>

#include "decode/camera_raw.h"
#include "decode/unread.h"
#include "source/read_input.h"

namespace imnorm {
namespace {

// No codec needs more than a few bytes a pixel; a larger "picture" is something else.
constexpr uint64_t kMaxFileBytes = uint64_t{1} << 30;

ItemOutcome TooMuchMemory(const ItemOutcome& so_far) {
  ItemOutcome outcome = so_far;
  outcome.decoded =
      Blame("max_pixels", "not enough memory for this picture; `max_pixels` refuses such ones",
            ErrorCode::kTooLarge);
  return outcome;
}

// "raw" and "mos" are the ends of many other names: there the content has to say so.
bool IsCameraRawName(const std::string& path) {
  const std::string raw = CameraRawOfName(path);
  return !raw.empty() && raw != "RAW" && raw != "MOS";
}

// Whether a file that no codec knows is a picture nevertheless, by its content or its name: such
// ones are failed inputs, never passed over.
bool IsUnread(const Input& input, std::span<const uint8_t> bytes) {
  return IsUnreadPicture(NameOfUnread(bytes)) || !UnreadPictureOfName(input.path).empty() ||
         IsCameraRawName(input.path);
}

bool MustBePicture(const Input& input, std::span<const uint8_t> bytes) {
  return input.named || input.expected || IsUnread(input, bytes);
}

// What only the name tells of a file that no codec knows; empty where the content says more.
std::string_view OnlyNamed(const Input& input, std::span<const uint8_t> bytes) {
  const std::string_view name = UnreadPictureOfName(input.path);
  const bool told = bytes.empty() || (name != "SVG" && !NameOfUnread(bytes).empty());
  return told ? "" : name;
}

void ReadAndDecode(const Input& input, const DecodeOptions& options, PictureWorker& worker,
                   RowConsumer& consumer, ItemOutcome& outcome) {
  if (auto read = ReadInput(input, kMaxFileBytes, worker.bytes, options.stop); !read) {
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
    if (IsCameraRawName(input.path) && NameOfUnread(worker.bytes).empty()) {
      outcome.decoded = RefuseCameraRaw(CameraRawOfName(input.path));
      return;
    }
  }
  // A raw file without any mark inside is still no picture: it begins with a thumbnail.
  const std::string raw = CameraRawOfName(input.path);
  if (!raw.empty() && SniffFormat(worker.bytes) == "tiff") {
    outcome.decoded = RefuseCameraRaw(raw);
    return;
  }
  outcome.decoded = worker.decoder.Decode(worker.bytes, options, consumer);
}

}  // namespace

DecodeOptions DecodeOptionsOf(const Plan& plan, const RunOptions& options) {
  DecodeOptions decode = DecodeOptionsOf(plan);
  decode.jpeg = options.jpeg;
  decode.png = options.png;
  decode.stop = options.stop;
  return decode;
}

bool IsPassedOver(const Input& input, PictureWorker& worker) {
  return !input.named && !input.expected && ReadInput(input, kMaxFileBytes, worker.bytes) &&
         SniffFormat(worker.bytes).empty() && !IsUnread(input, worker.bytes);
}

ItemOutcome DecodeInput(const Input& input, const DecodeOptions& options, PictureWorker& worker,
                        RowConsumer& consumer) {
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
