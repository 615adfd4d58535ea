#include "pipeline/picture_input.h"

#include <fmt/format.h>

#include <cstring>
#include <new>

#include "decode/camera_raw.h"

namespace imnorm {
namespace {

// No codec needs more than a few bytes a pixel; a larger "picture" is something else.
constexpr uint64_t kMaxFileBytes = uint64_t{1} << 30;

PictureOutcome TooMuchMemory(const PictureOutcome& so_far) {
  PictureOutcome outcome = so_far;
  outcome.decoded = Fail(ErrorCode::kTooLarge,
                         "not enough memory for this picture; --max-pixels refuses such ones");
  return outcome;
}

void ReadAndDecode(const Input& input, const DecodeOptions& options, PictureWorker& worker,
                   RowConsumer& consumer, PictureOutcome& outcome) {
  if (input.list_error != 0) {
    outcome.decoded = Fail(input.list_error == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo,
                           std::strerror(input.list_error));
    return;
  }
  if (auto read = ReadFile(input.path, kMaxFileBytes, true, worker.bytes, options.stop); !read) {
    outcome.decoded = tl::unexpected<Error>(std::move(read.error()));
    return;
  }
  outcome.bytes_read = worker.bytes.size();
  const bool must_be_picture = input.named || input.expected;
  if (!must_be_picture && SniffFormat(worker.bytes) == Format::kUnknown) {
    outcome.passed_over = true;
    return;
  }
  // A raw file without any mark inside is still no picture: it begins with a thumbnail.
  const std::string raw = CameraRawOfName(input.path);
  if (!raw.empty() && SniffFormat(worker.bytes) == Format::kTiff) {
    outcome.decoded = RefuseCameraRaw(raw);
    return;
  }
  outcome.decoded = worker.decoder.Decode(worker.bytes, options, consumer);
}

}  // namespace

bool IsPassedOver(const Input& input, PictureWorker& worker) {
  return !input.named && !input.expected && input.list_error == 0 &&
         ReadFile(input.path, kMaxFileBytes, true, worker.bytes) &&
         SniffFormat(worker.bytes) == Format::kUnknown;
}

PictureOutcome DecodeInput(const Input& input, const DecodeOptions& options, PictureWorker& worker,
                           RowConsumer& consumer) {
  PictureOutcome outcome;
  try {
    ReadAndDecode(input, options, worker, consumer, outcome);
  } catch (const std::bad_alloc&) {
    return TooMuchMemory(outcome);
  }
  return outcome;
}

PictureOutcome DecodePlaced(const Input& input, const DecodeOptions& options, PictureWorker& worker,
                            PlacedSource& source) {
  PictureOutcome outcome = DecodeInput(input, options, worker, source);
  if (!outcome.decoded) return outcome;
  try {
    if (auto finished = source.Finish(); !finished) {
      outcome.decoded = tl::unexpected<Error>(std::move(finished.error()));
    }
  } catch (const std::bad_alloc&) {
    return TooMuchMemory(outcome);
  }
  return outcome;
}

}  // namespace imnorm
