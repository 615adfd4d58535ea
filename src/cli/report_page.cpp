// Puts numbers, plots and pictures in the order in which people ask for them.
#include "cli/report_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/report_plots.h"
#include "cli/report_style.h"
#include "drawing/jpeg_file.h"
#include "drawing/svg_plot.h"
#include "json/json_value.h"
#include "json/path_text.h"

namespace imnorm::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMostListed = 200;

std::string ImageTag(const Image& image, std::string_view alt) {
  const auto jpeg = EncodeJpeg(image, 85);
  if (!jpeg) return "";
  return fmt::format(
      "<img src=\"data:image/jpeg;base64,{}\" width=\"{}\" height=\"{}\" alt=\"{}\">",
      Base64({reinterpret_cast<const char*>(jpeg->data()), jpeg->size()}), image.width,
      image.height, HtmlText(alt));
}

std::string Number(const Json& value) {
  return value.is_number() ? fmt::format("{:.4f}", value.get<double>()) : "–";
}

std::string Name(const std::string& path) {
  const size_t slash = path.find_last_of('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

std::string Count(uint64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

class Page {
 public:
  explicit Page(const ReportPage& page)
      : page_(page), stats_(Json::parse(StatsToJson(page.totals))) {}

  std::string Text() {
    Head();
    Numbers();
    Channels();
    Distribution();
    Sizes();
    Classes();
    Pictures();
    Failures();
    Method();
    return text_ + "</main>\n</body>\n</html>\n";
  }

 private:
  template <typename... T>
  void Add(fmt::format_string<T...> format, T&&... values) {
    text_ += fmt::format(format, std::forward<T>(values)...);
  }
  void Section(std::string_view title) { Add("<section>\n<h2>{}</h2>\n", title); }
  void EndSection() { text_ += "</section>\n"; }

  void Head() {
    Add("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n<title>{0}: imnorm report</title>\n"
        "<style>{1}</style>\n</head>\n<body>\n<main>\n<h1>{0}</h1>\n",
        HtmlText(page_.title), kStyle);
    const uint64_t failed = page_.totals.failed().size();
    Add("<p class=\"soft\">{}, {} pixels{}</p>\n",
        Count(page_.totals.images(), "picture", "pictures"), JsonText(stats_["pixels"]),
        failed > 0
            ? ", " + Count(failed, "input that could not be read", "inputs that could not be read")
            : "");
  }

  void Numbers() {
    Section("Numbers to copy");
    struct Form {
      const char* title;
      EmitFormat format;
    };
    constexpr Form kForms[] = {
        {"torchvision", EmitFormat::kTorchvision},
        {"Hugging Face", EmitFormat::kHf},
        {"timm", EmitFormat::kTimm},
        {"OpenCV", EmitFormat::kOpencv},
        {"OpenVINO", EmitFormat::kOpenvino},
    };
    for (const Form& form : kForms) {
      const auto text = EmitStats(page_.totals, form.format);
      if (text) Add("<h3>{}</h3>\n<pre>{}</pre>\n", form.title, HtmlText(*text));
    }
    EndSection();
  }

  void Channels() {
    Section("Channels");
    text_ +=
        "<div class=\"wide\"><table id=\"channels\">\n<thead><tr><th scope=\"col\">channel</th>";
    const Json& names = stats_["channels"];
    constexpr const char* kRows[] = {"mean", "std", "min", "max"};
    for (const char* row : kRows) Add("<th scope=\"col\">{}</th>", row);
    const bool percentiles = stats_.contains("percentiles") && stats_["percentiles"].is_array();
    if (percentiles) {
      for (const Json& at : stats_["percentiles"]) {
        Add("<th scope=\"col\">{} %</th>", JsonText(at["percent"]));
      }
    }
    text_ += "</tr></thead>\n<tbody>\n";
    for (size_t c = 0; c < names.size(); ++c) {
      Add("<tr><th scope=\"row\">{}</th>", HtmlText(names[c].get<std::string>()));
      for (const char* row : kRows) Add("<td>{}</td>", Number(stats_[row][c]));
      if (percentiles) {
        for (const Json& at : stats_["percentiles"]) Add("<td>{}</td>", Number(at["values"][c]));
      }
      text_ += "</tr>\n";
    }
    text_ += "</tbody></table></div>\n";
    Add("<p class=\"soft\">On the scale where {} is 1.</p>\n", JsonText(stats_["scale"]));
    EndSection();
  }

  std::vector<double> Values(const char* key) const {
    std::vector<double> values;
    for (const Json& value : stats_[key]) {
      if (value.is_number()) values.push_back(value.get<double>());
    }
    return values;
  }

  void Distribution() {
    const std::string samples = SamplesPlot(page_.totals);
    if (samples.empty()) return;
    Section("Distribution");
    Add("<h3>As stored</h3>\n<figure>{}</figure>\n", samples);
    const StatsSettings& settings = page_.totals.settings();
    const bool usual = settings.scale == (settings.samples == SampleKind::kU16 ? 65535.0 : 255.0);
    if (usual) {
      const auto mean = Values("mean");
      const auto std = Values("std");
      AddNormalized("Normalised with its own mean and std",
                    "After (x - mean) / std, beside N(0, 1)", mean, std, 1.0, 0.0);
      if (page_.gamma || page_.beta) {
        const double gamma = page_.gamma.value_or(1.0);
        const double beta = page_.beta.value_or(0.0);
        AddNormalized(fmt::format("... and mapped by gamma {:g}, beta {:g}", gamma, beta),
                      "After (x - mean) / std * gamma + beta", mean, std, gamma, beta);
      }
      if (page_.preset && page_.preset->method == Method::kGiven) {
        const ValuePlan& values = page_.preset->values;
        AddNormalized("Normalised as " + page_.preset->preset,
                      "After the preset's (x - mean) / std, beside N(0, 1)", values.mean,
                      values.std, 1.0, 0.0);
      }
    }
    EndSection();
  }

  void AddNormalized(const std::string& heading, const std::string& title,
                     const std::vector<double>& mean, const std::vector<double>& std, double gamma,
                     double beta) {
    const std::string plot = NormalizedPlot(page_.totals, title, mean, std, gamma, beta);
    if (plot.empty()) return;
    Add("<h3>{}</h3>\n<figure>{}</figure>\n", HtmlText(heading), plot);
  }

  void Sizes() {
    if (!stats_.contains("sizes") || !stats_["sizes"].is_object()) return;
    const Json& sizes = stats_["sizes"];
    Section("Sizes");
    if (page_.look != nullptr) {
      Add("<figure>{}</figure>\n", SizePlot("Width and height of each picture", page_.look->sizes));
    }
    text_ +=
        "<table>\n<thead><tr><th scope=\"col\">side</th><th scope=\"col\">smallest</th>"
        "<th scope=\"col\">median</th><th scope=\"col\">largest</th></tr></thead>\n<tbody>\n";
    for (const char* side : {"width", "height"}) {
      if (!sizes.contains(side) || !sizes[side].is_object()) continue;
      Add("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td></tr>\n", side,
          JsonText(sizes[side]["min"]), JsonText(sizes[side]["median"]),
          JsonText(sizes[side]["max"]));
    }
    text_ += "</tbody></table>\n";
    EndSection();
  }

  void Classes() {
    if (!stats_.contains("per_class") || !stats_["per_class"].is_object()) return;
    const Json& classes = stats_["per_class"];
    if (classes.size() < 2) return;
    Section("Classes");
    text_ +=
        "<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">class</th>"
        "<th scope=\"col\">pictures</th>";
    for (const char* row : {"mean", "std"}) {
      for (const Json& name : stats_["channels"]) {
        Add("<th scope=\"col\">{} {}</th>", row, HtmlText(name.get<std::string>()));
      }
    }
    text_ += "</tr></thead>\n<tbody>\n";
    size_t listed = 0;
    for (const auto& [name, of] : classes.items()) {
      if (++listed > kMostListed) break;
      Add("<tr><th scope=\"row\">{}</th><td>{}</td>", HtmlText(name.empty() ? "(none)" : name),
          JsonText(of["images"]));
      for (const char* row : {"mean", "std"}) {
        for (const Json& value : of[row]) Add("<td>{}</td>", Number(value));
      }
      text_ += "</tr>\n";
    }
    text_ += "</tbody></table></div>\n";
    if (classes.size() > kMostListed) {
      Add("<p class=\"soft\">... and {} more.</p>\n", classes.size() - kMostListed);
    }
    EndSection();
  }

  void Pictures() {
    if (page_.look == nullptr) return;
    Section("Pictures");
    Add("<h3>Mean of all</h3>\n<figure class=\"mean\">{}<figcaption>every picture at 96 x 96, "
        "averaged</figcaption></figure>\n",
        ImageTag(page_.look->mean_image, "The mean of all pictures"));
    for (const PictureGroup& group : page_.look->groups) {
      Add("<h3>{}</h3>\n<p class=\"soft\">{}</p>\n<div class=\"row\">\n", HtmlText(group.title),
          HtmlText(group.meaning));
      for (const ShownPicture& picture : group.pictures) {
        Add("<figure>{}<figcaption>{}<br>{}</figcaption></figure>\n",
            ImageTag(picture.thumbnail, Name(picture.path)), HtmlText(Name(picture.path)),
            HtmlText(picture.text));
      }
      text_ += "</div>\n";
    }
    EndSection();
  }

  void Failures() {
    const auto& failed = page_.totals.failed();
    const Json& notes = stats_["notes"];
    if (failed.empty() && notes.empty()) return;
    Section("What was not read, and what was skipped");
    if (!failed.empty()) {
      text_ +=
          "<table>\n<thead><tr><th scope=\"col\">input</th><th scope=\"col\" "
          "class=\"name\">reason</th>"
          "</tr></thead>\n<tbody>\n";
      for (size_t i = 0; i < std::min(failed.size(), kMostListed); ++i) {
        Add("<tr><td class=\"name\">{}</td><td class=\"name\">{}</td></tr>\n",
            HtmlText(failed[i].path), HtmlText(failed[i].reason));
      }
      text_ += "</tbody></table>\n";
      if (failed.size() > kMostListed) {
        Add("<p class=\"soft\">... and {} more.</p>\n", failed.size() - kMostListed);
      }
    }
    for (const auto& [key, count] : notes.items()) {
      const auto kind = NoteFromName(key);
      Add("<p>{}: {}</p>\n", Count(count.get<uint64_t>(), "picture", "pictures"),
          HtmlText(kind ? NoteText(*kind) : std::string_view(key)));
    }
    EndSection();
  }

  void Method() {
    Section("How it was computed");
    Add("<p>Sums over all pixels are exact; each number is rounded once. Pixels are {}; each {} "
        "counts the same; std is {} with a divisor of N{}.</p>\n",
        HtmlText(stats_["pixels_are"].get<std::string>()),
        HtmlText(stats_["weight"].get<std::string>()),
        stats_["std_of"] == "pooled" ? "that of all pixels" : "the mean of the pictures' own",
        stats_["ddof"] == 1 ? " - 1" : "");
    Add("<p class=\"soft\">imnorm {}; list {}</p>\n", IMNORM_VERSION,
        HtmlText(stats_["exact"]["list"]["hash"].get<std::string>()));
    if (stats_.contains("plan") && stats_["plan"].is_object()) {
      Add("<details><summary>Plan</summary><pre>{}</pre></details>\n",
          HtmlText(JsonText(stats_["plan"], 2)));
    }
    EndSection();
  }

  const ReportPage& page_;
  const Json stats_;
  std::string text_;
};

}  // namespace

std::string ReportHtml(const ReportPage& page) { return Page(page).Text(); }

}  // namespace imnorm::cli
