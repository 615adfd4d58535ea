// The C interface to probes and preprocessors.
#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

#include "c_api/guard.h"
#include "c_api/plan.h"
#include "imnorm/preprocessor.h"

using imnorm::Error;
using imnorm::Result;
using imnorm::c_api::Guarded;
using imnorm::c_api::HandOver;
using imnorm::c_api::IsSized;
using imnorm::c_api::Refuse;
using imnorm::c_api::RefuseUnsized;

struct imnorm_preprocessor {
  imnorm::Preprocessor preprocessor;
};

namespace {

std::span<const uint8_t> BytesOf(const void* file, size_t size) {
  return {static_cast<const uint8_t*>(file), size};
}

imnorm_picture PictureOf(const imnorm::PictureInfo& info) {
  imnorm_picture picture = {};
  picture.format = info.format.data();  // static, and ends in a NUL
  picture.width = info.width;
  picture.height = info.height;
  picture.channels = info.channels;
  picture.bits = info.bits;
  picture.has_alpha = info.has_alpha;
  picture.progressive = info.progressive;
  picture.orientation = info.orientation;
  picture.frames = info.frames;
  return picture;
}

static_assert(IMNORM_NOTE_SCANS_MISSING == 1u << unsigned(imnorm::NoteKind::kScansMissing));
static_assert(IMNORM_NOTE_FURTHER_FRAMES == 1u << unsigned(imnorm::NoteKind::kFurtherFrames));

uint32_t BitsOf(imnorm::NoteSet notes) {
  uint32_t bits = 0;
  for (size_t kind = 0; kind < imnorm::kNoteKinds; ++kind) {
    if (notes.Has(imnorm::NoteKind(kind))) bits |= 1u << kind;
  }
  return bits;
}

imnorm_code HandOverShape(const imnorm::Preprocessor& preprocessor, const imnorm::RowShape& row,
                          imnorm_row_shape* shape) {
  imnorm_row_shape out = {};
  std::copy(row.sizes.begin(), row.sizes.end(), out.sizes);
  out.dtype = imnorm::ElementTypeName(preprocessor.plan().values.dtype);
  out.bytes = row.bytes;
  return HandOver(out, shape);
}

imnorm_code HandOverReport(const Result<imnorm::RowReport>& report, uint32_t* notes) {
  if (!report) return Refuse(report.error());
  if (notes != nullptr) *notes = BitsOf(report->notes);
  return IMNORM_OK;
}

// The picture as far as its caller knows it; the rest is 0.
imnorm::PixelView ViewOf(const imnorm_pixels* pixels) {
  imnorm_pixels known = {};
  std::memcpy(&known, pixels, std::min(pixels->struct_size, sizeof known));
  return {static_cast<const uint8_t*>(known.samples), known.width, known.height, known.channels,
          known.stride_bytes};
}

}  // namespace

extern "C" {

imnorm_code imnorm_probe(const void* file, size_t size, imnorm_picture* picture) {
  return Guarded([&] {
    const auto info = imnorm::Probe(BytesOf(file, size));
    if (!info) return Refuse(info.error());
    return HandOver(PictureOf(*info), picture);
  });
}

imnorm_code imnorm_preprocessor_new(const imnorm_plan* plan, imnorm_preprocessor** preprocessor) {
  return Guarded([&] {
    auto made = imnorm::Preprocessor::Create(plan->plan);
    if (!made) return Refuse(made.error());
    *preprocessor = new imnorm_preprocessor{std::move(*made)};
    return IMNORM_OK;
  });
}

void imnorm_preprocessor_free(imnorm_preprocessor* preprocessor) { delete preprocessor; }

imnorm_code imnorm_preprocessor_shape(const imnorm_preprocessor* preprocessor, const void* file,
                                      size_t size, imnorm_row_shape* shape) {
  return Guarded([&] {
    const imnorm::Preprocessor& p = preprocessor->preprocessor;
    imnorm::RowShape row;
    if (file != nullptr) {
      const auto told = p.ShapeOf(BytesOf(file, size));
      if (!told) return Refuse(told.error());
      row = *told;
    } else if (const auto fixed = p.shape()) {
      row = *fixed;
    } else {
      return Refuse(IMNORM_BAD_ARGUMENT, "the plan leaves the shape to the picture: give a file");
    }
    return HandOverShape(p, row, shape);
  });
}

imnorm_code imnorm_preprocessor_shape_of_size(const imnorm_preprocessor* preprocessor,
                                              int32_t width, int32_t height,
                                              imnorm_row_shape* shape) {
  return Guarded([&] {
    const imnorm::Preprocessor& p = preprocessor->preprocessor;
    const auto row = p.ShapeOf(width, height);
    if (!row) return Refuse(row.error());
    return HandOverShape(p, *row, shape);
  });
}

imnorm_code imnorm_preprocessor_run(imnorm_preprocessor* preprocessor, const void* file,
                                    size_t size, void* row, size_t row_bytes, uint32_t* notes) {
  return Guarded([&] {
    return HandOverReport(preprocessor->preprocessor.Run(BytesOf(file, size),
                                                         {static_cast<std::byte*>(row), row_bytes}),
                          notes);
  });
}

imnorm_code imnorm_preprocessor_run_pixels(imnorm_preprocessor* preprocessor,
                                           const imnorm_pixels* pixels, void* row, size_t row_bytes,
                                           uint32_t* notes) {
  return Guarded([&] {
    if (!IsSized(pixels)) return RefuseUnsized();
    return HandOverReport(preprocessor->preprocessor.RunDecoded(
                              ViewOf(pixels), {static_cast<std::byte*>(row), row_bytes}),
                          notes);
  });
}

}  // extern "C"
