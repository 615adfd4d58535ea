// The other side: a process that decodes what it is handed.
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <string_view>

#include "decode/codecs.h"
#include "decode/isolated/channel.h"
#include "decode/isolated/decoding_process.h"
#include "decode/isolated/messages.h"
#include "decode/isolated/sandbox.h"
#include "decode/memory_share.h"
#include "decode/to_srgb.h"
#include "imnorm/decode.h"
#include "imnorm/process.h"
#include "io/regular_file.h"
#include "io/shared_memory.h"
#include "kernels/target.h"

namespace imnorm {
namespace {

// The run is over, or has no use for this process any more.
[[noreturn]] void Leave() { _exit(EXIT_SUCCESS); }

// What is said to the run, with the answers.
class Run {
  // Helpers stand before those who use what they return.
  void WaitForMessage() {
    if (channel_.Receive() != Channel::Received::kMessage) Leave();
    if (channel_.kind() == MessageKind::kTaken) --untaken_;
  }

  template <typename Unpack>
  auto Expect(MessageKind kind, Unpack unpack) {
    do {
      WaitForMessage();
    } while (channel_.kind() == MessageKind::kTaken);
    auto message = unpack(channel_.content());
    if (channel_.kind() != kind || !message) Leave();
    return std::move(*message);
  }

 public:
  Run()
      : channel_(Descriptor(kDecodingSocket)),
        files_(Descriptor(kDecodingFiles)),
        rows_(Descriptor(kDecodingRows)) {}

  template <typename... Parts>
  void Say(MessageKind kind, const Parts&... parts) {
    if (!channel_.Send(kind, parts...)) Leave();
  }

  template <typename... Parts>
  AnswerMessage Ask(MessageKind kind, const Parts&... parts) {
    Say(kind, parts...);
    return Expect(MessageKind::kAnswer, UnpackAnswer);
  }

  JobMessage NextJob() {
    JobMessage job = Expect(MessageKind::kJob, UnpackJob);
    untaken_ = 0;  // what was taken of the one before was said before
    halves_ = 0;
    return job;
  }

  // Where the next rows go, once those that lay there were read.
  uint8_t* NextHalf() {
    while (untaken_ >= 2) WaitForMessage();
    return rows_.data() + (halves_ % 2) * half_bytes();
  }
  void SayRows(const RowsMessage& rows) {
    Say(MessageKind::kRows, rows);
    ++untaken_;
    ++halves_;
  }

  SharedMemory& files() { return files_; }
  SharedMemory& rows() { return rows_; }
  uint64_t half_bytes() const { return rows_.bytes() / 2; }

 private:
  Channel channel_;
  SharedMemory files_;
  SharedMemory rows_;
  int untaken_ = 0;      // halves
  uint64_t halves_ = 0;  // that were told of
};

tl::unexpected<Error> Denied() { return Fail(ErrorCode::kIo, "denied"); }

// Memory is the run's to give.
class AskingShare : public MemoryShare {
 public:
  AskingShare(Run& run, const Stop& stop) : MemoryShare(nullptr, stop), run_(run) {}

  Result<void> Take(uint64_t bytes) override {
    if (run_.Ask(MessageKind::kTake, bytes).may) return {};
    return Denied();
  }

 private:
  Run& run_;
};

// Rows go to the run.
class SendingConsumer : public RowConsumer {
 public:
  explicit SendingConsumer(Run& run) : run_(run) {}

  int Reduction(int width, int height) const override {
    return run_.Ask(MessageKind::kReduce, SizeMessage{width, height}).reduction;
  }

  Result<Rect> Begin(const ImageInfo& info) override {
    const AnswerMessage answer = run_.Ask(MessageKind::kBegin, info);
    if (!answer.may) return Denied();
    if (auto mapped = run_.rows().Map(answer.rows_bytes); !mapped) return Failed(mapped);
    row_bytes_ = size_t(answer.window.width) * size_t(info.channels) * ElementBytes(info.type);
    half_rows_ = int(std::min<uint64_t>(run_.half_bytes() / row_bytes_, uint64_t{1} << 30));
    told_ = RowsMessage{answer.window.y, 0};
    return answer.window;
  }

  void Rows(const uint8_t* rows, size_t stride_bytes, int, int count) override {
    for (int i = 0; i < count; ++i, rows += stride_bytes) {
      if (told_.count == 0) half_ = run_.NextHalf();
      std::memcpy(half_ + size_t(told_.count) * row_bytes_, rows, row_bytes_);
      if (++told_.count == half_rows_) Flush();
    }
  }

  void Flush() {
    if (told_.count == 0) return;
    run_.SayRows(told_);
    told_ = RowsMessage{told_.y + told_.count, 0};
  }

 private:
  Run& run_;
  size_t row_bytes_ = 0;
  int half_rows_ = 0;
  uint8_t* half_ = nullptr;
  RowsMessage told_;  // to be told of next
};

uint64_t AddressSpaceBytes() {
  constexpr size_t kLongest = 256;
  uint64_t pages = 0;
  const std::string text = BeginningOf("/proc/self/statm", kLongest);
  std::from_chars(text.data(), text.data() + text.size(), pages);
  return pages * uint64_t(sysconf(_SC_PAGESIZE));
}

// Loads what is loaded when it is needed, before nothing can be; then gives up the rest. Returns
// the address space that this takes.
Result<uint64_t> Prepare() {
  if (auto target = kernels::ApplyTargetFromEnvironment(); !target) return Failed(target);
  kernels::ActiveTarget();
  for (const Codec* codec : Codecs()) {
    if (codec->ready != nullptr) static_cast<void>(codec->ready());
  }
  static_cast<void>(LoadIcc());
  const uint64_t bytes = AddressSpaceBytes();
  if (auto entered = EnterSandbox(); !entered) return Failed(entered);
  return bytes;
}

void DecodeOne(Run& run, Decoder& decoder) {
  JobMessage job = run.NextJob();
  if (!run.files().Map(job.files_bytes) || !run.rows().Map(job.rows_bytes)) {
    return run.Say(MessageKind::kNoMemory);
  }
  // How much there is can no more be asked here.
  if (job.memory_bytes > 0) job.options.memory = std::make_shared<MemoryBudget>(job.memory_bytes);
  SendingConsumer consumer(run);
  AskingShare share(run, job.options.stop);
  try {
    const auto decoded =
        decoder.Decode(std::span(run.files().data(), job.bytes), job.options, consumer, share);
    if (!decoded) return run.Say(MessageKind::kFailed, decoded.error());
    consumer.Flush();
    run.Say(MessageKind::kDone, *decoded);
  } catch (const std::bad_alloc&) {
    run.Say(MessageKind::kNoMemory);
  }
}

}  // namespace

bool IsDecodingProcess(int argc, char** argv) {
  if (argc != 2 || std::string_view(argv[1]) != kDecodingArgument) return false;
  int type = 0;
  socklen_t length = sizeof type;
  return getsockopt(kDecodingSocket, SOL_SOCKET, SO_TYPE, &type, &length) == 0 &&
         type == SOCK_SEQPACKET;
}

int ServeDecoding() {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  close_range(kDecodingRows + 1, ~0U, 0);
  Run run;
  const Result<uint64_t> own = Prepare();
  if (!own) {
    run.Say(MessageKind::kFailed, own.error());
    return EXIT_FAILURE;
  }
  run.Say(MessageKind::kReady, *own);
  Decoder decoder;
  while (true) DecodeOne(run, decoder);
}

}  // namespace imnorm
