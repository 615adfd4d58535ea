// The line that says how far a run has come.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace imnorm::cli {

struct ProgressState {
  uint64_t finished = 0;
  uint64_t failed = 0;
  uint64_t total = 0;
  double seconds = 0.0;  // since the beginning

  double rate() const { return seconds > 0.0 ? double(finished) / seconds : 0.0; }
};

// "[=====>    ]  420/1000  42%  310/s  2 s  ETA 3 s  2 failed" in at most `width` columns: where
// they are few the bar goes first, then what stands last.
std::string ProgressLine(const ProgressState& state, std::optional<size_t> width);

// The same as one JSON object: event, finished, failed, total, seconds, per_second, eta_seconds.
std::string ProgressJson(const ProgressState& state);

// "12 s", "3:07 min", "1:02 h".
std::string Duration(double seconds);

}  // namespace imnorm::cli
