// The two verbs: a source becomes a tensor, or statistics.
//
// Example (tests/consumer/folder_to_tensor.cpp):
//   const auto source = imnorm::OpenPaths({argv[1]});
//   const auto plan = imnorm::PresetPlan("imagenet");
//   imnorm::OutputOptions output;
//   output.path = argv[2];
//   const auto report = imnorm::Normalize(*source, *plan, output, options);
//
// Example (tests/consumer/folder_to_statistics.cpp):
//   const auto source = imnorm::OpenPaths({argv[1]});
//   const auto result = imnorm::Measure(*source, imnorm::Plan());
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "imnorm/error.h"
#include "imnorm/output.h"
#include "imnorm/plan.h"
#include "imnorm/report.h"
#include "imnorm/source.h"
#include "imnorm/statistics.h"
#include "imnorm/stop.h"

namespace imnorm {

// How a run is carried out; nothing here changes a byte of the result.
struct RunOptions {
  int threads = 0;      // 0: the CPUs that this process may use
  uint64_t memory = 0;  // bytes that pictures may take at once; 0: DefaultMemory()
  bool strict = false;  // stop at the first bad input
  double timeout = 0;   // as DecodeOptions::timeout
  std::string isolate;  // as DecodeOptions::isolate
  JpegDecoder jpeg = JpegDecoder::kAuto;
  PngDecoder png = PngDecoder::kAuto;
  Stop stop;  // asked within a picture
  // Says a reason's settings, which stand in it by their path (`max_pixels`), in the words of
  // whoever asked; reports, manifests and statistics keep the reason so. Without it they keep the
  // paths.
  std::function<std::string(const Error& error)> spoken;
  // Called for each bad input as it is met, in the order of the list, from one thread at a time.
  // With `strict` the run's error says it instead.
  std::function<void(const Failure& failure)> on_failure;
  // Called for each word about a good one, likewise.
  std::function<void(const Note& note)> on_note;
  // Called after each input, likewise.
  std::function<void(uint64_t finished, uint64_t failed, uint64_t total)> progress;
};

// CPUs that the scheduler lets this process use (affinity mask and cgroup quota).
int UsableCpus();

// Normalises a source into one tensor and its manifest.
//
// Shapes:   pictures [rows][C][H][W], or [rows][H][W][C]; a row a good picture, in the order of the
//           list. A tensor keeps its own, as AxesOf has it: (N,C,H,W), ...; it is taken sample by
//           sample in bounded memory
// Rules:    bad pictures are in the report and take no row. Without one good picture nothing is
//           written. The same bytes for every number of threads. Methods that need statistics of
//           several pictures keep the placed bytes in a file without a name beside OUT meanwhile: a
//           quarter of a float32 output.
// Errors:   those of ValidatePlan, of opening a tensor and of LayerNormalizer::Create;
//           kBadArgument: pictures of different sizes, the output exists, a part of a tensor; kIo:
//           it cannot be written; kCancelled; kInstallation: a module that the plan or a picture
//           needs; with strict the first bad picture's own, which blames conduct.strict
// Threads:  several runs may be under way at once, each with an output of its own
Result<RunReport> Normalize(const Source& source, const Plan& plan, const OutputOptions& output,
                            const RunOptions& options = {});

// The plan that normalises by measured mean and std, in the order of the plan's channels.
//
// Units:    a scale that is a sample type's maximum puts the numbers on [0,1], whatever the type;
//           the usual scale of the plan does the same
Plan WithStatistics(Plan plan, const StatsValues& values);

// How the values of a plan will be computed here, for people: "multiply-add on AVX3_DL".
Result<std::string> ValueKernelOf(const Plan& plan);

// Pixels that do not count. A pixel left out is left out in every channel.
struct PixelFilter {
  // One a channel or one for all: a pixel of just these values, which are the file's own (a 16-bit
  // picture's before it is reduced). NaN means every NaN.
  std::vector<double> ignore_values;
  // A value that a file declares to be no data (GDAL_NODATA) does not count either, unless so
  // asked.
  bool count_nodata = false;
  std::string mask_dir;  // masks of the same relative name; zero does not count
};

// What a statistics run measures beside what its plan says.
struct StatsOptions {
  StatsNumbers numbers;
  std::optional<double> scale;  // none: the samples' maximum, 1 for float
  PixelFilter filter;
  std::string per_image;        // a .csv or JSON lines file with a line a picture; "" for none
  std::string write_checksums;  // a file of the SHA-256 of every file, as sha256sum's; "" for none
  bool overwrite = false;       // per_image, write_checksums
  // The JSON file that the caller is to put the statistics into, "" for none. A run of pictures
  // notes every few seconds how far it has come, as RESULT.journal.partial, which stays until the
  // caller has the result safe and removes it.
  std::string result;
  // Goes on where an earlier run of the same list, plan and options ended; where its result stands
  // already, that is the result.
  bool resume = false;
  std::string journal_path() const { return result + ".journal"; }
  std::optional<uint64_t> sample;  // only so many inputs, chosen by the seed
  std::optional<double> until;     // in random order until the standard errors are below
  uint64_t seed = 0;
};

struct StatsResult {
  Totals totals;
  RunReport report;
  bool stood = false;  // with `resume`: `result` holds it already
};

// Measures a source: pictures, in native pixels or what the plan's geometry makes of them; or the
// samples of a tensor, (N,C,H,W) or as AxesOf has it, each an image of its own channels, of which
// a plan says nothing.
//
// Rules:    bad pictures are in the report and add nothing. Pads of the geometry count: they are
//           part of what a network sees. With ChannelOrder::kNative channels and samples are those
//           of the first good picture of the list, and a picture of others is a bad one. uint8 and
//           uint16 by integer sums, other types exactly in float64
// Errors:   those of ValidatePlan and of opening a tensor; kIo (per_image), kBadArgument (filters
//           with a geometry, histograms of floats); kUnsupported: tensors of another rank, int64
//           beyond 2^53; kCancelled; kInstallation; with strict the first bad picture's own, which
//           blames conduct.strict
// Threads:  as Normalize
Result<StatsResult> Measure(const Source& source, const Plan& plan, const StatsOptions& stats = {},
                            const RunOptions& options = {});

}  // namespace imnorm
