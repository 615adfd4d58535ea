// SoundDecoder: chunks -> the stream's bytes, in bands behind 32 KB of history -> rows.
#include <algorithm>
#include <cstring>
#include <vector>

#include "decode/delivery.h"
#include "decode/png/form.h"
#include "decode/png/grow.h"
#include "decode/png/png.h"
#include "decode/png/rows.h"
#include "decode/png/stream.h"

namespace imnorm::png {
namespace {

constexpr size_t kHistory = 32768;  // as far back as a match may reach
// Stays in a second-level cache with the history; half of it loses where a row has 12 KB.
constexpr size_t kBandBytes = size_t{1} << 17;
constexpr size_t kBandRows = 4;  // at least

}  // namespace

struct SoundDecoder::State {
  Header header;
  Stream stream;
  RowMaker rows;
  Delivery delivery;
  std::vector<uint8_t> window;

  Outcome DecodeRows();
};

SoundDecoder::SoundDecoder() : state_(std::make_unique<State>()) {}
SoundDecoder::~SoundDecoder() = default;

SoundDecoder::Outcome SoundDecoder::State::DecodeRows() {
  const size_t row = rows.longest_row();
  const size_t room = kHistory + row + std::max(kBandBytes, kBandRows * row);
  Grow(window, room + Inflate::kOutputSlack);
  uint8_t* const begin = window.data();
  uint8_t* out = begin;   // behind what is inflated
  uint8_t* done = begin;  // behind what rows were made of
  for (;;) {
    const Inflate::Status status = stream.Run(out, begin + room, begin);
    if (status == Inflate::Status::kBad) return {false, "the stream", {}};
    size_t used = 0;
    switch (rows.Add(done, size_t(out - done), used)) {
      case RowMaker::Status::kMore:
        break;
      case RowMaker::Status::kStopped:
        return {false, {}, Stopped()};
      case RowMaker::Status::kBad:
        return {false, rows.reason(), {}};
    }
    done += used;
    if (rows.complete() && done != out) return {false, "more bytes than pixels", {}};
    if (status == Inflate::Status::kDone) break;
    // What a match may name or a row needs goes to the front.
    uint8_t* const kept = std::min(done, size_t(out - begin) > kHistory ? out - kHistory : begin);
    std::memmove(begin, kept, size_t(out - kept));
    out -= kept - begin;
    done -= kept - begin;
  }
  if (!rows.complete()) return {false, "less bytes than pixels", {}};
  if (const Reason reason = stream.Finish(); !reason.empty()) return {false, reason, {}};
  if (!rows.Finish()) return {false, {}, Stopped()};
  return {true, {}, {}};
}

SoundDecoder::Outcome SoundDecoder::Decode(std::span<const uint8_t> bytes,
                                           const DecodeOptions& options, RowConsumer& consumer,
                                           DecodeReport& report) {
  State& s = *state_;
  const Header& header = s.header;
  if (const Reason reason = ReadHeader(bytes, s.header); !reason.empty()) {
    return {false, reason, {}};
  }
  if (!CheckSize(header.width, header.height, options)) {
    return {false, "more pixels than allowed", {}};
  }
  if (const Reason reason = s.stream.Start(header); !reason.empty()) return {false, reason, {}};
  const Form form = ChooseForm(header.color, header.depth, header.transparent(), options);
  if (auto begun =
          s.delivery.Begin({header.width, header.height, form.kind, form.type}, options, consumer);
      !begun) {
    return {false, {}, begun};
  }
  s.rows.Start(header, form, options, s.delivery);
  const Outcome outcome = s.DecodeRows();
  if (outcome.done) {
    Say(options, header.depth, header.has_alpha(), header.animated, report);
  }
  return outcome;
}

}  // namespace imnorm::png
