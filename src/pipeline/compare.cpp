// A comparison from end to end: the run, its sum in the order of the rows, and the causes.
#include "imnorm/compare.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "parallel/ordered_run.h"
#include "pipeline/compare_stages.h"
#include "pipeline/diagnose_rows.h"

namespace imnorm {
namespace {

std::string_view FileName(std::string_view path) {
  return path.substr(path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/') + 1);
}

// Where in a row of this shape a value stands.
std::vector<int64_t> IndexOf(uint64_t at, const std::vector<int64_t>& shape) {
  std::vector<int64_t> index(shape.size());
  for (size_t i = shape.size(); i-- > 0;) {
    index[i] = int64_t(at) % shape[i];
    at /= uint64_t(shape[i]);
  }
  return index;
}

class Summing {
 public:
  Summing(const ComparedSide& a, const ComparedSide& b, const InputList& pictures,
          const std::vector<std::vector<int64_t>>& shapes, Comparison& comparison)
      : a_(a), b_(b), pictures_(pictures), shapes_(shapes), out_(comparison) {}

  void Add(uint64_t row, const ComparedItem& item) {
    ++out_.rows;
    const RowDifference& difference = item.difference;
    if (!difference.same_shape) {
      ++out_.rows_of_other_shapes;
      return;
    }
    if (OtherNames(row, item)) ++out_.rows_of_other_names;
    if (difference.different > 0) ++out_.rows_different;
    out_.values += difference.values;
    out_.different += difference.different;
    out_.not_finite += difference.not_finite;
    out_.max_ulp = std::max(out_.max_ulp, difference.max_ulp);
    finite_ += difference.finite;
    sum_abs_ += difference.sum_abs;
    a_a_ += difference.a_a;
    a_b_ += difference.a_b;
    b_b_ += difference.b_b;
    if (difference.first && !out_.first) out_.first = Place(row, item, *difference.first);
    if (difference.worst && (!out_.worst || difference.max_abs > out_.max_abs)) {
      out_.max_abs = difference.max_abs;
      out_.worst = Place(row, item, *difference.worst);
    }
    if (out_.channels.size() < difference.channels.size()) {
      out_.channels.resize(difference.channels.size());
    }
    for (size_t c = 0; c < difference.channels.size(); ++c) {
      ChannelDifference& channel = out_.channels[c];
      channel.values += difference.channels[c].values;
      channel.bias += difference.channels[c].bias;
      channel.mean_abs += difference.channels[c].mean_abs;
      channel.max_abs = std::max(channel.max_abs, difference.channels[c].max_abs);
    }
  }

  void Finish() {
    if (finite_ > 0) out_.mean_abs = sum_abs_ / double(finite_);
    if (a_a_ > 0 && b_b_ > 0) {
      out_.cosine = std::clamp(a_b_ / (std::sqrt(a_a_) * std::sqrt(b_b_)), -1.0, 1.0);
    }
    for (ChannelDifference& channel : out_.channels) {
      if (channel.values == 0) continue;
      channel.bias /= double(channel.values);
      channel.mean_abs /= double(channel.values);
    }
    if (out_.worst && out_.max_abs == 0.0) out_.worst.reset();
  }

 private:
  std::string NameOf(uint64_t row, const ComparedItem& item) const {
    if (item.input) return pictures_.inputs[*item.input].path;
    for (const ComparedSide* side : {&a_, &b_}) {
      if (row < side->row_names.size()) return side->row_names[size_t(row)];
    }
    return "";
  }

  // Paths may begin elsewhere, so that the names of the files alone are looked at.
  bool OtherNames(uint64_t row, const ComparedItem& item) const {
    std::string_view names[2];
    size_t known = 0;
    if (item.input) names[known++] = pictures_.inputs[*item.input].path;
    for (const ComparedSide* side : {&a_, &b_}) {
      if (known < 2 && row < side->row_names.size()) names[known++] = side->row_names[size_t(row)];
    }
    return known == 2 && FileName(names[0]) != FileName(names[1]);
  }

  ComparedPlace Place(uint64_t row, const ComparedItem& item, const PlaceInRow& place) const {
    return {row,
            IndexOf(place.at, shapes_.size() == 1 ? shapes_[0] : shapes_[size_t(row)]),
            place.a,
            place.b,
            NameOf(row, item),
            item.input};
  }

  const ComparedSide& a_;
  const ComparedSide& b_;
  const InputList& pictures_;
  const std::vector<std::vector<int64_t>>& shapes_;
  Comparison& out_;
  uint64_t finite_ = 0;
  double sum_abs_ = 0.0, a_a_ = 0.0, a_b_ = 0.0, b_b_ = 0.0;
};

// The shape of all rows of a side.
std::vector<int64_t> WholeShape(const RowsOfSide& side, const RowShapes& shapes, uint64_t rows) {
  if (side.is_tensor()) return side.tensor_shape();
  std::vector<int64_t> shape = {int64_t(rows)};
  if (!shapes.vary) shape.insert(shape.end(), shapes.first.begin(), shapes.first.end());
  return shape;
}

}  // namespace

Result<Comparison> Compare(const ComparedSide& a, const ComparedSide& b, const InputList& pictures,
                           const Tolerance& tolerance, const RunOptions& options) {
  auto rows_a = RowsOfSide::Open(a, options);
  if (!rows_a) return Failed(rows_a);
  auto rows_b = RowsOfSide::Open(b, options);
  if (!rows_b) return Failed(rows_b);
  std::optional<RunLog> log;
  if (!a.is_tensor() || !b.is_tensor()) {
    log.emplace(pictures, ShardRange{0, pictures.inputs.size()}, options);
  }
  size_t count =
      log ? log->count() : size_t(std::min(rows_a->tensor_rows(), rows_b->tensor_rows()));
  if (!log && rows_a->OrderedRowShape() != rows_b->OrderedRowShape()) count = 0;
  CompareStages stages(*rows_a, *rows_b, tolerance, log ? &*log : nullptr, options);
  RunOrdered(stages, count, {.threads = ThreadsOf(options)});
  if (auto failed = stages.failure(); !failed) return Failed(failed);
  Comparison comparison;
  if (log) {
    auto report = log->Finish();
    if (!report) return Failed(report);
    comparison.report = std::move(*report);
  } else if (options.stop()) {
    return Fail(ErrorCode::kCancelled, "stopped");
  }

  comparison.ulp = stages.ulp();
  comparison.a_type = rows_a->type();
  comparison.b_type = rows_b->type();
  comparison.a_shape = WholeShape(*rows_a, stages.a_shapes(), stages.rows());
  comparison.b_shape = WholeShape(*rows_b, stages.b_shapes(), stages.rows());
  std::vector<std::vector<int64_t>> shapes = stages.shapes();
  if (!log) shapes.assign(1, rows_a->OrderedRowShape());
  const auto rows_of = [&](const RowsOfSide& side) {
    return side.is_tensor() ? side.tensor_rows() : stages.rows();
  };
  bool same_rows = log.has_value() || rows_a->OrderedRowShape() == rows_b->OrderedRowShape();
  for (const ComparedItem& item : stages.items()) {
    same_rows = same_rows && item.difference.same_shape;
  }
  comparison.shapes_equal = same_rows && rows_of(*rows_a) == rows_of(*rows_b);
  comparison.layouts_differ = stages.channels_last_differ();
  if (!shapes.empty() && shapes.front().size() == 3) comparison.layout = "chw";
  Summing summing(a, b, pictures, shapes, comparison);
  for (size_t row = 0; row < stages.items().size(); ++row) summing.Add(row, stages.items()[row]);
  summing.Finish();
  if (comparison.different > 0) {
    auto diagnoses = DiagnoseRows({a, b, *rows_a, *rows_b, pictures, stages.items()}, options);
    if (!diagnoses) return Failed(diagnoses);
    comparison.diagnoses = std::move(*diagnoses);
  }
  return comparison;
}

}  // namespace imnorm
