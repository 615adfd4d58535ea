// The script: scan headers against the rules of progression, scan data passed over.
#include "decode/jpeg/script.h"

#include <algorithm>
#include <cstring>

#include "decode/jpeg/band_tables.h"
#include "decode/jpeg/unstuff.h"

namespace imnorm::jpeg {
namespace {

using Bytes = std::span<const uint8_t>;

constexpr int kNotYet = -1;
// libjpeg's limit.
constexpr int kMaxDcLowBits = 13;

bool IsRestart(uint8_t marker) { return marker >= 0xd0 && marker <= 0xd7; }

class ScriptReader {
 public:
  ScriptReader(Bytes bytes, const Header& header, Script& script)
      : bytes_(bytes), tables_(header), script_(script) {
    script_.count = 0;
    std::fill_n(&bits_missing_[0][0], sizeof bits_missing_, int8_t{kNotYet});
  }

  Reason Read() {
    size_t at = tables_.first_scan;
    while (true) {
      if (bytes_.size() - at >= 2 && bytes_[at] == 0xff && bytes_[at + 1] == kEoi) break;
      Segment segment;
      if (const Reason r = NextSegment(bytes_, at, segment); !r.empty()) return r;
      at = segment.end;
      if (segment.marker != kSos) {
        if (const Reason r = ReadBetween(segment); !r.empty()) return r;
        continue;
      }
      ScanSpec* scan = nullptr;
      if (const Reason r = AddScan(segment.body, scan); !r.empty()) return r;
      scan->begin = at;
      if (const Reason r = PassData(at); !r.empty()) return r;
      scan->end = at;
    }
    return CheckAllCame();
  }

 private:
  // A segment between two scans.
  Reason ReadBetween(const Segment& segment) {
    const bool is_app = segment.marker >= kApp0 && segment.marker <= kApp15;
    if (is_app || segment.marker == kCom) {
      // Colour was settled by those before the first scan.
      const bool of_colour = segment.marker == kApp0 || segment.marker == kApp14;
      return of_colour ? "marker of colour between scans" : Reason();
    }
    switch (segment.marker) {
      case kDht:
        return ReadHuffmanTables(segment.body, tables_);
      case kDri:
        return ReadRestartInterval(segment.body, tables_);
      default:
        return "unusual marker between scans";
    }
  }

  // Passes over entropy-coded data and restart markers; whether those are in place is found out
  // when the scan is decoded.
  Reason PassData(size_t& at) const {
    while (true) {
      at += FindMarker(bytes_.data() + at, bytes_.size() - at);
      if (bytes_.size() - at < 2) return "no end of image";
      if (!IsRestart(bytes_[at + 1])) return {};
      at += 2;
    }
  }

  Reason AddScan(Bytes body, ScanSpec*& out) {
    if (body.size() < 6) return "scan header cut short";
    const int count = body[0];
    if (count < 1 || count > tables_.component_count || body.size() != 4 + 2 * size_t(count)) {
      return "scan header of odd length";
    }
    if (script_.count == kMaxScans) return "many scans";
    if (script_.scans.size() == script_.count) script_.scans.emplace_back();
    ScanSpec& scan = script_.scans[script_.count++];
    scan.count = count;
    scan.restart_interval = tables_.restart_interval;
    const Bytes tail = body.last(3);
    scan.begin_k = tail[0];
    scan.last_k = tail[1];
    scan.high_bits = tail[2] >> 4;
    scan.low_bits = tail[2] & 15;
    if (!IsUsual(scan)) return "unusual progression";
    int previous = -1;
    for (int i = 0; i < count; ++i) {
      const int c = FindComponent(body[1 + 2 * size_t(i)]);
      if (c <= previous) return "components out of order";
      previous = c;
      scan.component[i] = c;
      const int slots = body[2 + 2 * size_t(i)];
      if (const Reason r = TakeTables(scan, i, slots >> 4, slots & 15); !r.empty()) return r;
      if (!Progress(scan, bits_missing_[c])) return "scans out of order";
    }
    out = &scan;
    return {};
  }

  static bool IsUsual(const ScanSpec& scan) {
    if (scan.refines() && scan.low_bits != scan.high_bits - 1) return false;
    if (scan.is_dc()) return scan.last_k == 0 && scan.low_bits <= kMaxDcLowBits;
    return scan.last_k >= scan.begin_k && scan.last_k <= 63 && scan.count == 1 &&
           scan.low_bits <= kMaxLowBits;
  }

  int FindComponent(int id) const {
    for (int c = 0; c < tables_.component_count; ++c) {
      if (tables_.components[c].id == id) return c;
    }
    return -1;
  }

  Reason TakeTables(ScanSpec& scan, int i, int dc_slot, int ac_slot) const {
    const int quant_slot = tables_.components[scan.component[i]].quant_slot;
    if (dc_slot >= kTableSlots || ac_slot >= kTableSlots || quant_slot >= kTableSlots ||
        !tables_.quant_present[quant_slot]) {
      return "scan without its tables";
    }
    bool present = true;
    if (!scan.is_dc()) {
      scan.ac = tables_.ac[ac_slot];
      present = scan.ac.present;
    } else if (!scan.refines()) {
      scan.dc[i] = tables_.dc[dc_slot];
      present = scan.dc[i].present;
    }
    return present ? Reason() : "scan without its tables";
  }

  // libjpeg-turbo decodes any order, with a warning.
  static bool Progress(const ScanSpec& scan, int8_t* bits_missing) {
    if (!scan.is_dc() && bits_missing[0] == kNotYet) return false;
    const int before = scan.refines() ? scan.high_bits : kNotYet;
    for (int k = scan.begin_k; k <= scan.last_k; ++k) {
      if (bits_missing[k] != before) return false;
      bits_missing[k] = int8_t(scan.low_bits);
    }
    return true;
  }

  Reason CheckAllCame() const {
    for (int c = 0; c < tables_.component_count; ++c) {
      for (int k = 0; k < 64; ++k) {
        if (bits_missing_[c][k] != 0) return "scans missing";
      }
    }
    return {};
  }

  Bytes bytes_;
  Header tables_;  // with the tables as they are by now
  Script& script_;
  int8_t bits_missing_[kMaxComponents][64];  // of each coefficient: its last Al, or kNotYet
};

}  // namespace

Reason ReadScript(Bytes bytes, const Header& header, Script& script) {
  return ScriptReader(bytes, header, script).Read();
}

}  // namespace imnorm::jpeg
