// Rows -> the shard that they belong to; whoever writes a shard's last row brings it to the disk,
// while others go on with the next.
#include "sink/sharded_sink.h"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <filesystem>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>

#include "json/json_value.h"
#include "sink/shard_paths.h"

namespace imnorm {
namespace {

struct OpenShard {
  std::unique_ptr<TensorSink> sink;
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

  // The first shard, so that a path that cannot be written costs no wait.
  Result<void> OpenFirst() {
    if (auto may = CheckShards(output_); !may) return may;
    auto opened = OpenOne(0);
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
        if (auto begun = Begin(number); !begun) return begun;
        shard = Find(number);
      }
      return shard->sink->Follow(part);
    });
  }

  Result<void> Write(const RowBlock& rows) override {
    return EachShard(rows, [&](uint64_t number, const RowBlock& part) -> Result<void> {
      OpenShard& shard = *Find(number);
      if (auto written = shard.sink->Write(part); !written) return written;
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
    if (output_.overwrite) RemoveShardsFrom(output_.path, (rows + size_ - 1) / size_);
    return {};
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
    return PublishTogether(none, sides);
  }

 private:
  Result<std::unique_ptr<TensorSink>> OpenOne(uint64_t number) {
    OutputOptions output = output_;
    output.path = ShardPath(output_.path, number);
    facts_.first_row = number * size_;
    return format_.open(output, dtype_, stop_, facts_);
  }

  Result<void> Begin(uint64_t number) {
    auto shard = std::make_unique<OpenShard>();
    if (number == 0) {
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

  OpenShard* Find(uint64_t number) {
    const std::lock_guard lock(mutex_);
    const auto found = shards_.find(number);
    return found == shards_.end() ? nullptr : found->second.get();
  }

  // Brings a shard under its name.
  Result<void> Finish(uint64_t number, uint64_t rows) {
    OpenShard& shard = *Find(number);
    if (auto sealed = shard.sink->Seal(rows); !sealed) return sealed;
    WrittenFile file = shard.sink->files().front();
    file.rows = rows;
    if (auto cleared = ForgetOldRun(); !cleared) return cleared;
    std::vector<DurableFile> sides;
    if (!output_.split) {
      if (auto marked = AddMarker(number, file, sides); !marked) return marked;
    }
    if (auto published = shard.sink->Publish(sides); !published) return published;
    const std::lock_guard lock(mutex_);
    written_.emplace(number, std::move(file));
    shards_.erase(number);
    return {};
  }

  // A manifest never stands beside the shards of another run.
  Result<void> ForgetOldRun() {
    const std::lock_guard lock(mutex_);
    if (forgotten_) return {};
    forgotten_ = true;
    std::error_code ignored;
    if (output_.manifest.empty()) std::filesystem::remove(output_.manifest_path(), ignored);
    std::filesystem::remove(output_.classes_path(), ignored);
    return {};
  }

  Result<void> AddMarker(uint64_t number, const WrittenFile& file,
                         std::vector<DurableFile>& sides) const {
    nlohmann::ordered_json marker;
    marker["first_row"] = number * size_;
    marker["rows"] = file.rows;
    marker["bytes"] = file.bytes;
    marker["hash"] = "xxh3-128:" + file.hash;
    return AddText(MarkerPath(file.path), JsonText(marker) + "\n", sides);
  }

  Result<void> ListFiles(std::vector<DurableFile>& sides) const {
    std::string text;
    for (const auto& [number, file] : written_) text += file.path + "\n";
    const auto folder = std::filesystem::path(output_.path).parent_path();
    return AddText((folder / "input_list.txt").native(), text, sides);
  }

  Result<void> AddText(const std::string& path, const std::string& text,
                       std::vector<DurableFile>& sides) const {
    auto file = DurableFile::Create(path, output_.overwrite);
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
      const RowBlock part = {first, count, rows.data + done * row_bytes_,
                             rows.infos.empty() ? rows.infos : rows.infos.subspan(done, count)};
      if (auto taken = take(row / size_, part); !taken) return taken;
      done += count;
    }
    return {};
  }

  const SinkFormat& format_;
  const OutputOptions output_;
  const ElementType dtype_;
  const Stop stop_;
  TensorFacts facts_;
  const uint64_t size_;
  std::vector<int64_t> row_shape_;
  uint64_t row_bytes_ = 0;
  uint64_t most_rows_ = 0;
  bool any_order_ = false;
  std::unique_ptr<TensorSink> first_;  // until its first row
  mutable std::mutex mutex_;           // of what follows
  std::map<uint64_t, std::unique_ptr<OpenShard>> shards_;
  std::map<uint64_t, WrittenFile> written_;
  bool forgotten_ = false;
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
