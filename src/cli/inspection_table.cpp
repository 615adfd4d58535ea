// Lays out what imnorm inspect found, for people.
#include <fmt/format.h>

#include "cli/inspect_file.h"
#include "json/json_value.h"
#include "json/printable.h"
#include "json/text_width.h"
#include "statistics/text_table.h"

namespace imnorm::cli {
namespace {

using Json = nlohmann::ordered_json;

// "13.2 MiB".
std::string Size(uint64_t bytes) {
  constexpr const char* kUnits[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  double value = double(bytes);
  size_t unit = 0;
  for (; value >= 1024 && unit + 1 < std::size(kUnits); ++unit) value /= 1024;
  return unit == 0 ? fmt::format("{} bytes", bytes) : fmt::format("{:.1f} {}", value, kUnits[unit]);
}

std::string Number(const Json& value) {
  if (value.is_null()) return "-";
  if (value.is_number_float()) return fmt::format("{:.6g}", value.get<double>());
  return value.is_string() ? Printable(value.get<std::string>()) : JsonText(value);
}

// "6, 3, 28, 28".
std::string Sides(const Json& shape) {
  std::string text;
  for (const Json& side : shape) text += (text.empty() ? "" : ", ") + Number(side);
  return text;
}

std::string Words(const Json& file, const char* key) {
  return Printable(file.value(key, std::string()));
}

std::string PictureLines(const Json& file) {
  std::string line =
      fmt::format("{} {} x {}, {} channel{} of {} bits", Words(file, "format"),
                  Number(file["width"]), Number(file["height"]), Number(file["channels"]),
                  file["channels"] == 1 ? "" : "s", Number(file["bits"]));
  if (file["alpha"] == true) line += " and alpha";
  if (file["progressive"] == true) {
    line += file["format"] == "png" ? ", interlaced" : ", progressive";
  }
  if (file["orientation"] != 1) line += ", EXIF orientation " + Number(file["orientation"]);
  if (file["frames"] != 1) line += fmt::format(", {} frames or pages", Number(file["frames"]));
  if (file["profile"] == true) line += ", with a colour profile";
  return line + ", " + Size(file["bytes"].get<uint64_t>()) + "\n";
}

std::string ChannelTable(const Json& channels, size_t width) {
  std::vector<std::vector<std::string>> rows = {
      {"channel", "mean", "std", "min", "max", "nan", "infinite"}};
  for (const Json& channel : channels) {
    rows.emplace_back();
    for (const std::string& key : rows.front()) rows.back().push_back(Number(channel[key]));
  }
  return TextTable(rows, width);
}

std::string TensorLines(const Json& tensor, size_t width) {
  std::string out;
  if (tensor.contains("name")) out += Words(tensor, "name") + ": ";
  out += fmt::format("{} [{}]", Number(tensor["dtype"]), Sides(tensor["shape"]));
  if (tensor.contains("layout")) out += " " + Words(tensor, "layout");
  out += "\n";
  if (tensor.contains("not_read")) out += "  " + Words(tensor, "not_read") + "\n";
  if (tensor.contains("channels")) out += ChannelTable(tensor["channels"], width);
  return out;
}

// The plan in a line: what one wants to know first.
std::string PlanLine(const Json& plan, size_t width) {
  if (!plan.is_object()) return "";
  std::string out = "plan:";
  if (const auto preset = plan.find("preset");
      preset != plan.end() && preset->is_string() && *preset != "") {
    out += " preset " + Number(*preset) + ",";
  }
  for (const char* key : {"like", "channels", "method"}) {
    if (plan.contains(key)) out += fmt::format(" {} {},", key, Number(plan[key]));
  }
  for (const char* key : {"resize", "crop", "values"}) {
    if (!plan.contains(key) || !plan[key].is_object()) continue;
    out += fmt::format(" {}", key);
    for (const auto& [name, value] : plan[key].items()) {
      out += fmt::format(" {} {}", name, value.is_array() ? JsonText(value) : Number(value));
    }
    out += ",";
  }
  out.pop_back();
  return WrapText(out, width) + "\n";
}

std::string StatsLines(const Json& file, size_t width) {
  std::string out = fmt::format("statistics of {} images ({})\n", Number(file["images"]),
                                Words(file, "pixels_are"));
  std::vector<std::vector<std::string>> rows = {{"channel", "mean", "std", "min", "max"}};
  for (size_t c = 0; c < file["mean"].size(); ++c) {
    rows.push_back({std::to_string(c)});
    for (const char* key : {"mean", "std", "min", "max"}) {
      rows.back().push_back(Number(file[key][c]));
    }
  }
  return out + TextTable(rows, width);
}

std::string ManifestLines(const Json& file) {
  return fmt::format("manifest of a {} tensor [{}] by {}: {} rows of {} inputs, {} failed\n",
                     Words(file, "format"), Sides(file.value("shape", Json::array())),
                     Words(file, "tool"), Number(file.value("rows", Json())),
                     Number(file.value("inputs", Json())), Number(file.value("failed", Json())));
}

}  // namespace

std::string InspectionTable(const Json& file, size_t width) {
  const std::string kind = file["kind"].get<std::string>();
  std::string out = Words(file, "path") + ": ";
  if (kind == "picture") {
    out += PictureLines(file);
  } else if (kind == "stats") {
    out += StatsLines(file, width);
  } else if (kind == "manifest") {
    out += ManifestLines(file);
  } else if (kind == "plan") {
    out += "a plan\n";
  } else {
    out += fmt::format("{}, {}\n", kind, Size(file["bytes"].get<uint64_t>()));
    for (const Json& tensor : file["tensors"]) out += TensorLines(tensor, width);
    if (file.contains("manifest_of_another_file")) {
      out += WrapText(Words(file, "manifest_of_another_file") +
                          " tells of a file of another size: its plan is not this file's",
                      width) +
             "\n";
    }
    if (file.contains("manifest_unread")) {
      out += WrapText(Words(file, "manifest_unread"), width) + "\n";
    }
  }
  if (file.contains("plan")) out += PlanLine(file["plan"], width);
  return out;
}

}  // namespace imnorm::cli
