// One runner makes rows and one adds up sums, whatever the items are.
#include <atomic>
#include <catch2/catch.hpp>
#include <cstdio>
#include <functional>
#include <thread>
#include <vector>

#include "pipeline/measure_stages.h"
#include "pipeline/normalize_stages.h"
#include "pipeline/run_log.h"
#include "pipeline/tensor_items.h"

namespace imnorm {
namespace {

ItemOutcome Good() {
  ItemOutcome outcome;
  outcome.decoded = DecodeReport();
  outcome.width = outcome.height = 1;
  return outcome;
}

ItemOutcome Bad() {
  ItemOutcome outcome;
  outcome.decoded = Fail(ErrorCode::kCorrupt, "damaged");
  return outcome;
}

// A list of so many pictures that are nowhere.
InputList ListOf(size_t count) {
  InputList list;
  for (size_t i = 0; i < count; ++i) {
    Input input;
    input.path = "in/p" + std::to_string(i);
    input.named = true;
    list.inputs.push_back(std::move(input));
  }
  return list;
}

// Rows of one byte, the number of their item, as a function makes them.
class MadeUp : public RowSource {
 public:
  using Says = std::function<void(size_t, MadeRow&)>;
  explicit MadeUp(Says says = {}) : says_(std::move(says)) {}

  std::unique_ptr<Worker> MakeWorker() const override {
    struct Maker : Worker {
      explicit Maker(const Says& s) : says(s) {}
      void Make(size_t item, MadeRow& row) override {
        row.outcome = Good();
        row.shape = {1};
        row.bytes = {uint8_t(item)};
        row.met.saturated = 1;
        if (says) says(item, row);
      }
      const Says& says;
    };
    return std::make_unique<Maker>(says_);
  }

 private:
  Says says_;
};

// Keeps what it is handed, and can refuse a row.
class Kept : public RowWriter {
 public:
  Result<void> Start(const std::vector<int64_t>& row_shape, uint64_t most_rows) override {
    shape = row_shape;
    most = most_rows;
    return {};
  }
  Result<void> Follow(const RowBlock& rows) override {
    followed.push_back(*rows.data);
    if (!rows.infos.empty()) keys.emplace_back(rows.infos[0].key);
    return {};
  }
  Result<void> Write(const RowBlock& rows) override {
    if (rows.first == refused) return Fail(ErrorCode::kIo, "the disk is full");
    written.push_back(*rows.data);
    return {};
  }
  bool any_order() const override { return false; }

  std::vector<int64_t> shape;
  uint64_t most = 0;
  uint64_t refused = UINT64_MAX;
  std::vector<uint8_t> followed, written;
  std::vector<std::string> keys;
};

// One float a tensor's sample; samples are named by what they hold.
TensorFile FileOf(const std::string& path, int64_t samples) {
  std::string npy = NpyHeader("<f4", {samples, 1});
  npy.append(size_t(samples) * 4, '\0');
  FILE* file = std::fopen(path.c_str(), "wb");
  std::fwrite(npy.data(), 1, npy.size(), file);
  std::fclose(file);
  return TensorFile::Open(path).value();
}

}  // namespace

TEST_CASE("rows follow the items, bad ones take none, on any number of threads", "[pipeline]") {
  const InputList list = ListOf(50);
  const MadeUp source([](size_t item, MadeRow& row) {
    if (item % 5 == 0) row.outcome = Bad();
    if (item == 7) row.outcome.passed_over = true;
  });
  for (const int threads : {1, 3}) {
    RunOptions options;
    options.threads = threads;
    RunLog log(list, {10, 40}, options);
    Kept kept;
    WrittenPrefix prefix;
    const auto report = RunRows(log, source, options, kept, &prefix);
    REQUIRE(report);
    CHECK(report->rows == 23);
    CHECK(report->done == 23);
    CHECK(report->passed_over == 1);
    CHECK(report->shape == std::vector<int64_t>{23, 1});
    CHECK(report->values.saturated == 23);
    CHECK(report->failures.size() == 6);
    CHECK(report->failures[1].index == 15);
    CHECK(report->failures[1].path == "in/p15");
    CHECK(prefix == WrittenPrefix{30, 23});
    CHECK(kept.most == 29);  // from the first good one on
    CHECK(kept.written == kept.followed);
    CHECK(kept.written.front() == 1);
    CHECK(kept.written.back() == 29);
    CHECK(kept.keys.front() == "in/p11");
  }
}

TEST_CASE("two shapes end a run, and say which pictures have them", "[pipeline]") {
  const InputList list = ListOf(9);
  const MadeUp source([](size_t item, MadeRow& row) {
    if (item == 0) row.outcome = Bad();
    if (item == 6) row.shape = {2};
  });
  for (const int threads : {1, 3}) {
    RunOptions options;
    options.threads = threads;
    RunLog log(list, {0, 9}, options);
    Kept kept;
    WrittenPrefix prefix;
    const auto report = RunRows(log, source, options, kept, &prefix);
    REQUIRE(!report);
    CHECK(report.error().code == ErrorCode::kBadArgument);
    CHECK(report.error().setting == "resize");
    CHECK_THAT(report.error().message, Catch::StartsWith("in/p6: would be 2 where in/p1 is 1"));
    CHECK(prefix.rows == 5);
    CHECK(kept.written == std::vector<uint8_t>{1, 2, 3, 4, 5});
  }
}

TEST_CASE("a row that cannot be written ends the run behind the prefix that was", "[pipeline]") {
  const InputList list = ListOf(40);
  for (const int threads : {1, 3}) {
    RunOptions options;
    options.threads = threads;
    RunLog log(list, {0, 40}, options);
    Kept kept;
    kept.refused = 4;
    WrittenPrefix prefix;
    const auto report = RunRows(log, MadeUp(), options, kept, &prefix);
    REQUIRE(!report);
    CHECK(report.error().message == "the disk is full");
    CHECK(prefix == WrittenPrefix{4, 4});
  }
}

TEST_CASE("a stop is nobody's failure, and the prefix says how far it came", "[pipeline]") {
  const InputList list = ListOf(40);
  std::atomic<bool> stopped{false};
  const MadeUp source([&](size_t item, MadeRow& row) {
    if (item != 3) return;
    stopped = true;
    row.outcome.decoded = Fail(ErrorCode::kCancelled, "stopped");
  });
  RunOptions options;
  options.threads = 1;
  options.strict = true;
  options.stop = [&] { return stopped.load(); };
  RunLog log(list, {0, 40}, options);
  Kept kept;
  WrittenPrefix prefix;
  const auto report = RunRows(log, source, options, kept, &prefix);
  REQUIRE(!report);
  CHECK(report.error().code == ErrorCode::kCancelled);
  CHECK(report.error().setting.empty());
  CHECK(prefix.rows == 3);
}

TEST_CASE("a decoder that stops where nobody asked it to ends no run as if it were done",
          "[pipeline]") {
  const InputList list = ListOf(40);
  const MadeUp source([&](size_t item, MadeRow& row) {
    if (item == 3) row.outcome.decoded = Fail(ErrorCode::kCancelled, "stopped");
  });
  for (const int threads : {1, 3}) {
    RunOptions options;
    options.threads = threads;
    RunLog log(list, {0, 40}, options);
    Kept kept;
    WrittenPrefix prefix;
    const auto report = RunRows(log, source, options, kept, &prefix);
    REQUIRE(!report);
    CHECK(report.error().code == ErrorCode::kIo);
    CHECK_THAT(report.error().message, Catch::Contains("p3: its decoder stopped"));
  }
}

TEST_CASE("pictures that were done behind one that a stop has cut short get no rows",
          "[pipeline]") {
  const InputList list = ListOf(40);
  std::atomic<bool> stopped{false};
  std::atomic<int> behind{0};
  const MadeUp source([&](size_t item, MadeRow& row) {
    if (item > 3) ++behind;
    if (item != 3) return;
    while (behind < 2) std::this_thread::yield();
    stopped = true;
    row.outcome.decoded = Fail(ErrorCode::kCancelled, "stopped");
  });
  RunOptions options;
  options.threads = 3;
  options.stop = [&] { return stopped.load(); };
  RunLog log(list, {0, 40}, options);
  Kept kept;
  REQUIRE(!RunRows(log, source, options, kept));
  CHECK(behind >= 2);
  CHECK(kept.followed == std::vector<uint8_t>{0, 1, 2});
}

TEST_CASE("strict ends a run with the first bad picture", "[pipeline]") {
  const InputList list = ListOf(5);
  const MadeUp source([](size_t item, MadeRow& row) {
    if (item > 1) row.outcome = Bad();
  });
  RunOptions options;
  options.threads = 1;
  options.strict = true;
  options.on_failure = [](const Failure&) { FAIL("the run's error says it"); };
  RunLog log(list, {0, 5}, options);
  Kept kept;
  const auto report = RunRows(log, source, options, kept);
  REQUIRE(!report);
  CHECK(report.error().setting == "conduct.strict");
  CHECK_THAT(report.error().message, Catch::StartsWith("in/p2: corrupt: damaged"));
}

TEST_CASE("a bad sample ends a tensor's run by the tensor's name", "[pipeline]") {
  const std::string path = IMNORM_BINARY_DIR "/runs_test.npy";
  const TensorFile file = FileOf(path, 6);
  const TensorSource source{path, "", ""};
  RunOptions options;
  options.threads = 1;
  uint64_t told = 0;
  options.progress = [&](uint64_t finished, uint64_t, uint64_t total) {
    told = finished;
    CHECK(total == 4);
  };
  SECTION("good ones are counted") {
    TensorItems items(source, file, 6, {2, 6}, options);
    Kept kept;
    const auto report = RunRows(items, MadeUp(), options, kept);
    REQUIRE(report);
    CHECK(report->rows == 4);
    CHECK(report->list_size == 6);
    CHECK(report->inputs == 4);
    CHECK(report->input_shape == std::vector<int64_t>{6, 1});
    CHECK(told == 4);
    CHECK(items.index(1) == 3);
    CHECK(kept.keys.empty());
  }
  SECTION("a bad one ends it") {
    const MadeUp cut([](size_t item, MadeRow& row) {
      if (item == 1) row.outcome = Bad();
    });
    TensorItems items(source, file, 6, {2, 6}, options);
    Kept kept;
    const auto report = RunRows(items, cut, options, kept);
    REQUIRE(!report);
    CHECK(report.error().message == path + ": damaged");
    CHECK(kept.written == std::vector<uint8_t>{0});
  }
  std::remove(path.c_str());
}

namespace {

// One grey pixel an item, of the value of its number, as a function makes it.
class OnePixel : public SumsSource {
 public:
  std::unique_ptr<Worker> MakeWorker() const override {
    struct Adder : Worker {
      void Make(size_t item, MadeSums& sums) override {
        sums.outcome = item == 2 ? Bad() : Good();
        sums.outcome.decoded.map([](DecodeReport& report) { report.Say(NoteKind::kNodata); });
        PictureSums& one = sums.integers;
        one = PictureSums{1, 1, 1, 256, 1, {item}, {item * item}, {}, {}, {}, {}};
        one.min = one.max = {uint32_t(item)};
      }
    };
    return std::make_unique<Adder>();
  }
};

Measured OfGrey(ShardSet shards = {}) {
  StatsSettings settings;
  settings.channels = 1;
  settings.channel_order = "gray";
  return {Totals(settings, std::move(shards))};
}

}  // namespace

TEST_CASE("sums are added in order, failures by their place in the whole list", "[pipeline]") {
  const InputList list = ListOf(6);
  for (const int threads : {1, 3}) {
    RunOptions options;
    options.threads = threads;
    RunLog log(list, {1, 5}, options, {50, 40, 30, 20, 10, 0});  // a random order of a larger list
    Measured measured = OfGrey();
    std::vector<DurableFile> sides;
    const auto result = RunSums(log, OnePixel(), {}, options, measured, sides);
    CHECK(sides.empty());
    REQUIRE(result);
    CHECK(result->report.done == 3);
    CHECK(result->totals.images() == 3);
    CHECK(ValuesOf(result->totals)->mean[0] == Approx((0 + 1 + 3) / 3.0 / 255));
    REQUIRE(result->totals.failed().size() == 1);
    CHECK(result->totals.failed()[0] == StatsFailure{20, "in/p3", "corrupt: damaged"});
    CHECK(result->totals.notes().of[size_t(NoteKind::kNodata)] == 3);
  }
}

TEST_CASE("lines a picture are kept where there is one, or a shard's failures", "[pipeline]") {
  const std::string path = IMNORM_BINARY_DIR "/runs_test.csv";
  std::remove(path.c_str());
  const InputList list = ListOf(6);
  StatsOptions stats;
  stats.per_image = path;
  stats.overwrite = true;
  RunOptions options;
  options.threads = 1;
  const auto lines = [&](ShardRange range, const ShardSet& shards) -> int64_t {
    RunLog log(list, range, options);
    Measured measured = OfGrey(shards);
    std::vector<DurableFile> sides;
    REQUIRE(RunSums(log, OnePixel(), stats, options, measured, sides));
    for (DurableFile& side : sides) REQUIRE(side.Publish());
    std::vector<uint8_t> bytes;
    if (!ReadFile(path, 1 << 20, false, bytes)) return -1;
    return std::count(bytes.begin(), bytes.end(), '\n');
  };
  CHECK(lines({0, 0}, {}) == -1);
  CHECK(lines({0, 0}, {3, {2}}) == 1);
  CHECK(lines({0, 4}, {}) == 4);
  std::remove(path.c_str());
}

}  // namespace imnorm
