// Decoder: header -> groups of coefficients -> planes -> rows.
#include <algorithm>
#include <cstring>

#include "decode/jpeg/baseline_scan.h"
#include "decode/jpeg/jpeg.h"
#include "decode/jpeg/markers.h"
#include "decode/jpeg/planes.h"
#include "decode/jpeg/rows.h"

namespace imnorm::jpeg {

struct Decoder::State {
  Header header;
  BaselineScan scan;
  Planes planes;
  RowWriter writer;

  Reason DecodeMcuRow(int mcu_y, RowConsumer& consumer);
};

Decoder::Decoder() : state_(std::make_unique<State>()) {}
Decoder::~Decoder() = default;

Reason Decoder::State::DecodeMcuRow(int mcu_y, RowConsumer& consumer) {
  const bool row_needed = writer.NeedsMcuRow(mcu_y);
  for (int mcu_x = 0; mcu_x < header.mcus_x; mcu_x += kGroupMcus) {
    const int count = std::min(kGroupMcus, header.mcus_x - mcu_x);
    const bool needed = row_needed && writer.NeedsGroup(mcu_x);
    if (const Reason r = scan.DecodeGroup(count); !r.empty()) return r;
    if (needed && !planes.AddGroup(mcu_x, scan.blocks())) return "coefficients out of range";
  }
  if (row_needed) writer.Write(mcu_y, planes, consumer);
  return {};
}

Decoder::Outcome Decoder::Decode(std::span<const uint8_t> bytes, int channels,
                                                 int64_t max_pixels, RowConsumer& consumer,
                                                 const std::atomic<int>* stop) {
  const auto leave = [](Reason reason) { return Outcome{false, reason, {}}; };
  State& s = *state_;
  if (const Reason reason = ReadHeader(bytes, s.header); !reason.empty()) return leave(reason);
  const Header& header = s.header;
  if (int64_t{header.width} * header.height > max_pixels) return leave("more pixels than allowed");
  if (const Reason reason = s.scan.Start(header, bytes); !reason.empty()) return leave(reason);
  const Result<Rect> window =
      consumer.Begin({header.width, header.height, channels, SampleType::kU8});
  if (!window) return {false, {}, tl::unexpected<Error>(window.error())};
  s.planes.Start(header);
  s.writer.Start(header, *window, channels);
  for (int mcu_y = 0; mcu_y < header.mcus_y; ++mcu_y) {
    if (stop != nullptr && stop->load() != 0) {
      return {false, {}, Fail(ErrorCode::kCancelled, "stopped")};
    }
    if (const Reason reason = s.DecodeMcuRow(mcu_y, consumer); !reason.empty()) {
      return leave(reason);
    }
  }
  if (const Reason reason = s.scan.Finish(); !reason.empty()) return leave(reason);
  return {true, {}, {}};
}

}  // namespace imnorm::jpeg
