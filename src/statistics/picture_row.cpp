// One picture's numbers, in JSON or CSV.
#include <fmt/format.h>

#include "imnorm/statistics.h"
#include "json/json_text.h"
#include "statistics/csv_text.h"
#include "statistics/moments.h"
#include "statistics/names.h"
#include "statistics/summary.h"

namespace imnorm {
namespace {

template <typename Sums>
std::string JsonLine(const Sums& picture, const Summary& numbers, std::string_view path) {
  JsonRow row;
  row.AddPath(path);
  row.Add("width", picture.width);
  row.Add("height", picture.height);
  row.Add("pixels", picture.pixels);
  row.Add("mean", JsonNumbers(numbers.mean));
  row.Add("std", JsonNumbers(numbers.pooled_std));
  row.Add("min", JsonNumbers(numbers.min));
  row.Add("max", JsonNumbers(numbers.max));
  return row.Text() + "\n";
}

// Empty fields stand for numbers that do not exist.
template <typename Sums>
std::string CsvLine(const Sums& picture, const Summary& numbers, std::string_view path) {
  std::string out =
      fmt::format("{},{},{},{}", CsvText(path), picture.width, picture.height, picture.pixels);
  for (const auto* list : {&numbers.mean, &numbers.pooled_std, &numbers.min, &numbers.max}) {
    for (const MaybeNumber& value : *list) out += "," + (value ? JsonNumber(value) : "");
  }
  return out + "\n";
}

template <typename Sums>
std::string RowOf(const Sums& picture, std::string_view path, StatsSettings settings,
                  RowFormat format) {
  settings.cross = false;
  settings.weight = PixelWeight::kPixel;
  GroupMoments moments;
  moments.Reset(settings, false);
  moments.Add(picture, settings);
  const Summary numbers = Summarize(moments, settings, 1);
  return format == RowFormat::kCsv ? CsvLine(picture, numbers, path)
                                   : JsonLine(picture, numbers, path);
}

}  // namespace

std::string PictureRowHeader(const StatsSettings& settings, RowFormat format) {
  if (format == RowFormat::kJsonLines) return "";
  std::string out = "path,width,height,pixels";
  for (const char* what : {"mean", "std", "min", "max"}) {
    for (const std::string& name : ChannelNames(settings)) out += fmt::format(",{}_{}", what, name);
  }
  return out + "\n";
}

std::string PictureRow(const PictureSums& picture, std::string_view path,
                       const StatsSettings& settings, RowFormat format) {
  return RowOf(picture, path, settings, format);
}

std::string PictureRow(const FloatSums& picture, std::string_view path,
                       const StatsSettings& settings, RowFormat format) {
  return RowOf(picture, path, settings, format);
}

}  // namespace imnorm
