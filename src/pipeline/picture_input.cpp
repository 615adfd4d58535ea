#include "pipeline/picture_input.h"

#include <fmt/format.h>

#include <cstring>
#include <new>

namespace imnorm {
namespace {

// No codec needs more than a few bytes a pixel; a larger "picture" is something else.
constexpr uint64_t kMaxFileBytes = uint64_t{1} << 30;

}  // namespace

PictureOutcome DecodeInput(const Input& input, const DecodeOptions& options, PictureWorker& worker,
                           RowConsumer& consumer) {
  PictureOutcome outcome;
  if (input.list_error != 0) {
    outcome.decoded = Fail(input.list_error == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo,
                           std::strerror(input.list_error));
    return outcome;
  }
  const bool must_be_picture = input.named || input.expected;
  if (auto read = ReadFile(input.path, kMaxFileBytes, true, worker.bytes); !read) {
    outcome.decoded = tl::unexpected<Error>(std::move(read.error()));
    return outcome;
  }
  outcome.bytes_read = worker.bytes.size();
  if (!must_be_picture && SniffFormat(worker.bytes) == Format::kUnknown) {
    outcome.passed_over = true;
    return outcome;
  }
  try {
    outcome.decoded = worker.decoder.Decode(worker.bytes, options, consumer);
  } catch (const std::bad_alloc&) {
    outcome.decoded = Fail(ErrorCode::kTooLarge,
                           "not enough memory for this picture; --max-pixels refuses such ones");
  }
  return outcome;
}

PictureOutcome DecodePlaced(const Input& input, const DecodeOptions& options, PictureWorker& worker,
                            PlacedSource& source) {
  PictureOutcome outcome = DecodeInput(input, options, worker, source);
  if (!outcome.decoded) return outcome;
  if (auto finished = source.Finish(); !finished) {
    outcome.decoded = tl::unexpected<Error>(std::move(finished.error()));
  }
  return outcome;
}

}  // namespace imnorm
