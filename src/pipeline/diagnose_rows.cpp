// Chooses the rows, asks their values, then makes those of pictures again.
#include "pipeline/diagnose_rows.h"

#include <algorithm>
#include <cmath>

#include "pipeline/remade_rows.h"
#include "source/read_input.h"
#include "statistics/diagnose.h"

namespace imnorm {
namespace {

constexpr size_t kWorst = 3;
constexpr size_t kSpread = 3;

std::vector<size_t> ChooseRows(const std::vector<ComparedItem>& items) {
  std::vector<size_t> different;
  for (size_t i = 0; i < items.size(); ++i) {
    const RowDifference& difference = items[i].difference;
    if (difference.same_shape && difference.different > 0 && difference.not_finite == 0 &&
        difference.finite == difference.values) {
      different.push_back(i);
    }
  }
  if (different.size() <= kWorst + kSpread) return different;
  std::vector<size_t> chosen;
  for (size_t i = 0; i < kSpread; ++i) {
    chosen.push_back(different[i * (different.size() - 1) / (kSpread - 1)]);
  }
  std::ranges::stable_sort(different, [&](size_t a, size_t b) {
    return items[a].difference.sum_abs > items[b].difference.sum_abs;
  });
  chosen.insert(chosen.end(), different.begin(), different.begin() + kWorst);
  std::ranges::sort(chosen);
  chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
  return chosen;
}

RowPair PairOf(const ComparedRow& a, const ComparedRow& b) {
  RowPair pair;
  const std::vector<int64_t> shape = OrderedShape(a);
  if (shape.size() == 3) {
    pair.channels = shape[0];
    pair.height = shape[1];
    pair.width = shape[2];
  } else {
    for (const int64_t side : shape) pair.width *= side;
  }
  ValuesInOrder(a, &pair.a);
  ValuesInOrder(b, &pair.b);
  return pair;
}

// The constants of both plans, then those of the presets.
std::vector<Constants> KnownConstants(const ComparedSide& a, const ComparedSide& b) {
  std::vector<Constants> known;
  const auto add = [&](const std::string& name, const Plan& plan) {
    const ValuePlan& values = plan.values;
    if (values.mean.empty() || values.std.empty()) return;
    const double unit = values.rescale ? 1.0 : 255.0;
    Constants constants{name, values.mean, values.std};
    for (auto* list : {&constants.mean, &constants.std}) {
      for (double& value : *list) value /= unit;
    }
    known.push_back(std::move(constants));
  };
  for (const ComparedSide* side : {&a, &b}) {
    if (side->plan) add(side->plan->preset, *side->plan);
  }
  for (const PresetInfo& info : ListPresets()) {
    if (const auto plan = PresetPlan(info.name)) add(info.name, *plan);
  }
  return known;
}

// All chosen rows that differ are JPEGs, and others of the same comparison, of other formats, do
// not differ: only their decoder tells them apart.
bool OnlyJpegsDiffer(const DiagnosisCase& found) {
  const auto is_jpeg = [&](const ComparedItem& item) {
    std::vector<uint8_t> head;
    const Input& input = found.pictures.inputs[*item.input];
    const auto read = ReadInput(input, uint64_t{1} << 30, head);
    return read && SniffFormat(head) == "jpeg";
  };
  constexpr size_t kMost = 32;  // of each kind
  size_t equal_others = 0;
  size_t seen_equal = 0;
  size_t seen_different = 0;
  for (const ComparedItem& item : found.items) {
    if (!item.input || found.pictures.inputs[*item.input].store != nullptr) return false;
    size_t& seen = item.difference.different > 0 ? seen_different : seen_equal;
    if (seen++ >= kMost) continue;
    const bool jpeg = is_jpeg(item);
    if (item.difference.different > 0 && !jpeg) return false;
    if (item.difference.different == 0 && jpeg) return false;
    if (item.difference.different == 0) ++equal_others;
  }
  return equal_others > 0;
}

}  // namespace

Result<std::vector<Diagnosis>> DiagnoseRows(const DiagnosisCase& found, const RunOptions& options) {
  std::vector<Diagnosis> diagnoses;
  const std::vector<size_t> rows = ChooseRows(found.items);
  if (rows.empty()) return diagnoses;
  RowReader reader_a(found.rows_a, found.pictures);
  RowReader reader_b(found.rows_b, found.pictures);
  std::vector<RowPair> pairs;
  for (const size_t row : rows) {
    if (options.stop()) return Fail(ErrorCode::kCancelled, "stopped");
    const auto a = reader_a.Read(row, found.items[row].input);
    if (!a) return Failed(a);
    const auto b = reader_b.Read(row, found.items[row].input);
    if (!b) return Failed(b);
    pairs.push_back(PairOf(*a, *b));
  }
  const auto by_values = DiagnoseValues(pairs, KnownConstants(found.a, found.b),
                                        GrainOf(found.rows_a.type()), GrainOf(found.rows_b.type()));
  if (by_values) {
    diagnoses.push_back(*by_values);
    return diagnoses;
  }
  for (const bool b_is_made : {true, false}) {
    const RowsOfSide& side = b_is_made ? found.rows_b : found.rows_a;
    if (side.is_tensor()) continue;
    std::vector<RemadePair> remade;
    for (size_t i = 0; i < rows.size(); ++i) {
      remade.push_back({&found.pictures.inputs[*found.items[rows[i]].input],
                        b_is_made ? pairs[i].b : pairs[i].a, b_is_made ? pairs[i].a : pairs[i].b});
    }
    const auto cause = DiagnoseRemade(side.plan().plan, remade, b_is_made ? "A" : "B", options);
    if (!cause) return Failed(cause);
    if (!*cause) continue;
    diagnoses.push_back(**cause);
    return diagnoses;
  }
  if ((!found.rows_a.is_tensor() || !found.rows_b.is_tensor()) && OnlyJpegsDiffer(found)) {
    diagnoses.push_back({Cause::kOtherJpegDecoder,
                         "only JPEGs differ, pictures of other formats are equal: one side comes "
                         "from another JPEG decoder"});
  }
  return diagnoses;
}

}  // namespace imnorm
