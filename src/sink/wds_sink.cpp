// Samples one after the other, in a file or down a pipe: their JSON is as long as their paths are,
// so that none has a place before all that come before it.
#include "sink/wds_sink.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <nlohmann/json.hpp>

#include "io/standard_output.h"
#include "io/xxh3.h"
#include "json/json_value.h"
#include "sink/sample_name.h"
#include "sink/tar_records.h"
#include "tensor/safetensors_write.h"

namespace imnorm {
namespace {

constexpr uint64_t kMembersBytes = 8 * kTarBlock;  // of a sample beside its elements, about

void PutMember(std::string_view name, std::string_view content, std::string& out) {
  out += TarHeader(name, content.size());
  out += content;
  out.append(TarPadding(content.size()), '\0');
}

// What stands in front of the elements in the member that holds them.
std::string ArrayHeader(ElementType type, const std::vector<int64_t>& shape, uint64_t bytes) {
  if (const std::string descr = NpyDescr(type); !descr.empty()) return NpyHeader(descr, shape);
  return SafetensorsHeader({{"image", type, shape, bytes}});
}

class WdsSink : public TensorSink {
 public:
  WdsSink(DurableFile file, bool to_stdout, ElementType dtype, const Stop& stop, TensorFacts facts)
      : file_(std::move(file)),
        to_stdout_(to_stdout),
        type_(dtype),
        stop_(stop),
        facts_(std::move(facts)) {}

  Result<void> Start(const std::vector<int64_t>& row_shape, uint64_t most_rows) override {
    row_bytes_ = ElementBytes(type_);
    for (const int64_t side : row_shape) row_bytes_ *= uint64_t(side);
    header_ = ArrayHeader(type_, row_shape, row_bytes_);
    return to_stdout_ ? Result<void>() : file_.Reserve(most_rows * (row_bytes_ + kMembersBytes));
  }
  // Where each sample will stand: its length follows from what is told of it.
  Result<void> Follow(const RowBlock& rows) override {
    for (uint64_t i = 0; i < rows.count; ++i) {
      front_.clear();
      PutFront(rows.info(rows.first + i), followed_++, front_);
      place_ = followed_bytes_ + front_.size();
      followed_bytes_ = place_ + row_bytes_ + TarPadding(header_.size() + row_bytes_);
    }
    return {};
  }
  Result<void> Write(const RowBlock& rows) override {
    for (uint64_t i = 0; i < rows.count; ++i) {
      assert(rows.first + i == rows_);
      const RowInfo info = rows.info(rows.first + i);
      buffer_.clear();
      PutSample(info, {reinterpret_cast<const char*>(rows.data + i * row_bytes_), row_bytes_});
      if (auto put = Put(buffer_); !put) return put;
      ++rows_;
    }
    return {};
  }
  bool any_order() const override { return false; }

  Result<void> Seal(uint64_t rows) override {
    assert(rows == rows_);
    static_cast<void>(rows);
    if (auto put = Put(std::string(kTarEnd, '\0')); !put) return put;
    return to_stdout_ ? Result<void>() : file_.Seal(bytes_);
  }
  std::vector<WrittenFile> files() const override {
    return {{to_stdout_ ? "" : file_.path(), bytes_, hash_.Hex()}};
  }
  Result<void> Publish(std::vector<DurableFile>& sides) override {
    return PublishTogether(file_, sides);
  }
  RowPlace Place(const RowBlock&) const override { return {0, place_}; }
  Result<void> ReadBack(const RowPlace& place, void* data, size_t size) const override {
    return file_.ReadAt(place.offset, data, size);
  }
  void Keep(bool keep) override { file_.Keep(keep); }

 private:
  // The name of a sample: a picture's own or, where another input of the list would have the same,
  // its own and the input's number; a row's number where the rows are no pictures.
  std::string NameOf(const RowInfo& info, uint64_t row) const {
    if (info.key.empty()) return fmt::format("{:09}", facts_.first_row + row);
    std::string name = SampleName(info.key);
    if (std::ranges::binary_search(facts_.shared_names, Xxh3Of(name))) {
      name += fmt::format("-{}", info.index);
    }
    return name;
  }

  std::string JsonOf(const RowInfo& info, uint64_t row) const {
    nlohmann::ordered_json json;
    if (info.key.empty()) {
      json["row"] = facts_.first_row + row;
    } else {
      AddPath(info.key, json);
      json["index"] = info.index;
      if (info.label >= 0) {
        json["label"] = facts_.classes[size_t(info.label)];
        json["class"] = info.label;
      }
      if (info.width > 0) json["width"] = info.width;
      if (info.height > 0) json["height"] = info.height;
    }
    return JsonText(json);
  }

  // All of its members in front of the elements, in the order of their names as sorted tars have
  // them.
  void PutFront(const RowInfo& info, uint64_t row, std::string& out) const {
    const std::string name = NameOf(info, row);
    if (info.label >= 0) PutMember(name + ".cls", fmt::format("{}", info.label), out);
    PutMember(name + ".json", JsonOf(info, row), out);
    const char* extension = NpyDescr(type_).empty() ? ".safetensors" : ".npy";
    out += TarHeader(name + extension, header_.size() + row_bytes_);
    out += header_;
  }

  void PutSample(const RowInfo& info, std::string_view elements) {
    PutFront(info, rows_, buffer_);
    buffer_ += elements;
    buffer_.append(TarPadding(header_.size() + elements.size()), '\0');
  }

  Result<void> Put(std::string_view bytes) {
    hash_.Update(bytes.data(), bytes.size());
    const uint64_t at = bytes_;
    bytes_ += bytes.size();
    return to_stdout_ ? WriteStdout(bytes, stop_) : file_.WriteAt(at, bytes.data(), bytes.size());
  }

  DurableFile file_;
  bool to_stdout_;
  ElementType type_;
  Stop stop_;
  TensorFacts facts_;
  uint64_t row_bytes_ = 0;
  std::string header_;  // of each array
  std::string buffer_;  // of the sample that is written
  uint64_t rows_ = 0;
  uint64_t bytes_ = 0;
  std::string front_;  // of the sample that is followed
  uint64_t followed_ = 0;
  uint64_t followed_bytes_ = 0;
  uint64_t place_ = 0;  // of the elements of the row that was followed last
  Xxh3 hash_;
};

Result<std::unique_ptr<TensorSink>> Open(const OutputOptions& output, ElementType dtype,
                                         const Stop& stop, const TensorFacts& facts) {
  DurableFile file;
  if (!output.to_stdout()) {
    auto created = DurableFile::Create(output.path, output.overwrite, output.resume);
    if (!created) return Failed(created);
    file = std::move(*created);
  }
  return std::make_unique<WdsSink>(std::move(file), output.to_stdout(), dtype, stop, facts);
}

bool Takes(ElementType) { return true; }

constexpr std::string_view kExtensions[] = {".tar"};

}  // namespace

const SinkFormat kWdsFormat = {"wds", kExtensions, Takes, /*streams=*/true, /*packs=*/false, Open};

}  // namespace imnorm
