// Rows -> the shard that they belong to; whoever writes a shard's last row brings it to the disk,
// while others go on with the next.
#include "sink/sharded_sink.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cassert>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>

#include "io/positioned.h"
#include "io/troubles.h"
#include "io/xxh3.h"
#include "sink/shard_marker.h"
#include "sink/shard_paths.h"

namespace imnorm {
namespace {

struct OpenShard {
  std::unique_ptr<TensorSink> sink;  // none: it is `done`
  WrittenFile done;                  // by an earlier run
  std::atomic<uint64_t> written{0};
};

class ShardedSink : public TensorSink {
 public:
  ShardedSink(const SinkFormat& format, const OutputOptions& output, ElementType dtype,
              const Stop& stop, TensorFacts facts)
      : format_(format),
        output_(output),
        dtype_(dtype),
        stop_(stop),
        facts_(std::move(facts)),
        size_(output.shard_size) {}

  ~ShardedSink() override {
    if (!gone_.empty()) NoteTrouble(gone_);
  }
  ShardedSink(const ShardedSink&) = delete;
  ShardedSink& operator=(const ShardedSink&) = delete;

  // The first shard that is not there, so that a path that cannot be written costs no wait.
  Result<void> OpenFirst() {
    if (output_.resume && !LeftoverOf(output_.journal_path()).empty()) {
      goes_on_ = true;
      while (Stands(ShardPath(output_.path, first_number_))) ++first_number_;
    } else if (auto may = CheckShards(output_); !may) {
      return may;
    }
    auto opened = OpenOne(first_number_);
    if (!opened) return Failed(opened);
    first_ = std::move(*opened);
    any_order_ = first_->any_order();
    return {};
  }

  Result<void> Start(const std::vector<int64_t>& row_shape, uint64_t most_rows) override {
    row_shape_ = row_shape;
    most_rows_ = most_rows;
    row_bytes_ = ElementBytes(dtype_);
    for (const int64_t side : row_shape) row_bytes_ *= uint64_t(side);
    return {};
  }

  Result<void> Follow(const RowBlock& rows) override {
    return EachShard(rows, [&](uint64_t number, const RowBlock& part) -> Result<void> {
      OpenShard* shard = Find(number);
      if (shard == nullptr) {
        if (auto begun = Begin(number, part); !begun) return begun;
        shard = Find(number);
      }
      return shard->sink ? shard->sink->Follow(part) : Result<void>();
    });
  }

  Result<void> Write(const RowBlock& rows) override {
    return EachShard(rows, [&](uint64_t number, const RowBlock& part) -> Result<void> {
      OpenShard& shard = *Find(number);
      if (!shard.sink && !part.stands) return Changed(shard.done.path);
      if (shard.sink) {
        if (auto written = shard.sink->Write(part); !written) return written;
      }
      const uint64_t before = shard.written.fetch_add(part.count);
      return before + part.count == size_ ? Finish(number, size_) : Result<void>();
    });
  }

  bool any_order() const override { return any_order_; }

  Result<void> Seal(uint64_t rows) override {
    const uint64_t last = rows / size_;
    if (rows % size_ != 0) {
      if (auto done = Finish(last, rows % size_); !done) return done;
    }
    if (first_) first_->Keep(false);  // there were fewer rows than shards might have had
    first_.reset();
    if (!output_.overwrite) return {};
    return RemoveShardsFrom(output_.path, (rows + size_ - 1) / size_);
  }

  std::vector<WrittenFile> files() const override {
    std::vector<WrittenFile> files;
    for (const auto& [number, file] : written_) files.push_back(file);
    return files;
  }

  Result<void> Publish(std::vector<DurableFile>& sides) override {
    if (output_.split) {
      if (auto listed = ListFiles(sides); !listed) return listed;
    }
    DurableFile none;
    auto published = PublishTogether(none, sides);
    if (published) gone_.clear();
    return published;
  }

  RowPlace Place(const RowBlock& rows) const override {
    RowPlace place = {rows.first / size_, 0};
    RowBlock part = rows;
    part.first %= size_;
    const OpenShard* shard = Find(place.shard);
    if (shard != nullptr && shard->sink) place.offset = shard->sink->Place(part).offset;
    return place;
  }
  // Of a shard that is under its name as of one that is not yet.
  Result<void> ReadBack(const RowPlace& place, void* data, size_t size) const override {
    const std::string path = ShardPath(output_.path, place.shard);
    const std::string partial = LeftoverOf(path);
    const Descriptor file = OpenToRead(partial.empty() ? path : partial);
    if (!file.is_open()) return Fail(ErrorCode::kIo, path + ": is not there");
    return ReadAllAt(file.get(), place.offset, data, size, path);
  }
  void BeforeSome(std::function<void()> done) override { before_some_ = std::move(done); }
  void Keep(bool keep) override {
    if (first_ && !keep) first_->Keep(false);
    const std::lock_guard lock(mutex_);
    for (const auto& [number, shard] : shards_) {
      if (shard->sink) shard->sink->Keep(keep);
    }
  }

 private:
  Result<std::unique_ptr<TensorSink>> OpenOne(uint64_t number) {
    OutputOptions output = output_;
    output.path = ShardPath(output_.path, number);
    output.overwrite = output.overwrite || goes_on_;
    facts_.first_row = number * size_;
    return format_.open(output, dtype_, stop_, facts_);
  }

  Result<void> Begin(uint64_t number, const RowBlock& first) {
    auto shard = std::make_unique<OpenShard>();
    if (first.stands && IsDone(number, first, shard->done)) {
      const std::lock_guard lock(mutex_);
      shards_.emplace(number, std::move(shard));
      return {};
    }
    if (first_ && number == first_number_) {
      shard->sink = std::move(first_);
    } else {
      auto opened = OpenOne(number);
      if (!opened) return Failed(opened);
      shard->sink = std::move(*opened);
    }
    const uint64_t most = std::min(size_, most_rows_ - number * size_);
    if (auto started = shard->sink->Start(row_shape_, most); !started) return started;
    const std::lock_guard lock(mutex_);
    shards_.emplace(number, std::move(shard));
    return {};
  }

  static bool Stands(const std::string& path) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored);
  }

  // Whether an earlier run brought a shard under its name, whose first row was found unharmed.
  bool IsDone(uint64_t number, const RowBlock& first, WrittenFile& done) const {
    const std::string path = ShardPath(output_.path, number);
    std::error_code error;
    const uint64_t bytes = std::filesystem::file_size(path, error);
    if (error || !IsFinished(path)) return false;
    if (output_.split) {
      Xxh3 hash;
      hash.Update(first.data, row_bytes_);
      done = {path, bytes, hash.Hex(), 1};
      return bytes == row_bytes_;
    }
    const auto marker = ReadMarker(path);
    if (!marker || marker->bytes != bytes || !IsFinished(MarkerPath(path))) return false;
    done = *marker;
    return true;
  }

  static tl::unexpected<Error> Changed(const std::string& path) {
    return Fail(
        ErrorCode::kIo,
        fmt::format("{}: has other rows than were written; remove it to have it made again", path));
  }

  OpenShard* Find(uint64_t number) const {
    const std::lock_guard lock(mutex_);
    const auto found = shards_.find(number);
    return found == shards_.end() ? nullptr : found->second.get();
  }

  // Brings a shard under its name.
  Result<void> Finish(uint64_t number, uint64_t rows) {
    OpenShard& shard = *Find(number);
    if (!shard.sink) {
      if (shard.done.rows != rows) return Changed(shard.done.path);
      const std::lock_guard lock(mutex_);
      written_.emplace(number, std::move(shard.done));
      shards_.erase(number);
      return {};
    }
    if (auto sealed = shard.sink->Seal(rows); !sealed) return sealed;
    WrittenFile file = shard.sink->files().front();
    file.rows = rows;
    if (auto cleared = ForgetOldRun(); !cleared) return cleared;
    std::vector<DurableFile> sides;
    if (!output_.split) {
      if (auto marked = AddMarker(number, file, sides); !marked) return marked;
    }
    // A shard is believed by its first row, so no note of a later one may be lost.
    if (before_some_ && rows > 1) before_some_();
    if (auto published = shard.sink->Publish(sides); !published) {
      // A run has one error, and shards of several threads may have met one each.
      NoteTrouble(published.error().message);
      return published;
    }
    const std::lock_guard lock(mutex_);
    written_.emplace(number, std::move(file));
    shards_.erase(number);
    return {};
  }

  // A manifest never stands beside the shards of another run.
  Result<void> ForgetOldRun() {
    const std::lock_guard lock(mutex_);
    if (forgotten_) return {};
    std::vector<std::string> speak_of_it = {output_.classes_path()};
    if (output_.manifest.empty()) speak_of_it.insert(speak_of_it.begin(), output_.manifest_path());
    std::string gone;
    for (const std::string& path : speak_of_it) {
      // Before the file goes, or there might be no memory for the words.
      std::string with_this = gone.empty() ? path : gone + ", " + path;
      std::string told =
          with_this +
          ": removed for a run that did not end, of which shards may stand beside older ones";
      const auto removed = RemoveOlder(path);
      if (!removed || *removed) {
        gone.swap(with_this);
        gone_.swap(told);
      }
      if (!removed) return Failed(removed);
    }
    forgotten_ = true;
    return {};
  }

  Result<void> AddMarker(uint64_t number, const WrittenFile& file,
                         std::vector<DurableFile>& sides) const {
    return AddText(MarkerPath(file.path), MarkerText(number * size_, file), sides);
  }

  Result<void> ListFiles(std::vector<DurableFile>& sides) const {
    std::string text;
    for (const auto& [number, file] : written_) text += file.path + "\n";
    const auto folder = std::filesystem::path(output_.path).parent_path();
    return AddText((folder / "input_list.txt").native(), text, sides);
  }

  Result<void> AddText(const std::string& path, const std::string& text,
                       std::vector<DurableFile>& sides) const {
    auto file = DurableFile::Create(path, output_.overwrite || goes_on_);
    if (!file) return Failed(file);
    auto done = file->WriteAt(0, text.data(), text.size()).and_then([&] {
      return file->Seal(text.size());
    });
    if (done) sides.push_back(std::move(*file));
    return done;
  }

  // Hands on the part of a block that each shard has, with the shard's own row numbers.
  template <typename Take>
  Result<void> EachShard(const RowBlock& rows, const Take& take) const {
    for (uint64_t done = 0; done < rows.count;) {
      const uint64_t row = rows.first + done;
      const uint64_t first = row % size_;
      const uint64_t count = std::min(rows.count - done, size_ - first);
      const RowBlock part = {first,
                             count,
                             rows.data + done * row_bytes_,
                             rows.infos.empty() ? rows.infos : rows.infos.subspan(done, count),
                             0,
                             rows.stands};
      if (auto taken = take(row / size_, part); !taken) return taken;
      done += count;
    }
    return {};
  }

  const SinkFormat& format_;
  OutputOptions output_;
  const ElementType dtype_;
  const Stop stop_;
  TensorFacts facts_;
  const uint64_t size_;
  std::vector<int64_t> row_shape_;
  uint64_t row_bytes_ = 0;
  uint64_t most_rows_ = 0;
  std::function<void()> before_some_;
  bool any_order_ = false;
  bool goes_on_ = false;  // with what an earlier run of its own left
  uint64_t first_number_ = 0;
  std::unique_ptr<TensorSink> first_;  // until its first row
  mutable std::mutex mutex_;           // of what follows
  std::map<uint64_t, std::unique_ptr<OpenShard>> shards_;
  std::map<uint64_t, WrittenFile> written_;
  bool forgotten_ = false;
  std::string gone_;  // to be told of what spoke of an older run, until this one's stands
};

}  // namespace

Result<std::unique_ptr<TensorSink>> OpenSharded(const SinkFormat& format,
                                                const OutputOptions& output, ElementType dtype,
                                                const Stop& stop, const TensorFacts& facts) {
  auto sink = std::make_unique<ShardedSink>(format, output, dtype, stop, facts);
  if (auto opened = sink->OpenFirst(); !opened) {
    return Failed(opened);
  }
  return sink;
}

}  // namespace imnorm
