// Describes tensors one at a time, in bounded memory.
#include "cli/inspect_tensors.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "imnorm/plan.h"
#include "imnorm/tensor_summary.h"
#include "io/path_ending.h"
#include "json/json_value.h"
#include "pipeline/manifest_head.h"
#include "source/visit_members.h"
#include "tensor/stored_order.h"
#include "tensor/tensor_layout.h"
#include "tensor/tensor_open.h"

namespace imnorm::cli {
namespace {

using Json = nlohmann::ordered_json;

Json SummaryJson(const std::string& name, const ValueSummary& summary) {
  Json json;
  json["channel"] = name;
  const auto number = [](const std::optional<double>& value) {
    return value ? Json(*value) : Json();
  };
  json["mean"] = number(summary.mean);
  json["std"] = number(summary.std);
  json["min"] = number(summary.min);
  json["max"] = number(summary.max);
  json["values"] = summary.values;
  json["nan"] = summary.nan;
  json["infinite"] = summary.positive_infinity + summary.negative_infinity;
  return json;
}

Json TensorJson(const std::string& name, const std::string& dtype,
                const std::vector<int64_t>& shape, const std::string& layout) {
  Json json;
  if (!name.empty()) json["name"] = name;
  json["dtype"] = dtype.empty() ? Json() : Json(dtype);
  json["shape"] = shape;
  if (!layout.empty()) json["layout"] = layout;
  return json;
}

void AddChannels(const std::vector<ValueSummary>& channels, bool are_channels, Json& json) {
  for (size_t c = 0; c < channels.size(); ++c) {
    json["channels"].push_back(
        SummaryJson(are_channels ? std::to_string(c) : std::string("all"), channels[c]));
  }
}

Result<Json> DescribeTensor(const TensorEntry& entry, std::optional<Layout> layout,
                            const Stop& stop) {
  const ChannelAxis axis = ChannelAxisOf(entry.shape, layout);
  Json json = TensorJson(entry.name, entry.dtype, entry.shape, axis.layout);
  if (!entry.values) {
    json["not_read"] = entry.reason;
    return json;
  }
  const auto summary = SummarizeTensor(*entry.values, axis, stop);
  if (!summary) return Failed(summary);
  AddChannels(*summary, axis.axis.has_value(), json);
  return json;
}

uint64_t BytesOf(const std::string& path) {
  std::error_code ignored;
  return uint64_t(std::filesystem::file_size(path, ignored));
}

// The plan that a file's manifest, or its own metadata, says it was made by. A manifest that tells
// of another size is one of another file.
Json PlanOf(const std::string& path, Json& out) {
  if (const auto metadata = ReadTensorMetadata(path); metadata && metadata->contains("plan")) {
    const auto plan = PlanFromJson(metadata->at("plan"));
    if (plan) return Json::parse(PlanToJson(*plan));
  }
  const std::string manifest = path + ".manifest.json";
  const auto head = ReadManifestHead(manifest);
  if (!head && head.error().code != ErrorCode::kNotFound) {
    out["manifest_unread"] = head.error().message;
  }
  if (!head || !head->contains("plan")) return Json();
  const auto output = head->find("output");
  const bool same = output != head->end() && output->is_object() &&
                    output->value("bytes", Json()) == BytesOf(path);
  if (!same) {
    out["manifest_of_another_file"] = manifest;
    return Json();
  }
  out["manifest"] = manifest;
  return (*head)["plan"];
}

std::optional<Layout> LayoutOf(const Json& plan) {
  if (!plan.is_object()) return std::nullopt;
  const auto read = PlanFromJson(JsonText(plan));
  return read ? std::optional(read->layout) : std::nullopt;
}

std::string_view KindOf(const std::string& path) {
  const auto opened = OpenTensors(path);
  if (!opened) return "";
  return opened->format == TensorFormat::kNpz           ? "npz"
         : opened->format == TensorFormat::kSafetensors ? "safetensors"
                                                        : "npy";
}

tl::unexpected<Error> NoArrays() {
  return Fail(ErrorCode::kUnsupported,
              "an archive without arrays (.npy, .safetensors): imnorm stats and normalize read its "
              "pictures");
}

// An array in a member of a tar.
struct Array {
  TensorLayout layout;
  std::span<const uint8_t> elements;
};

Result<Array> ArrayIn(std::string_view name, std::span<const uint8_t> bytes) {
  if (HasEnding(name, ".npy")) {
    auto layout = ParseNpyHeader(bytes);
    if (!layout) return Failed(layout);
    if (bytes.size() - layout->offset != layout->bytes) {
      return Fail(ErrorCode::kCorrupt, "its shape does not fit its size");
    }
    const auto elements = bytes.subspan(size_t(layout->offset));
    return Array{std::move(*layout), elements};
  }
  constexpr size_t kLengthBytes = 8;
  uint64_t length = 0;
  for (size_t i = 0; i < std::min(kLengthBytes, bytes.size()); ++i) {
    length |= uint64_t(bytes[i]) << (8 * i);
  }
  if (bytes.size() < kLengthBytes || length > bytes.size() - kLengthBytes) {
    return Fail(ErrorCode::kCorrupt, "it is truncated");
  }
  const auto data = bytes.subspan(kLengthBytes + size_t(length));
  const auto entries = ParseSafetensorsHeader(
      {reinterpret_cast<const char*>(bytes.data()) + kLengthBytes, size_t(length)}, data.size());
  if (!entries) return Failed(entries);
  if (entries->size() != 1 || !entries->front().readable) {
    return Fail(ErrorCode::kUnsupported, "it holds more than one array, or one of another type");
  }
  const TensorLayout& layout = entries->front().layout;
  return Array{layout, data.subspan(size_t(layout.offset), size_t(layout.bytes))};
}

// Samples of one type and shape, as a tensor with one axis more.
struct SampleGroup {
  TensorSummarizer summarizer;
  ChannelAxis axis;  // of a sample
  uint64_t samples = 0;
};

class Samples {
 public:
  Result<void> Add(std::string_view name, std::span<const uint8_t> bytes) {
    auto array = ArrayIn(name, bytes);
    if (!array) return Failed(array);
    if (array->layout.fortran_order) {
      return Fail(ErrorCode::kUnsupported, "its array is in Fortran order");
    }
    const auto key = std::pair(array->layout.type, array->layout.shape);
    auto group = groups_.find(key);
    if (group == groups_.end()) {
      const ChannelAxis axis = ChannelAxisOf(key.second);
      group =
          groups_.emplace(key, SampleGroup{TensorSummarizer(key.first, key.second, axis), axis, 0})
              .first;
    }
    const size_t size = ElementBytes(key.first);
    const uint8_t* elements = array->elements.data();
    if (array->layout.big_endian) {
      swapped_.assign(array->elements.begin(), array->elements.end());
      SwapElements(swapped_.data(), swapped_.size() / size, size);
      elements = swapped_.data();
    }
    group->second.summarizer.Add(elements, 0, int64_t(array->elements.size() / size));
    ++group->second.samples;
    return {};
  }

  bool empty() const { return groups_.empty(); }

  void Describe(Json& out) const {
    for (const auto& [key, group] : groups_) {
      std::vector<int64_t> shape = key.second;
      shape.insert(shape.begin(), int64_t(group.samples));
      const std::string layout = group.axis.layout.empty() ? "" : "n" + group.axis.layout;
      Json json = TensorJson("", ElementTypeName(key.first), shape, layout);
      AddChannels(group.summarizer.Finish(), group.axis.axis.has_value(), json);
      out["tensors"].push_back(std::move(json));
    }
  }

 private:
  std::map<std::pair<ElementType, std::vector<int64_t>>, SampleGroup> groups_;
  std::vector<uint8_t> swapped_;
};

}  // namespace

Result<void> AddTensors(const std::string& path, const Stop& stop, Json& out) {
  out["kind"] = KindOf(path);
  out["bytes"] = BytesOf(path);
  const Json plan = PlanOf(path, out);
  const auto layout = LayoutOf(plan);
  out["tensors"] = Json::array();
  const auto done = VisitTensors(path, [&](const TensorEntry& entry) -> Result<void> {
    auto json = DescribeTensor(entry, layout, stop);
    if (!json) return Failed(json);
    out["tensors"].push_back(std::move(*json));
    return {};
  });
  if (!done) {
    Error error = done.error();
    if (error.message.starts_with(path + ": ")) error.message.erase(0, path.size() + 2);
    return Failed(error);
  }
  if (out["tensors"].empty() && out["kind"] == "npz") return NoArrays();
  if (!plan.is_null()) out["plan"] = plan;
  return {};
}

Result<void> AddRaw(const std::string& path, const RawShape& raw, const Stop& stop, Json& out) {
  auto file = TensorFile::OpenRaw(path, raw.type, raw.shape);
  if (!file) {
    Error error = file.error();
    if (error.message.starts_with(path + ": ")) error.message.erase(0, path.size() + 2);
    return Failed(error);
  }
  out["kind"] = "raw";
  out["bytes"] = BytesOf(path);
  const Json plan = PlanOf(path, out);
  TensorEntry entry;
  entry.dtype = ElementTypeName(raw.type);
  entry.shape = raw.shape;
  entry.values = std::move(*file);
  auto json = DescribeTensor(entry, LayoutOf(plan), stop);
  if (!json) return Failed(json);
  out["tensors"].push_back(std::move(*json));
  if (!plan.is_null()) out["plan"] = plan;
  return {};
}

Result<void> AddSamples(const std::string& path, const Stop& stop, Json& out) {
  Samples samples;
  const auto done = VisitMembers(
      path,
      [](std::string_view name) {
        return HasEnding(name, ".npy") || HasEnding(name, ".safetensors");
      },
      [&](std::string_view name, std::span<const uint8_t> bytes) -> Result<void> {
        if (stop()) return Fail(ErrorCode::kCancelled, "stopped");
        return samples.Add(name, bytes);
      });
  if (!done) return done;
  if (samples.empty()) return NoArrays();
  out["kind"] = "wds";
  out["bytes"] = BytesOf(path);
  const Json plan = PlanOf(path, out);
  samples.Describe(out);
  if (!plan.is_null()) out["plan"] = plan;
  return {};
}

}  // namespace imnorm::cli
