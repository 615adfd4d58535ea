// Makes the same rows by one change after another.
#include "pipeline/remade_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "imnorm/words.h"

namespace imnorm {
namespace {

// What of the mean difference a change may leave that stands for another's arithmetic.
constexpr double kNearly = 0.1;
// Float arithmetic in another order: a few bits.
constexpr double kExactly = 1e-5;

struct Change {
  Cause cause;
  std::string text;  // of the other side
  Plan plan;
  JpegDct dct = JpegDct::kAccurate;
  bool plain_upsampling = false;
  bool nearly = false;  // whether a rest is allowed
};

class Changes {
 public:
  Changes(const Plan& plan, std::string_view other) : plan_(plan), other_(other) {
    AddEngines();
    AddExif();
    AddDecoders();
    AddFilters();
  }

  const std::vector<Change>& all() const { return changes_; }

 private:
  bool resizes() const { return plan_.geometry.resize.kind != ResizeKind::kNone; }

  template <typename Edit>
  void Add(Cause cause, std::string text, bool nearly, Edit edit) {
    Change change{cause, std::move(text), plan_, JpegDct::kAccurate, false, nearly};
    edit(change);
    if (ValidatePlan(change.plan)) changes_.push_back(std::move(change));
  }

  void AddEngines() {
    const ResizePlan& resize = plan_.geometry.resize;
    if (!resizes()) return;
    if (resize.engine == ResizeEngine::kPillow) {
      for (const int pillow : {13, 12, 11}) {
        if (pillow == resize.pillow) continue;
        Add(Cause::kPillowRelease,
            fmt::format("{} is resized as Pillow {} does, not {}", other_,
                        pillow == 13   ? "13"
                        : pillow == 12 ? "12"
                                       : "before 12",
                        resize.pillow == 11 ? "one before 12" : fmt::to_string(resize.pillow)),
            false, [&](Change& change) { change.plan.geometry.resize.pillow = pillow; });
      }
    }
    constexpr std::pair<ResizeEngine, std::string_view> kEngines[] = {
        {ResizeEngine::kPillow, "Pillow"},
        {ResizeEngine::kTorch, "torch on bytes"},
        {ResizeEngine::kTorchFloat, "torch in float32"},
    };
    for (const auto& [engine, name] : kEngines) {
      if (engine == resize.engine) continue;
      // From OpenCV's to Pillow's it is the antialias that comes.
      const bool antialias = resize.engine == ResizeEngine::kOpencv;
      Add(antialias ? Cause::kNoAntialias : Cause::kTorchResize,
          fmt::format("{} is resized by {}, not by {}{}", other_, name, WordOf(resize.engine),
                      antialias ? ": with antialias" : ""),
          false,
          [&, wanted = engine](Change& change) { change.plan.geometry.resize.engine = wanted; });
    }
    if (resize.engine != ResizeEngine::kOpencv) {
      Add(Cause::kNoAntialias,
          fmt::format("{} is resized without antialias ({} as OpenCV, and torch with "
                      "antialias=False)",
                      other_, WordOf(resize.filter)),
          true,
          [&](Change& change) { change.plan.geometry.resize.engine = ResizeEngine::kOpencv; });
    }
  }

  void AddExif() {
    const bool applies = DecodeOptionsOf(plan_).apply_exif;
    Add(Cause::kExifRotation,
        fmt::format("the orientation that EXIF asks for is {} in {}",
                    applies ? "not applied" : "applied", other_),
        false, [&](Change& change) {
          change.plan.exif = applies ? ExifPolicy::kIgnore : ExifPolicy::kApply;
        });
  }

  void AddDecoders() {
    for (const JpegDct dct : {JpegDct::kAccurate, JpegDct::kFast, JpegDct::kFloat}) {
      for (const bool plain : {false, true}) {
        if (dct == JpegDct::kAccurate && !plain) continue;
        std::string how = dct == JpegDct::kFast    ? "a fast DCT"
                          : dct == JpegDct::kFloat ? "a floating-point DCT"
                                                   : "";
        if (plain) {
          how += how.empty() ? "" : " and ";
          how += "colours that are repeated, not blended";
        }
        Add(Cause::kOtherJpegDecoder,
            fmt::format("{} comes from another JPEG decoder, or other settings: one with {}",
                        other_, how),
            true, [&](Change& change) {
              change.dct = dct;
              change.plain_upsampling = plain;
            });
      }
    }
  }

  void AddFilters() {
    if (!resizes()) return;
    for (const Word<Filter>& filter : Words<Filter>()) {
      if (filter.value == plan_.geometry.resize.filter) continue;
      Add(Cause::kOtherFilter,
          fmt::format("{} is resized with the filter {}, not {}", other_, filter.text,
                      WordOf(plan_.geometry.resize.filter)),
          false, [&](Change& change) { change.plan.geometry.resize.filter = filter.value; });
    }
  }

  const Plan& plan_;
  const std::string_view other_;
  std::vector<Change> changes_;
};

struct Rest {
  double before = 0.0, after = 0.0;  // means of |difference|
  double largest = 0.0;              // of those after
  double magnitude = 0.0;
};

Rest RestOf(const RemadePair& pair, const std::vector<double>& remade) {
  Rest rest;
  const auto n = double(remade.size());
  for (size_t i = 0; i < remade.size(); ++i) {
    const double after = std::fabs(remade[i] - pair.other[i]);
    rest.before += std::fabs(pair.made[i] - pair.other[i]) / n;
    rest.after += after / n;
    rest.largest = std::max(rest.largest, after);
    rest.magnitude = std::max(rest.magnitude, std::fabs(pair.other[i]));
  }
  return rest;
}

// What a change leaves of the differences of all pairs, 0..1; none: it does not explain them.
std::optional<double> Explains(const Change& change, const std::vector<RemadePair>& pairs,
                               const RunOptions& options) {
  const auto plan = RowPlan::Create(change.plan, options);
  if (!plan) return std::nullopt;
  (*plan)->decode.jpeg_dct = change.dct;
  (*plan)->decode.jpeg_plain_upsampling = change.plain_upsampling;
  RowMaker maker(**plan);
  double before = 0;
  double after = 0;
  for (const RemadePair& pair : pairs) {
    ComparedRow row;
    if (!maker.Make(*pair.input, row).decoded) return std::nullopt;
    std::vector<double> values;
    ValuesInOrder(row, &values);
    if (values.size() != pair.other.size()) return std::nullopt;
    const Rest rest = RestOf(pair, values);
    const bool exact = rest.largest <= kExactly * rest.magnitude;
    const bool nearly = change.nearly && rest.after <= kNearly * rest.before;
    if (!exact && !nearly) return std::nullopt;
    before += rest.before;
    after += exact ? 0.0 : rest.after;
  }
  return before == 0 ? std::nullopt : std::optional(after / before);
}

}  // namespace

Result<std::optional<Diagnosis>> DiagnoseRemade(const Plan& plan,
                                                const std::vector<RemadePair>& pairs,
                                                std::string_view other, const RunOptions& options) {
  std::optional<Diagnosis> best;
  double least = 2.0;
  const Changes changes(plan, other);
  for (const Change& change : changes.all()) {
    if (options.stop()) return Fail(ErrorCode::kCancelled, "stopped");
    const auto left = Explains(change, pairs, options);
    if (!left || *left >= least) continue;
    least = *left;
    best = Diagnosis{change.cause, change.text};
    if (least == 0.0) break;
  }
  return best;
}

}  // namespace imnorm
