// What became of a run: counts, failures, one small record an input.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "imnorm/error.h"
#include "imnorm/notes.h"
#include "imnorm/values.h"

namespace imnorm {

// An input that did not make it.
struct Failure {
  uint64_t index = 0;  // in the run's list
  std::string path;
  Error error;
};

// A word about an input that did.
struct Note {
  uint64_t index = 0;
  std::string path;
  std::optional<NoteKind> kind;  // none: nothing was skipped
  std::string text;
};

enum class InputStatus : uint8_t { kPending, kDone, kFailed, kPassedOver };

// What the manifest says of one input.
struct InputRecord {
  InputStatus status = InputStatus::kPending;
  int32_t width = 0;  // as decoded, after orientation where that is applied
  int32_t height = 0;
  NoteSet notes;
  int64_t rows = 1;  // normalize: that it became; several where the plan has patches
};

// How many pictures of a format our own decoder finished, and why others went to the library.
struct DecoderUse {
  uint64_t own = 0;
  std::vector<std::pair<std::string, uint64_t>> left;  // reason, count
};

struct RunReport {
  std::string list_hash;  // of the whole list, whatever the shard
  uint64_t list_size = 0;
  uint64_t inputs = 0;  // of this run's shard
  uint64_t done = 0;
  uint64_t passed_over = 0;
  std::vector<Failure> failures;
  NoteCounts notes;                 // pictures by kind
  std::vector<Note> special_notes;  // those with a text of their own, in the order of the list
  std::vector<InputRecord> records;
  std::vector<int64_t> input_shape;  // where the input is a tensor of which no layout was said
  std::vector<int64_t> shape;        // normalize: of the tensor
  uint64_t rows = 0;                 // normalize: of the tensor; below `done` only with drop_last
  ValueCounts values;                // normalize
  bool running_finite = true;        // normalize: no NaN or infinity was written to a state file
  uint64_t bytes_read = 0;
  double seconds = 0.0;
  DecoderUse jpeg, png;
};

}  // namespace imnorm
