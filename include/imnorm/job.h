// Everything that a command line, or a caller, asks of a run: what is read, what is made of it,
// where it goes, and how the run is carried out.
#pragma once

#include <cstdint>

#include "imnorm/inputs.h"
#include "imnorm/output.h"
#include "imnorm/plan.h"
#include "imnorm/run.h"

namespace imnorm {

// Part `index` of `count`, from 1.
struct Shard {
  uint64_t index = 1;
  uint64_t count = 1;
};

// What a run reads: a list of pictures, or one tensor.
struct Source {
  InputOptions inputs;
  TensorSource tensor;  // its path is "" where the inputs are pictures
  Shard shard;          // of the list, or of the tensor's samples

  bool is_tensor() const { return !tensor.path.empty(); }
};

// Rules:    the plan decides the bytes, source and output say of what and where to; conduct changes
//           no byte. Errors name settings by their path here: the plan's own as "resize.filter",
//           the others with their part in front, "output.overwrite"
struct Job {
  Plan plan;
  Source source;
  OutputOptions output;  // of a tensor
  StatsOptions measure;  // of statistics
  RunOptions conduct;
};

}  // namespace imnorm
