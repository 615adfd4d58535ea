// Decodes the files named on the command line and prints a line of JSON for each: what the
// project's Python tests compare with Pillow.
//
//   decode_driver [--exif] [--icc] [--alpha drop|mask|RRGGBB] [--channels rgb|gray|native] [--depth
//   8|16]
//                 [--turbo] [--spng] [--indices] [--max-pixels N] [--stop-after ROWS]
//                 [--window X Y W H] [--raw] FILE...
//
// --raw adds the samples in hexadecimal.

#include <atomic>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "imnorm/decode.h"

namespace {

using imnorm::ElementType;
using imnorm::Image;
using Json = nlohmann::ordered_json;

struct Arguments {
  imnorm::DecodeOptions options;
  imnorm::Rect window;
  bool raw = false;
  int stop_after = -1;
  std::vector<std::string> files;
};

// Keeps a window of the picture; after a number of rows it asks the decoder to stop.
class WindowCollector : public imnorm::RowConsumer {
 public:
  WindowCollector(const imnorm::Rect& window, Image& image, int stop_after)
      : window_(window), image_(image), stop_after_(stop_after) {}

  imnorm::Result<imnorm::Rect> Begin(const imnorm::ImageInfo& info) override {
    const imnorm::Rect whole{0, 0, info.width, info.height};
    const imnorm::Rect rect = window_.width == 0 ? whole : window_;
    image_.Reshape(rect.width, rect.height, info.channels, info.type);
    first_row_ = rect.y;
    rows_ = 0;
    if (stop_after_ == 0) stop = 1;
    return rect;
  }

  void Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) override {
    for (int i = 0; i < count; ++i, rows += stride_bytes) {
      std::memcpy(image_.row(y - first_row_ + i), rows, image_.stride_bytes());
    }
    rows_ += count;
    if (stop_after_ >= 0 && rows_ >= stop_after_) stop = 1;
  }

  int rows() const { return rows_; }

  std::atomic<int> stop{0};

 private:
  imnorm::Rect window_;
  Image& image_;
  const int stop_after_;
  int first_row_ = 0;
  int rows_ = 0;
};

void ParseAlpha(const std::string& text, imnorm::DecodeOptions& options) {
  if (text == "drop") {
    options.alpha = imnorm::AlphaPolicy::kDrop;
  } else if (text == "mask") {
    options.alpha = imnorm::AlphaPolicy::kMask;
  } else {
    options.alpha = imnorm::AlphaPolicy::kComposite;
    const unsigned long rgb = std::stoul(text, nullptr, 16);
    for (int i = 0; i < 3; ++i) options.background[i] = uint8_t(rgb >> (16 - 8 * i));
  }
}

Arguments Parse(int argc, char** argv) {
  Arguments arguments;
  imnorm::DecodeOptions& options = arguments.options;
  for (int i = 1; i < argc; ++i) {
    const std::string flag = argv[i];
    auto value = [&] { return std::string(i + 1 < argc ? argv[++i] : ""); };
    if (flag == "--exif") {
      options.apply_exif = true;
    } else if (flag == "--icc") {
      options.icc = imnorm::IccPolicy::kSrgb;
    } else if (flag == "--alpha") {
      ParseAlpha(value(), options);
    } else if (flag == "--channels") {
      const std::string channels = value();
      options.channels = channels == "gray"     ? imnorm::DecodeChannels::kGray
                         : channels == "native" ? imnorm::DecodeChannels::kNative
                                                : imnorm::DecodeChannels::kRgb;
    } else if (flag == "--depth") {
      options.depth = std::stoi(value());
    } else if (flag == "--turbo") {
      options.jpeg = imnorm::JpegDecoder::kTurbo;
    } else if (flag == "--spng") {
      options.png = imnorm::PngDecoder::kSpng;
    } else if (flag == "--indices") {
      options.palette_indices = true;
    } else if (flag == "--max-pixels") {
      options.max_pixels = std::stoll(value());
    } else if (flag == "--window") {
      for (int* side : {&arguments.window.x, &arguments.window.y, &arguments.window.width,
                        &arguments.window.height}) {
        *side = std::stoi(value());
      }
    } else if (flag == "--stop-after") {
      arguments.stop_after = std::stoi(value());
    } else if (flag == "--raw") {
      arguments.raw = true;
    } else {
      arguments.files.push_back(flag);
    }
  }
  return arguments;
}

template <typename T>
void AddSums(const Image& image, Json& line) {
  const size_t channels = size_t(image.channels);
  if constexpr (std::is_floating_point_v<T>) {
    std::vector<double> sum(channels), squares(channels);
    const auto* in = reinterpret_cast<const T*>(image.pixels.data());
    for (size_t i = 0; i < image.pixels.size() / sizeof(T); ++i) {
      sum[i % channels] += double(in[i]);
      squares[i % channels] += double(in[i]) * double(in[i]);
    }
    line["sum"] = sum;
    line["sumsq"] = squares;
  } else {
    std::vector<uint64_t> sum(channels), squares(channels);
    const auto* in = reinterpret_cast<const T*>(image.pixels.data());
    for (size_t i = 0; i < image.pixels.size() / sizeof(T); ++i) {
      sum[i % channels] += in[i];
      squares[i % channels] += uint64_t(in[i]) * in[i];
    }
    line["sum"] = sum;
    line["sumsq"] = squares;
  }
}

std::string Hex(const std::vector<uint8_t>& bytes) {
  static const char* const digits = "0123456789abcdef";
  std::string text;
  for (uint8_t byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

void AddPicture(const imnorm::DecodeReport& report, const Image& image, bool raw, Json& line) {
  line["ok"] = true;
  line["format"] = report.picture.format;
  line["size"] = {image.width, image.height};
  line["orientation"] = report.picture.orientation;
  line["channels"] = image.channels;
  switch (image.type) {
    case ElementType::kU8:
      line["type"] = "u8";
      AddSums<uint8_t>(image, line);
      break;
    case ElementType::kU16:
      line["type"] = "u16";
      AddSums<uint16_t>(image, line);
      break;
    case ElementType::kF32:
      line["type"] = "f32";
      AddSums<float>(image, line);
      break;
    default:
      break;  // pictures have no other samples
  }
  if (raw) line["raw"] = Hex(image.pixels);
  line["notes"] = nlohmann::ordered_json::array();
  imnorm::NoteSet special;
  for (const imnorm::DecodeNote& note : report.notes) {
    special.Add(note.kind);
    line["notes"].push_back(note.text);
  }
  for (size_t i = 0; i < imnorm::kNoteKinds; ++i) {
    const auto kind = imnorm::NoteKind(i);
    if (report.kinds.Has(kind) && !special.Has(kind)) {
      line["notes"].push_back(std::string(imnorm::NoteText(kind)));
    }
  }
  line["fallback"] = report.fallback;
}

Json ProbeOf(std::span<const uint8_t> bytes) {
  const auto info = imnorm::Probe(bytes);
  if (!info) return imnorm::ErrorCodeName(info.error().code);
  return {{"format", info->format},           {"size", {info->width, info->height}},
          {"channels", info->channels},       {"bits", info->bits},
          {"alpha", info->has_alpha},         {"progressive", info->progressive},
          {"orientation", info->orientation}, {"frames", info->frames}};
}

}  // namespace

int main(int argc, char** argv) {
  const Arguments arguments = Parse(argc, argv);
  imnorm::Decoder decoder;
  Image image;
  for (const std::string& file : arguments.files) {
    std::ifstream stream(file, std::ios::binary);
    const std::vector<char> content{std::istreambuf_iterator<char>(stream), {}};
    const std::span<const uint8_t> bytes(reinterpret_cast<const uint8_t*>(content.data()),
                                         content.size());
    WindowCollector collector(arguments.window, image, arguments.stop_after);
    imnorm::DecodeOptions options = arguments.options;
    options.stop = [&collector] { return collector.stop.load() != 0; };
    const auto report = decoder.Decode(bytes, options, collector);
    Json line;
    line["file"] = file;
    line["probe"] = ProbeOf(bytes);
    if (report) {
      AddPicture(*report, image, arguments.raw, line);
    } else {
      line["ok"] = false;
      line["code"] = imnorm::ErrorCodeName(report.error().code);
      line["message"] = report.error().message;
    }
    line["rows"] = collector.rows();
    std::puts(line.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
  }
  return 0;
}
