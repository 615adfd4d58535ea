// Both jobs over the same pictures again and again: once all were seen, nothing is allocated.
#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "allocations/count.h"
#include "imnorm/run.h"
#include "support/folder.h"

namespace imnorm {
namespace {

// Sizes and samplings in such an order that buffers have to grow and must not shrink.
const std::vector<std::string> kBaseline = {
    "coast/cliffs.jpg", "garden/orchard.jpg",    "coast/lighthouse.jpg", "city/skyline_night.jpg",
    "garden/fruit.jpg", "city/rainy_window.jpg", "coast/sunset_bay.jpg", "garden/flower_bed.jpg"};
const std::vector<std::string> kGrey = {"coast/pier_grey.jpg"};
const std::vector<std::string> kRotated = {"city/avenue_rotated.jpg"};
const std::vector<std::string> kProgressive = {"city/brick_wall.jpg", "coast/misty_islands.jpg",
                                               "garden/meadow.jpg"};
const std::vector<std::string> kCmyk = {"city/skyline_dusk_cmyk.jpg"};
const std::vector<std::string> kPng = {"coast/moonlight.png", "city/badge.png", "city/poster.png",
                                       "garden/marbles_16bit.png"};

constexpr size_t kRounds = 5;
// Progress is told before a picture is added to the totals, and buffers go round between a worker
// and a slot: only then is the first round over.
constexpr size_t kWarmUp = 2;

InputList Rounds(const std::vector<std::string>& names) {
  InputList list;
  for (size_t round = 0; round < kRounds; ++round) {
    for (const std::string& name : names) {
      Input input;
      input.path = IMNORM_SOURCE_DIR "/sample_images/" + name;
      input.named = true;
      list.inputs.push_back(input);
    }
  }
  return list;
}

// Notes what was allocated at the end of every round.
class Watch {
 public:
  Watch(size_t pictures, RunOptions& options) : pictures_(pictures) {
    at_end_.reserve(kRounds);
    options.progress = [this](uint64_t finished, uint64_t failed, uint64_t) {
      failed_ = failed;
      if (finished % pictures_ == 0) at_end_.push_back(CountAllocations());
    };
  }

  // Of all rounds but those that warm up.
  AllocationCount Later() const {
    REQUIRE(failed_ == 0);
    REQUIRE(at_end_.size() == kRounds);
    const AllocationCount& first = at_end_[kWarmUp - 1];
    const AllocationCount& last = at_end_.back();
    return {last.all - first.all, last.ours - first.ours};
  }

 private:
  size_t pictures_;
  uint64_t failed_ = 0;
  std::vector<AllocationCount> at_end_;
};

struct Job {
  const char* name;
  const char* preset;  // null: statistics of native pixels
  bool histogram = false;
  bool per_class = false;
  bool upright = false;
};
const Job kJobs[] = {
    {"stats", nullptr},
    {"stats with histograms", nullptr, true},
    {"stats by class", nullptr, true, true},
    {"stats, turned upright", nullptr, false, false, true},
    {"normalize", "imagenet"},
    {"normalize, bicubic", "clip"},
};

AllocationCount LaterRounds(const Job& job, const std::vector<std::string>& names, JpegDecoder jpeg,
                            PngDecoder png = PngDecoder::kAuto) {
  const Source source = {Rounds(names), {}};
  RunOptions options;
  options.threads = 1;
  options.jpeg = jpeg;
  options.png = png;
  Watch watch(names.size(), options);
  Plan plan = PresetPlan(job.preset != nullptr ? job.preset : "none").value();
  if (job.upright) plan.exif = ExifPolicy::kApply;
  if (job.preset == nullptr) {
    StatsOptions stats;
    stats.numbers.histogram = job.histogram;
    stats.numbers.per_class = job.per_class;
    REQUIRE(Measure(source, plan, stats, options));
  } else {
    const Folder folder;
    OutputOptions output;
    output.path = folder / "out.npy";
    REQUIRE(Normalize(source, plan, output, options));
  }
  return watch.Later();
}

}  // namespace

TEST_CASE("the counter sees what is allocated", "[allocations]") {
  const AllocationCount before = CountAllocations();
  auto one = std::make_unique<std::vector<int>>(100);
  void* volatile raw = std::malloc(10);  // else it may be left out
  const AllocationCount after = CountAllocations();
  std::free(raw);
  CHECK(one->size() == 100);
  CHECK(after.ours - before.ours == 2);
  CHECK(after.all - before.all == 3);
}

TEST_CASE("our JPEG decoder and all behind it allocate nothing once the largest picture was seen",
          "[allocations]") {
  for (const auto* names : {&kBaseline, &kGrey, &kRotated, &kProgressive}) {
    for (const Job& job : kJobs) {
      CAPTURE(names->front(), job.name);
      CHECK(LaterRounds(job, *names, JpegDecoder::kAuto).all == 0);
    }
  }
}

TEST_CASE(
    "around libjpeg-turbo, which takes memory for every picture, nothing of ours is allocated",
    "[allocations]") {
  for (const auto* names : {&kBaseline, &kGrey, &kRotated, &kProgressive, &kCmyk}) {
    for (const Job& job : kJobs) {
      CAPTURE(names->front(), job.name);
      // What our decoder leaves to libjpeg-turbo takes the other way there.
      const bool falls_back = names == &kCmyk;
      const AllocationCount later =
          LaterRounds(job, *names, falls_back ? JpegDecoder::kAuto : JpegDecoder::kTurbo);
      CHECK(later.ours == 0);
      CHECK(later.all > 0);
    }
  }
}

TEST_CASE("our PNG decoder and all behind it allocate nothing once the largest picture was seen",
          "[allocations]") {
  for (const Job& job : kJobs) {
    CAPTURE(job.name);
    CHECK(LaterRounds(job, kPng, JpegDecoder::kAuto).all == 0);
  }
}

TEST_CASE("around libspng, which takes memory for every picture, nothing of ours is allocated",
          "[allocations]") {
  for (const Job& job : kJobs) {
    CAPTURE(job.name);
    const AllocationCount later = LaterRounds(job, kPng, JpegDecoder::kAuto, PngDecoder::kSpng);
    CHECK(later.ours == 0);
    CHECK(later.all > 0);
  }
}

}  // namespace imnorm
