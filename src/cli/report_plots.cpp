// Histograms as densities over the axis that is asked for.
#include "cli/report_plots.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "drawing/svg_plot.h"
#include "statistics/moments.h"
#include "statistics/names.h"

namespace imnorm::cli {
namespace {

constexpr size_t kBins = 128;
constexpr double kPi = 3.14159265358979323846;

bool HasHistograms(const Totals& totals) {
  const auto& channels = totals.moments().channels;
  return !channels.empty() && std::all_of(channels.begin(), channels.end(), [](const auto& c) {
    return std::any_of(c.histogram.begin(), c.histogram.end(), [](uint64_t n) { return n > 0; });
  });
}

// Density of v -> slope * v + offset over equal bins; each level is spread over its width, so that
// bins that are no multiple of it show no comb.
std::vector<double> Density(const std::vector<uint64_t>& histogram, double slope, double offset,
                            double left, double right) {
  std::vector<double> heights(kBins, 0.0);
  const double bin = (right - left) / double(kBins);
  double total = 0.0;
  for (const uint64_t count : histogram) total += double(count);
  for (size_t level = 0; level < histogram.size(); ++level) {
    if (histogram[level] == 0) continue;
    const double begin = (slope * (double(level) - 0.5) + offset - left) / bin;
    const double end = (slope * (double(level) + 0.5) + offset - left) / bin;
    const double mass = double(histogram[level]) / total / (end - begin) / bin;
    const auto first = size_t(std::clamp(begin, 0.0, double(kBins - 1)));
    for (size_t i = first; i < kBins && double(i) < end; ++i) {
      const double overlap = std::min(end, double(i + 1)) - std::max(begin, double(i));
      heights[i] += mass * std::max(0.0, overlap);
    }
  }
  return heights;
}

std::vector<double> NormalDensity(double mean, double std, double left, double right) {
  std::vector<double> heights;
  for (size_t i = 0; i < kBins; ++i) {
    const double at = left + (double(i) + 0.5) * (right - left) / double(kBins);
    const double z = (at - mean) / std;
    heights.push_back(std::exp(-z * z / 2) / (std * std::sqrt(2 * kPi)));
  }
  return heights;
}

std::string StyleOf(const std::string& channel, size_t number) {
  for (const char* known : {"red", "green", "blue", "gray"}) {
    if (channel == known) return channel;
  }
  return fmt::format("band{}", number % 4);
}

}  // namespace

std::string SamplesPlot(const Totals& totals) {
  if (!HasHistograms(totals)) return "";
  const std::vector<std::string> names = ChannelNames(totals.settings());
  const auto& channels = totals.moments().channels;
  const double full = double(channels.front().histogram.size() - 1);
  std::vector<PlotCurve> curves;
  for (size_t c = 0; c < channels.size(); ++c) {
    curves.push_back({StyleOf(names[c], c), names[c],
                      Density(channels[c].histogram, 1.0, 0.0, -0.5, full + 0.5)});
  }
  return DensityPlot({"Histogram of the samples, a curve a channel", -0.5, full + 0.5,
                      fmt::format("sample, 0 to {:.0f}", full)},
                     curves);
}

std::string NormalizedPlot(const Totals& totals, const std::string& title,
                           const std::vector<double>& mean, const std::vector<double>& std,
                           double gamma, double beta) {
  const auto& channels = totals.moments().channels;
  if (!HasHistograms(totals) || mean.size() != channels.size() || std.size() != channels.size()) {
    return "";
  }
  const std::vector<std::string> names = ChannelNames(totals.settings());
  const double full = double(channels.front().histogram.size() - 1);
  double left = beta - 3.2 * std::abs(gamma);
  double right = beta + 3.2 * std::abs(gamma);
  for (size_t c = 0; c < channels.size(); ++c) {
    for (const double sample : {0.0, 1.0}) {
      const double y = (sample - mean[c]) / std[c] * gamma + beta;
      left = std::min(left, y);
      right = std::max(right, y);
    }
  }
  std::vector<PlotCurve> curves;
  for (size_t c = 0; c < channels.size(); ++c) {
    const double slope = gamma / (full * std[c]);
    const double offset = beta - gamma * mean[c] / std[c];
    curves.push_back({StyleOf(names[c], c), names[c],
                      Density(channels[c].histogram, slope, offset, left, right)});
  }
  curves.push_back(
      {"normal",
       gamma == 1.0 && beta == 0.0 ? "N(0, 1)" : fmt::format("N({:g}, {:g}²)", beta, gamma),
       NormalDensity(beta, std::abs(gamma), left, right), false});
  return DensityPlot({title, left, right, "value"}, curves);
}

}  // namespace imnorm::cli
