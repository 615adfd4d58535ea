// Looks at all pictures of a list, then at them beside each other.
#include <fmt/format.h>

#include "imnorm/verify.h"
#include "parallel/ordered_run.h"
#include "pipeline/journal_line.h"
#include "pipeline/look_consumer.h"
#include "pipeline/needed_modules.h"
#include "pipeline/picture_findings.h"
#include "pipeline/picture_input.h"
#include "pipeline/run_log.h"
#include "pipeline/set_findings.h"

namespace imnorm {
namespace {

// See RunOrdered.
class LookStages {
 public:
  struct Worker {
    PictureWorker picture;
    LookConsumer look;
  };
  struct Slot {
    ItemOutcome outcome;
    LookedAt looked;
    bool hides_colours = false;
  };

  LookStages(RunLog& log, const DecodeOptions& decode, std::vector<LookedAt>& looked,
             std::vector<Finding>* findings)
      : log_(log), decode_(decode), looked_(looked), findings_(findings) {}

  bool Stopped() const { return log_.ShouldStop(); }

  void Work(Worker& worker, Slot& slot, size_t item) {
    slot.looked = {};
    slot.outcome = DecodeInput(log_.input(item), decode_, worker.picture, worker.look);
    if (!slot.outcome.decoded) return;
    auto look = worker.look.Finish();
    if (!look) {
      slot.outcome.decoded = Failed(look);
      return;
    }
    slot.hides_colours = worker.look.hides_colours();
    slot.looked = {true, *look, worker.look.hash(), worker.look.width(), worker.look.height()};
    slot.outcome.width = slot.looked.width;
    slot.outcome.height = slot.looked.height;
  }

  bool Collect(Slot& slot, size_t item) {
    // Taken before the log takes the outcome's error.
    if (findings_ != nullptr && !slot.outcome.decoded && !slot.outcome.passed_over) {
      AddFailure(slot, item);
    }
    if (!log_.Add(item, slot.outcome)) return false;
    if (findings_ != nullptr) {
      for (Finding& finding : FindingsOfPicture(*slot.outcome.decoded, slot.hides_colours,
                                                slot.looked, item, log_.path(item))) {
        findings_->push_back(std::move(finding));
      }
    }
    looked_[item] = std::move(slot.looked);
    return false;
  }

  bool Write(Slot&) { return true; }

 private:
  void AddFailure(const Slot& slot, size_t item) {
    if (!IsNoted(slot.outcome)) return;
    const ErrorCode code = slot.outcome.decoded.error().code;
    Finding finding = FindingOfFailure(slot.outcome, item, log_.path(item));
    if (slot.outcome.bytes_read == 0 && code == ErrorCode::kCorrupt) {
      finding.kind = FindingKind::kEmpty;
      finding.text = "no bytes";
    }
    findings_->push_back(std::move(finding));
  }

  RunLog& log_;
  const DecodeOptions& decode_;
  std::vector<LookedAt>& looked_;
  std::vector<Finding>* const findings_;
};

Result<RunReport> LookAt(const InputList& list, const RunOptions& run,
                         std::vector<LookedAt>& looked, std::vector<Finding>* findings) {
  Plan plan;
  plan.exif = ExifPolicy::kIgnore;
  DecodeOptions decode = DecodeOptionsOf(plan, run);
  decode.alpha = AlphaPolicy::kMask;
  const ShardRange all{0, list.inputs.size()};
  if (auto loaded = LoadModulesOf(list, all, decode); !loaded) return Failed(loaded);
  looked.resize(list.inputs.size());
  RunLog log(list, all, run);
  LookStages stages(log, decode, looked, findings);
  RunOrdered(stages, list.inputs.size(), {.threads = ThreadsOf(run)});
  return log.Finish();
}

}  // namespace

Result<VerifyResult> Verify(const InputList& list, const VerifyOptions& options,
                            const RunOptions& run) {
  if (options.near && (*options.near < 0 || *options.near > kMostNear)) {
    return Blame("near", fmt::format("`near`: it takes 0 to {} bits", kMostNear));
  }
  std::vector<LookedAt> others;
  if (auto report = LookAt(options.other, run, others, nullptr); !report) return Failed(report);
  VerifyResult result;
  std::vector<LookedAt> looked;
  auto report = LookAt(list, run, looked, &result.findings);
  if (!report) return Failed(report);
  result.report = std::move(*report);
  AddSetFindings(list, looked, others, options, result.findings);
  return result;
}

}  // namespace imnorm
