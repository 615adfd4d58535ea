// Everything that a command line, or a caller, asks of a run: what is read, what is made of it,
// where it goes, and how the run is carried out.
#pragma once

#include "imnorm/output.h"
#include "imnorm/plan.h"
#include "imnorm/run.h"
#include "imnorm/source.h"

namespace imnorm {

// Rules:    the plan decides the bytes, source and output say of what and where to; conduct changes
//           no byte. Errors name settings by their path here: the plan's own as "resize.filter",
//           the others with their part in front, "output.overwrite"
struct Job {
  Plan plan;
  SourceOptions source;
  OutputOptions output;  // of a tensor
  StatsOptions measure;  // of statistics
  RunOptions conduct;
};

}  // namespace imnorm
