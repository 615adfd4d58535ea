#include "decode/pnm.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "decode/opencv_picture.h"
#include "decode/pnm_header.h"

namespace imnorm {
namespace {

// A binary file is as long as its header says, at least.
Result<void> CheckLength(std::span<const uint8_t> bytes, const PnmHeader& header) {
  uint64_t needed = 0;
  const auto width = uint64_t(header.width);
  const auto height = uint64_t(header.height);
  if (header.kind == 4) {
    needed = (width + 7) / 8 * height;
  } else if (header.plain()) {
    // Every sample takes a digit, and all but those of P1 a space.
    needed =
        header.kind == 1 ? width * height : 2 * width * height * uint64_t(header.channels()) - 1;
  } else {
    needed = width * height * uint64_t(header.channels()) * (header.maxval > 255 ? 2 : 1);
  }
  if (bytes.size() - header.pixel_offset < needed) {
    return Fail(ErrorCode::kCorrupt, "the file ends before the picture does");
  }
  return {};
}

// Gives plain samples the largest maxval: OpenCV then neither scales nor clips them.
void RebuildPlain(std::span<const uint8_t> bytes, const PnmHeader& header,
                  std::vector<uint8_t>& out) {
  const std::string head =
      fmt::format("P{}\n{} {}\n65535\n", header.kind, header.width, header.height);
  out.assign(head.begin(), head.end());
  out.insert(out.end(), bytes.begin() + ptrdiff_t(header.pixel_offset), bytes.end());
}

// Every sample's value on the scale of the output: Python's round(v / maxval * out_max).
std::vector<uint16_t> ScaleTable(int maxval, int out_max) {
  std::vector<uint16_t> table(size_t(maxval) + 1);
  for (int v = 0; v <= maxval; ++v) {
    table[size_t(v)] = uint16_t(std::nearbyint(double(v) / maxval * out_max));
  }
  return table;
}

// One row of samples as numbers, whatever their width.
bool ReadRow(const OpencvPicture& picture, int y, int maxval, bool clips,
             std::vector<uint16_t>& row) {
  const uint8_t* in = picture.data() + size_t(y) * picture.stride_bytes();
  bool inside = true;
  for (size_t i = 0; i < row.size(); ++i) {
    int value = picture.sample_bytes() == 1 ? in[i] : reinterpret_cast<const uint16_t*>(in)[i];
    inside = inside && value <= maxval;
    row[i] = uint16_t(std::min(value, maxval));
  }
  return inside || clips;
}

}  // namespace

Result<void> PnmDecoder::Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                                RowConsumer& consumer, DecodeReport& report) {
  const Result<PnmHeader> header = ParsePnmHeader(bytes);
  if (!header) return tl::unexpected<Error>(header.error());
  if (auto size = CheckSize(header->width, header->height, options); !size) return size;
  report.stored_width = int(header->width);
  report.stored_height = int(header->height);
  if (auto length = CheckLength(bytes, *header); !length) return length;

  if (header->kind == 2 || header->kind == 3) {
    RebuildPlain(bytes, *header, rebuilt_);
    bytes = rebuilt_;
  }
  Result<OpencvPicture> picture = OpencvPicture::Decode(bytes);
  if (!picture) return tl::unexpected<Error>(std::move(picture.error()));
  if (auto same = picture->CheckSizeIs(header->width, header->height); !same) return same;
  if (picture->channels() != header->channels()) {
    return Fail(ErrorCode::kCorrupt, "OpenCV reads another number of channels");
  }

  const bool gray = header->channels() == 1;
  const bool wide = header->maxval > 255 && (gray || options.depth == 16);
  SourceInfo source{picture->width(), picture->height(), gray ? PixelKind::kGray : PixelKind::kRgb,
                    wide ? SampleType::kU16 : SampleType::kU8};
  if (auto begun = delivery_.Begin(source, options, consumer); !begun) return begun;
  if (header->bitmap() || (header->maxval == 255 && picture->sample_bytes() == 1)) {
    delivery_.Rows(picture->data(), picture->stride_bytes(), source.height);
    return {};
  }
  const std::vector<uint16_t> table = ScaleTable(header->maxval, wide ? 65535 : 255);
  row_.resize(size_t(source.width) * size_t(source.channels()));
  for (int y = 0; y < source.height; ++y) {
    // Pillow clips what is beyond maxval in binary files and refuses it in plain ones.
    if (!ReadRow(*picture, y, header->maxval, !header->plain(), row_)) {
      return Fail(ErrorCode::kCorrupt,
                  fmt::format("a sample beyond the largest value of {}", header->maxval));
    }
    auto* narrow = reinterpret_cast<uint8_t*>(row_.data());
    for (size_t i = 0; i < row_.size(); ++i) {
      const uint16_t value = table[row_[i]];
      if (wide) {
        row_[i] = value;
      } else {
        narrow[i] = uint8_t(value);
      }
    }
    delivery_.Rows(narrow, source.stride_bytes(), 1);
  }
  if (wide && options.depth == 8) report.notes.push_back("16-bit grey reduced to its high byte");
  return {};
}

}  // namespace imnorm
