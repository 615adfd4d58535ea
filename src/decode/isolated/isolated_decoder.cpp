// Hands a picture over, answers what is asked, and passes the rows on.
#include "decode/isolated/isolated_decoder.h"

#include <fmt/format.h>

#include <cstring>
#include <optional>
#include <utility>

#include "decode/delivery.h"
#include "decode/isolated/messages.h"
#include "decode/isolated/sandbox.h"
#include "io/shortage.h"

namespace imnorm {
namespace {

// Files up to here stay where they were until the next one comes.
constexpr uint64_t kSmallFile = uint64_t{16} << 20;

tl::unexpected<Error> Nonsense() {
  return Fail(ErrorCode::kCrashed, "its decoder wrote over its own memory");
}

}  // namespace

// One picture. What comes from the process is believed no more than a file is.
class IsolatedDecoder::Talk {
 public:
  Talk(DecodingProcess& process, const DecodeOptions& options, RowConsumer& consumer,
       MemoryShare& share)
      : process_(process), options_(options), consumer_(consumer), share_(share) {}

  // Whether the process waits for the next picture.
  bool is_over() const { return over_; }

  Result<DecodeReport> Run(std::span<const uint8_t> bytes) {
    if (auto handed = Hand(bytes); !handed) return Failed(handed);
    while (true) {
      switch (process_.channel().Receive(options_.stop)) {
        case Channel::Received::kStopped:
          return Stopped();
        case Channel::Received::kGone:
          return Failed(process_.End());
        case Channel::Received::kMessage:
          break;
      }
      const Unpacker content = process_.channel().content();
      Result<void> went;
      switch (process_.channel().kind()) {
        case MessageKind::kBegin:
          went = Begin(content);
          break;
        case MessageKind::kReduce:
          went = Reduce(content);
          break;
        case MessageKind::kTake:
          went = Take(content);
          break;
        case MessageKind::kRows:
          went = Rows(content);
          break;
        case MessageKind::kDone:
          return Done(content);
        case MessageKind::kFailed:
          return HasFailed(content);
        case MessageKind::kNoMemory:
          over_ = true;
          return TooMuch();
        case MessageKind::kRefused:
          return Refused(content);
        default:
          return Nonsense();
      }
      if (!went) return Failed(went);
    }
  }

 private:
  tl::unexpected<Error> TooMuch() const {
    if (!process_.may_take_all()) return MemoryShortage();  // the run's own limit, then
    return Fail(ErrorCode::kCrashed,
                "its decoder asked for more memory than its headers say that it takes");
  }

  Result<void> Hand(std::span<const uint8_t> bytes) {
    if (auto grown = process_.files().Grow(bytes.size()); !grown) return grown;
    if (!bytes.empty()) std::memcpy(process_.files().data(), bytes.data(), bytes.size());
    process_.Allow(allowed_);
    JobMessage job;
    job.bytes = bytes.size();
    job.files_bytes = process_.files().bytes();
    job.rows_bytes = process_.rows().bytes();
    job.memory_bytes = options_.memory ? options_.memory->bytes() : 0;
    job.options = options_;
    if (!process_.channel().Send(MessageKind::kJob, job)) return Failed(process_.End());
    return {};
  }

  Result<void> Answer(const AnswerMessage& answer) {
    if (!process_.channel().Send(MessageKind::kAnswer, answer)) return Failed(process_.End());
    return {};
  }

  // The picture is to end; the process says so before it does.
  Result<void> Deny(Error error) {
    error_ = std::move(error);
    return Answer({});
  }

  Result<void> Begin(const Unpacker& content) {
    const auto info = UnpackImageInfo(content);
    if (!info) return Failed(info);
    if (error_) return Nonsense();
    const auto window = consumer_.Begin(*info);
    if (!window) return Deny(window.error());
    row_bytes_ = uint64_t(window->width) * uint64_t(info->channels) * ElementBytes(info->type);
    window_ = *window;
    next_ = window->y;
    if (row_bytes_ > process_.rows().bytes() / 2) {
      if (auto grown = process_.rows().Grow(2 * row_bytes_); !grown) return grown;
      process_.Allow(allowed_);
    }
    AnswerMessage answer;
    answer.may = true;
    answer.window = *window;
    answer.rows_bytes = process_.rows().bytes();
    return Answer(answer);
  }

  Result<void> Reduce(Unpacker content) {
    const auto width = content.Take<int32_t>();
    const auto height = content.Take<int32_t>();
    if (!content.whole() || width <= 0 || height <= 0) return Nonsense();
    AnswerMessage answer;
    answer.may = true;
    answer.reduction = consumer_.Reduction(width, height);
    return Answer(answer);
  }

  Result<void> Take(Unpacker content) {
    const auto bytes = content.Take<uint64_t>();
    if (!content.whole()) return Nonsense();
    if (auto taken = share_.Take(bytes); !taken) return Deny(taken.error());
    allowed_ += bytes;
    process_.Allow(allowed_);
    AnswerMessage answer;
    answer.may = true;
    return Answer(answer);
  }

  Result<void> Rows(const Unpacker& content) {
    const auto rows = UnpackRows(content);
    if (!rows) return Failed(rows);
    const uint64_t half = process_.rows().bytes() / 2;
    const bool sound = !error_ && rows->y == next_ && rows->count > 0 &&
                       rows->count <= window_.y + window_.height - next_ &&
                       uint64_t(rows->count) * row_bytes_ <= half;
    if (!sound) return Nonsense();
    const uint8_t* from = process_.rows().data() + (halves_++ % 2) * half;
    consumer_.Rows(from, row_bytes_, rows->y, rows->count);
    next_ += rows->count;
    if (!process_.channel().Send(MessageKind::kTaken)) return Failed(process_.End());
    return {};
  }

  Result<DecodeReport> Done(const Unpacker& content) {
    auto report = UnpackReport(content);
    if (!report) return report;
    if (error_ || window_.height == 0 || next_ != window_.y + window_.height) return Nonsense();
    over_ = true;
    return report;
  }

  Result<DecodeReport> HasFailed(const Unpacker& content) {
    auto error = UnpackError(content);
    if (!error) return Failed(error);
    over_ = true;
    if (error_) return Failed(std::move(*error_));
    // Whatever it ran out of was its own.
    if (IsShortage(*error)) return TooMuch();
    if (error->code == ErrorCode::kCancelled) return Nonsense();
    return Failed(std::move(*error));
  }

  static tl::unexpected<Error> Refused(Unpacker content) {
    return Fail(ErrorCode::kCrashed,
                fmt::format("its decoder was ended: it called {}, which decoding does not need",
                            SystemCallName(content.Take<int32_t>())));
  }

  DecodingProcess& process_;
  const DecodeOptions& options_;
  RowConsumer& consumer_;
  MemoryShare& share_;
  std::optional<Error> error_;  // of this side, which the process was denied an answer for
  Rect window_;
  uint64_t row_bytes_ = 0;
  int next_ = 0;          // row
  uint64_t halves_ = 0;   // of the rows' memory that were read
  uint64_t allowed_ = 0;  // bytes of memory
  bool over_ = false;
};

Result<DecodeReport> IsolatedDecoder::Decode(std::span<const uint8_t> bytes,
                                             const DecodeOptions& options, RowConsumer& consumer,
                                             MemoryShare& share) {
  if (busy_) process_.reset();
  if (!process_) {
    auto begun = DecodingProcess::Begin(options.isolate, options.stop);
    if (!begun) return Failed(begun);
    process_ = std::move(*begun);
  }
  busy_ = true;
  Talk talk(*process_, options, consumer, share);
  auto decoded = talk.Run(bytes);
  busy_ = false;
  if (!talk.is_over()) {
    process_.reset();
  } else if (process_->files().bytes() > kSmallFile) {
    process_->files().Forget();
  }
  return decoded;
}

}  // namespace imnorm
