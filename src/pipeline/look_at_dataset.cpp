// One pass over small pictures, then thumbnails of those that stand out.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "drawing/fit_inside.h"
#include "imnorm/dataset_look.h"
#include "parallel/ordered_run.h"
#include "pipeline/levels.h"
#include "pipeline/needed_modules.h"
#include "pipeline/row_maker.h"
#include "pipeline/run_log.h"
#include "statistics/picture_colours.h"

namespace imnorm {
namespace {

constexpr int kSide = 96;

// Bytes of the pictures, decoded as the plan says and resized.
Plan SmallPlan(const Plan& plan, ResizeKind kind, int side) {
  Plan small;
  small.exif = plan.exif;
  small.like = plan.like;
  small.alpha = plan.alpha;
  std::copy_n(plan.background, 3, small.background);
  small.max_pixels = plan.max_pixels;
  small.geometry.resize.kind = kind;
  small.geometry.resize.size = small.geometry.resize.width = small.geometry.resize.height = side;
  small.method = Method::kNone;
  small.values.dtype = ElementType::kU8;
  small.values.rescale = false;
  small.layout = Layout::kNhwc;
  return small;
}

struct SeenPicture {
  uint64_t input = 0;
  PictureColours colours;
};

// See RunOrdered.
class ColourStages {
 public:
  struct Worker {
    std::unique_ptr<RowMaker> maker;
  };
  struct Slot {
    ItemOutcome outcome;
    ComparedRow row;
    PictureColours colours;
  };

  ColourStages(RunLog& log, const RowPlan& plan) : log_(log), plan_(plan) {}

  bool Stopped() const { return log_.ShouldStop(); }
  void Work(Worker& worker, Slot& slot, size_t item) {
    if (!worker.maker) worker.maker = std::make_unique<RowMaker>(plan_);
    slot.outcome = worker.maker->Make(log_.input(item), slot.row);
    if (slot.outcome.decoded) slot.colours = ColoursOf(slot.row.elements);
  }
  bool Collect(Slot& slot, size_t item) {
    const std::array<int32_t, 2> size = {slot.outcome.width, slot.outcome.height};
    if (!log_.Add(item, slot.outcome)) return false;
    sizes.push_back(size);
    seen.push_back({item, slot.colours});
    for (size_t i = 0; i < sums.size(); ++i) sums[i] += slot.row.elements[i];
    return false;
  }
  bool Write(Slot&) { return true; }

  std::vector<std::array<int32_t, 2>> sizes;
  std::vector<SeenPicture> seen;
  std::vector<uint64_t> sums = std::vector<uint64_t>(size_t(kSide) * kSide * 3, 0);

 private:
  RunLog& log_;
  const RowPlan& plan_;
};

Image MeanImage(const ColourStages& stages) {
  Image image;
  image.Reshape(kSide, kSide, 3, ElementType::kU8);
  const uint64_t count = stages.seen.size();
  for (size_t i = 0; i < stages.sums.size(); ++i) {
    image.pixels[i] = uint8_t((stages.sums[i] + count / 2) / count);
  }
  return image;
}

// The pictures with the largest values, the first of equal ones first.
std::vector<size_t> Largest(const std::vector<double>& values, size_t count) {
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return values[a] > values[b]; });
  order.resize(std::min(count, order.size()));
  return order;
}

class Gallery {
 public:
  Gallery(const InputList& list, const std::vector<SeenPicture>& seen, const RowPlan& thumbnails,
          const DatasetLookOptions& options)
      : list_(list), seen_(seen), maker_(thumbnails), plan_(thumbnails.plan), options_(options) {}

  // `text` says a picture's value.
  template <typename Text>
  PictureGroup Group(std::string title, std::string meaning, const std::vector<double>& values,
                     Text text) {
    PictureGroup group{std::move(title), std::move(meaning), {}};
    for (const size_t i : Largest(values, size_t(options_.pictures))) {
      const Input& input = list_.inputs[seen_[i].input];
      ComparedRow row;
      if (!maker_.Make(input, row).decoded) continue;  // it was changed meanwhile
      auto shown = ShowRow(row, plan_);
      if (!shown) continue;
      group.pictures.push_back(
          {seen_[i].input, input.path, text(i), FitInside(*shown, options_.thumbnail_side)});
    }
    return group;
  }

 private:
  const InputList& list_;
  const std::vector<SeenPicture>& seen_;
  RowMaker maker_;
  const Plan& plan_;
  const DatasetLookOptions& options_;
};

std::vector<PictureGroup> Groups(const InputList& list, const std::vector<SeenPicture>& seen,
                                 const RowPlan& thumbnails, const DatasetLookOptions& options) {
  Gallery gallery(list, seen, thumbnails, options);
  std::vector<PictureColours> colours;
  std::vector<double> bright, dark, colourful;
  for (const SeenPicture& picture : seen) {
    colours.push_back(picture.colours);
    bright.push_back(picture.colours.brightness);
    dark.push_back(-picture.colours.brightness);
    colourful.push_back(picture.colours.colourfulness);
  }
  const std::vector<double> far = DistancesFromAll(colours);
  const auto brightness = [&](size_t i) { return fmt::format("brightness {:.2f}", bright[i]); };
  std::vector<PictureGroup> groups;
  groups.push_back(
      gallery.Group("Brightest", "brightness of the mean colour, 0 to 1", bright, brightness));
  groups.push_back(gallery.Group("Darkest", "the same, from the other end", dark, brightness));
  groups.push_back(
      gallery.Group("Most colourful", "colourfulness by Hasler and Süsstrunk", colourful,
                    [&](size_t i) { return fmt::format("colourfulness {:.0f}", colourful[i]); }));
  groups.push_back(gallery.Group(
      "Least like the others",
      "distance from all in mean and standard deviation of the channels, in standard deviations",
      far, [&](size_t i) { return fmt::format("distance {:.1f}", far[i]); }));
  return groups;
}

}  // namespace

Result<DatasetLook> LookAtDataset(const InputList& list, const Plan& plan,
                                  const DatasetLookOptions& options, const RunOptions& run) {
  const auto small = RowPlan::Create(SmallPlan(plan, ResizeKind::kExact, kSide), run);
  if (!small) return Failed(small);
  const auto thumbnails =
      RowPlan::Create(SmallPlan(plan, ResizeKind::kLongEdge, options.thumbnail_side), run);
  if (!thumbnails) return Failed(thumbnails);
  const ShardRange all{0, list.inputs.size()};
  if (auto loaded = LoadModulesOf(list, all, (*small)->decode); !loaded) return Failed(loaded);
  RunLog log(list, all, run);
  ColourStages stages(log, **small);
  RunOrdered(stages, list.inputs.size(), {.threads = ThreadsOf(run)});
  auto report = log.Finish();
  if (!report) return Failed(report);
  DatasetLook look;
  look.report = std::move(*report);
  if (stages.seen.empty()) return Fail(ErrorCode::kNotFound, "no picture could be read");
  look.mean_image = MeanImage(stages);
  look.groups = Groups(list, stages.seen, **thumbnails, options);
  look.sizes = std::move(stages.sizes);
  return look;
}

}  // namespace imnorm
