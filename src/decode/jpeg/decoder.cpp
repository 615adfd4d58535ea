// Decoder: header -> groups of coefficients, by one of two ways -> planes -> rows.
#include <algorithm>
#include <cstring>

#include "decode/jpeg/baseline_scan.h"
#include "decode/jpeg/jpeg.h"
#include "decode/jpeg/markers.h"
#include "decode/jpeg/planes.h"
#include "decode/jpeg/progression.h"
#include "decode/jpeg/rows.h"

namespace imnorm::jpeg {
namespace {

constexpr Reason kOutOfRange = "coefficients out of range";

}  // namespace

struct Decoder::State {
  Header header;
  BaselineScan baseline;
  Progression progression;
  Planes planes;
  RowWriter writer;

  Reason Start(std::span<const uint8_t> bytes);
  Reason DecodeBaselineRow(int mcu_y);
  Reason DecodeProgressiveRow(int mcu_y);
  Reason DecodeMcuRow(int mcu_y, RowConsumer& consumer);
  Reason Finish();
};

Decoder::Decoder() : state_(std::make_unique<State>()) {}
Decoder::~Decoder() = default;

Reason Decoder::State::Start(std::span<const uint8_t> bytes) {
  return header.progressive ? progression.Start(header, bytes) : baseline.Start(header, bytes);
}

Reason Decoder::State::DecodeBaselineRow(int mcu_y) {
  const bool row_needed = writer.NeedsMcuRow(mcu_y);
  for (int mcu_x = 0; mcu_x < header.mcus_x; mcu_x += kGroupMcus) {
    const int count = std::min(kGroupMcus, header.mcus_x - mcu_x);
    const bool needed = row_needed && writer.NeedsGroup(mcu_x);
    if (const Reason r = baseline.DecodeGroup(count); !r.empty()) return r;
    if (needed && !planes.AddGroup(mcu_x, baseline.blocks())) return kOutOfRange;
  }
  return {};
}

Reason Decoder::State::DecodeProgressiveRow(int mcu_y) {
  if (const Reason r = progression.DecodeRow(mcu_y); !r.empty()) return r;
  if (!writer.NeedsMcuRow(mcu_y)) return {};
  for (int mcu_x = 0; mcu_x < header.mcus_x; mcu_x += kGroupMcus) {
    if (!writer.NeedsGroup(mcu_x)) continue;
    if (!planes.AddGroup(mcu_x, progression.AssembleGroup(mcu_x))) return kOutOfRange;
  }
  return {};
}

Reason Decoder::State::DecodeMcuRow(int mcu_y, RowConsumer& consumer) {
  const Reason reason = header.progressive ? DecodeProgressiveRow(mcu_y) : DecodeBaselineRow(mcu_y);
  if (reason.empty() && writer.NeedsMcuRow(mcu_y)) writer.Write(mcu_y, planes, consumer);
  return reason;
}

Reason Decoder::State::Finish() {
  return header.progressive ? progression.Finish() : baseline.Finish();
}

Decoder::Outcome Decoder::Decode(std::span<const uint8_t> bytes, int channels, int64_t max_pixels,
                                 RowConsumer& consumer, const Stop& stop) {
  const auto leave = [](Reason reason) { return Outcome{false, reason, {}}; };
  State& s = *state_;
  if (const Reason reason = ReadHeader(bytes, s.header); !reason.empty()) return leave(reason);
  const Header& header = s.header;
  if (int64_t{header.width} * header.height > max_pixels) return leave("more pixels than allowed");
  if (const Reason reason = s.Start(bytes); !reason.empty()) return leave(reason);
  const Result<Rect> window =
      consumer.Begin({header.width, header.height, channels, ElementType::kU8});
  if (!window) return {false, {}, Failed(window)};
  s.planes.Start(header);
  s.writer.Start(header, *window, channels);
  for (int mcu_y = 0; mcu_y < header.mcus_y; ++mcu_y) {
    if (stop()) {
      return {false, {}, Fail(ErrorCode::kCancelled, "stopped")};
    }
    if (const Reason reason = s.DecodeMcuRow(mcu_y, consumer); !reason.empty()) {
      return leave(reason);
    }
  }
  if (const Reason reason = s.Finish(); !reason.empty()) return leave(reason);
  return {true, {}, {}};
}

}  // namespace imnorm::jpeg
