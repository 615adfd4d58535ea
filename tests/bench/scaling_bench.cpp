// What bounds a run on many threads, as Markdown: the stages that one thread at a time goes
// through, each on its own, and the whole pipeline on 64 threads with a decode that only waits, so
// that it needs no 64 cores.
//
// Usage: scaling_bench PICTURE [--quick]
#include <fmt/format.h>
#include <sys/prctl.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "parallel/ordered_run.h"
#include "pipeline/manifest.h"
#include "pipeline/measure_settings.h"
#include "pipeline/measure_stages.h"
#include "pipeline/normalize_stages.h"
#include "pipeline/picture_input.h"
#include "pipeline/picture_rows.h"
#include "pipeline/picture_sums.h"
#include "pipeline/run_log.h"
#include "sink/formats.h"
#include "support/folder.h"

namespace imnorm {
namespace {

constexpr int kThreads = 64;
constexpr double kBar = 50'000;  // pictures/s

double Seconds() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

// `run` returns seconds; the median of several goes.
double Median(bool quick, const std::function<double()>& run) {
  std::vector<double> times;
  for (int i = 0; i < (quick ? 1 : 3); ++i) times.push_back(run());
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

OutputOptions OutputOf(const std::string& path) {
  OutputOptions output;
  output.path = path;
  output.overwrite = true;
  return output;
}

// As many inputs as asked for in a thousand classes, all of them the same picture.
InputList MadeList(const std::string& picture, size_t count) {
  InputList list;
  list.inputs.resize(count);
  for (size_t i = 0; i < count; ++i) {
    Input& input = list.inputs[i];
    input.path = fmt::format("train/n{:08}/n{:08}_{}.JPEG", i * 1000 / count, i * 1000 / count, i);
    input.key_offset = 6;
    input.named = true;
  }
  list.inputs.front().path = picture;
  list.inputs.front().key_offset = 0;
  return list;
}

const ItemOutcome& OutcomeOf(const NormalizeStages::Slot& slot) { return slot.row.outcome; }
const ItemOutcome& OutcomeOf(const MeasureStages::Slot& slot) { return slot.sums.outcome; }

// The stages of a real job, but that a picture, decoded once, comes from a decoder which waits.
template <typename Real>
class Waiting {
 public:
  struct Worker {};
  using Slot = typename Real::Slot;

  Waiting(Real& real, double wait) : real_(real), wait_(wait) {
    typename Real::Worker worker;
    real_.Work(worker, decoded_, 0);
    if (OutcomeOf(decoded_).decoded) return;
    std::fprintf(stderr, "%s\n", OutcomeOf(decoded_).decoded.error().message.c_str());
    std::exit(2);
  }

  bool Stopped() const { return real_.Stopped(); }
  void Work(Worker&, Slot& slot, size_t) {
    if (wait_.count() > 0) std::this_thread::sleep_for(wait_);
    slot = decoded_;
  }
  bool Collect(Slot& slot, size_t item) { return real_.Collect(slot, item); }
  bool Write(Slot& slot) { return real_.Write(slot); }

  // Seconds of the ordered stage alone.
  double CollectAll(size_t count) {
    Slot slot = decoded_;
    const double begin = Seconds();
    for (size_t item = 0; item < count; ++item) Collect(slot, item);
    return Seconds() - begin;
  }
  double RunAll(size_t count) {
    const double begin = Seconds();
    RunOrdered(*this, count, {.threads = kThreads});
    return Seconds() - begin;
  }

 private:
  Real& real_;
  const std::chrono::duration<double> wait_;
  Slot decoded_;
};

struct Job {
  const char* name;
  bool histogram = false;
  bool per_class = false;
  bool per_image = false;
  bool normalizes = false;
};
constexpr Job kJobs[] = {{"stats"},
                         {"stats --histogram", true},
                         {"stats --per-class, 1,000 classes", false, true},
                         {"stats --histogram --per-class --per-image", true, true, true},
                         {"normalize", false, false, false, true}};

// Seconds that `use` says, if everything went well.
template <typename Use>
double Checked(RunLog& log, Use&& use) {
  const double seconds = use();
  const auto report = log.Finish();
  if (report && report->done == report->inputs) return seconds;
  std::fprintf(stderr, "%s\n", report ? "not all were done" : report.error().message.c_str());
  std::exit(2);
}

// Sets a job up over a list and hands its stages to `use`, which returns seconds.
template <typename Use>
double WithStages(const Job& job, const InputList& list, double wait, Use&& use) {
  const Folder folder;
  RunOptions options;
  RunLog log(list, {0, list.inputs.size()}, options);
  if (job.normalizes) {
    // Rows of 8 x 8 pixels: only what is counted and numbered matters, a row's bytes do not.
    Plan plan = PresetPlan("imagenet").value();
    plan.geometry.resize.size = 9;
    plan.geometry.crop.width = plan.geometry.crop.height = 8;
    const auto source = PictureRows::Create(log, plan, options).value();
    auto sink = OpenSink(OutputOf(folder / "out.npy"), ElementType::kF32);
    NormalizeStages stages(log, source, **sink, nullptr);
    Waiting<NormalizeStages> waiting(stages, wait);
    return Checked(log, [&] { return use(waiting); });
  }
  const Plan plan = PresetPlan("none").value();
  StatsOptions stats;
  stats.numbers.histogram = job.histogram;
  stats.numbers.per_class = job.per_class;
  Measured measured{Totals(SettingsOf(list, plan, stats, std::nullopt))};
  if (job.per_image) {
    measured.rows.emplace(std::move(*DurableFile::Create(folder / "rows.jsonl", true)));
  }
  const PictureSumsSource source(log, {plan, stats.filter, measured.totals.settings(),
                                       DecodeOptionsOf(plan, options), std::nullopt});
  MeasureStages stages(log, source, measured);
  Waiting<MeasureStages> waiting(stages, wait);
  return Checked(log, [&] { return use(waiting); });
}

void PrintCap(const std::string& stage, const char* when, double seconds, size_t count) {
  fmt::print("| {} | {} | {:.0f} | {:.0f} |{}\n", stage, when, 1e9 * seconds / double(count),
             double(count) / seconds, double(count) / seconds < kBar ? " NOT met |" : " met |");
  std::fflush(stdout);
}

// The ends of a run, which are serial by nature.
void PrintEnds(bool quick) {
  const size_t count = quick ? 1000 : 20'000;
  const Folder folder;
  for (size_t i = 0; i < count; ++i) {
    folder.Write(fmt::format("in/n{:04}/n{:04}_{}.JPEG", i / 100, i / 100, i), "");
  }
  InputOptions inputs;
  inputs.inputs = {folder / "in"};
  PrintCap("walk and sort", "before",
           Median(quick,
                  [&] {
                    const double begin = Seconds();
                    const auto list = ListInputs(inputs);
                    return list ? Seconds() - begin : 0.0;
                  }),
           count);
  const InputList list = ListInputs(inputs).value();
  PrintCap("hash of the list", "before",
           Median(quick,
                  [&] {
                    const double begin = Seconds();
                    const std::string hash = list.Hash();
                    return Seconds() - begin;
                  }),
           count);
  const Plan plan = PresetPlan("imagenet").value();
  RunReport report;
  InputRecord done;
  done.status = InputStatus::kDone;
  done.width = 500;
  done.height = 375;
  report.records.assign(count, done);
  report.rows = count;
  const OutputOptions output = OutputOf(folder / "out.npy");
  const auto sink = OpenSink(output, ElementType::kF32).value();
  static_cast<void>(sink->Start({1}, 0).and_then([&] { return sink->Seal(0); }));
  PrintCap("normalize: row of the manifest", "after",
           Median(quick,
                  [&] {
                    const double begin = Seconds();
                    auto file = OpenManifest(output);
                    const auto written =
                        WriteManifest(std::move(*file), *sink, output, plan, RunOptions(), list,
                                      {0, count}, Labels(), report);
                    return written ? Seconds() - begin : 0.0;
                  }),
           count);
}

// Rows as large as those of the imagenet preset into one file, by so many threads.
double WriteRows(int threads, size_t rows) {
  const Folder folder;
  const std::vector<uint8_t> row(3 * 224 * 224 * sizeof(float), 1);
  auto sink = OpenSink(OutputOf(folder / "out.npy"), ElementType::kF32);
  static_cast<void>((*sink)->Start({3, 224, 224}, rows));
  std::atomic<size_t> next{0};
  std::vector<std::thread> all;
  const double begin = Seconds();
  for (int t = 0; t < threads; ++t) {
    all.emplace_back([&] {
      for (size_t i = next++; i < rows; i = next++) {
        if (!(*sink)->Write({i, 1, row.data(), {}})) std::exit(2);
      }
    });
  }
  for (std::thread& thread : all) thread.join();
  return Seconds() - begin;
}

void PrintStages(const std::string& picture, bool quick) {
  const size_t count = quick ? 5000 : 200'000;
  const InputList list = MadeList(picture, count);
  fmt::print("| one thread at a time | when | ns a picture | pictures/s at most | 50,000 |\n");
  fmt::print("|---|---|---|---|---|\n");
  for (const Job& job : kJobs) {
    const double seconds = Median(quick, [&] {
      return WithStages(job, list, 0, [&](auto& stages) { return stages.CollectAll(count); });
    });
    PrintCap(fmt::format("{}: ordered stage", job.name), "during", seconds, count);
  }
  PrintEnds(quick);
}

void PrintWaiting(const std::string& picture, bool quick) {
  fmt::print("\n| {} threads, a decode that waits | could be, pictures/s |", kThreads);
  for (const Job& job : kJobs) fmt::print(" {} |", job.name);
  fmt::print("\n|---|---|");
  for (size_t i = 0; i < std::size(kJobs); ++i) fmt::print("---|");
  for (const double wait : {1.28e-3, 0.64e-3, 0.0}) {
    const size_t count = quick ? 2000 : 40'000;
    const InputList list = MadeList(picture, count);
    if (wait > 0) {
      fmt::print("\n| {:.2f} ms | {:.0f} |", wait * 1e3, kThreads / wait);
    } else {
      fmt::print("\n| not at all | |");
    }
    for (const Job& job : kJobs) {
      const double seconds = Median(quick, [&] {
        return WithStages(job, list, wait, [&](auto& stages) { return stages.RunAll(count); });
      });
      fmt::print(" {:.0f} |", double(count) / seconds);
      std::fflush(stdout);
    }
  }
  fmt::print("\n");
}

void PrintRows(bool quick) {
  const size_t rows = quick ? 20 : 400;
  const double one = Median(quick, [&] { return WriteRows(1, rows); });
  const double two = Median(quick, [&] { return WriteRows(2, rows); });
  fmt::print(
      "\nwriting rows of 602,112 bytes into one file: {:.0f} a second by one thread, {:.0f} by two "
      "({:.2f}x)\n",
      double(rows) / one, double(rows) / two, one / two);
}

}  // namespace
}  // namespace imnorm

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const bool quick = argc > 2 && std::string_view(argv[2]) == "--quick";
  prctl(PR_SET_TIMERSLACK, 1);  // a wait is as long as it says, not up to 50 us longer
  imnorm::PrintStages(argv[1], quick);
  imnorm::PrintWaiting(argv[1], quick);
  imnorm::PrintRows(quick);
}
