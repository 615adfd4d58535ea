// The C interface to plans, probes and preprocessors.
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "c_api/guard.h"
#include "c_api/plan.h"
#include "imnorm/preprocessor.h"

using imnorm::Error;
using imnorm::Result;
using imnorm::c_api::Guarded;
using imnorm::c_api::HandOver;
using imnorm::c_api::Refuse;

struct imnorm_preprocessor {
  imnorm::Preprocessor preprocessor;
};

namespace {

std::span<const uint8_t> BytesOf(const void* file, size_t size) {
  return {static_cast<const uint8_t*>(file), size};
}

imnorm_code HandOverPlan(Result<imnorm::Plan> plan, imnorm_plan** out) {
  if (!plan) return Refuse(plan.error());
  std::string json = PlanToJson(*plan);
  *out = new imnorm_plan{std::move(*plan), std::move(json)};
  return IMNORM_OK;
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

}  // namespace

extern "C" {

int imnorm_c_version(void) { return IMNORM_C_VERSION; }

const char* imnorm_version(void) { return IMNORM_VERSION; }

imnorm_code imnorm_plan_from_json(const char* json, size_t size, imnorm_plan** plan) {
  return Guarded([&] { return HandOverPlan(imnorm::PlanFromJson({json, size}), plan); });
}

imnorm_code imnorm_plan_from_preset(const char* name_or_path, imnorm_plan** plan) {
  return Guarded([&] { return HandOverPlan(imnorm::LoadPreset(name_or_path), plan); });
}

const char* imnorm_plan_json(const imnorm_plan* plan) { return plan->json.c_str(); }

void imnorm_plan_free(imnorm_plan* plan) { delete plan; }

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
    imnorm_row_shape out = {};
    std::copy(row.sizes.begin(), row.sizes.end(), out.sizes);
    out.dtype = imnorm::ElementTypeName(p.plan().values.dtype);
    out.bytes = row.bytes;
    return HandOver(out, shape);
  });
}

imnorm_code imnorm_preprocessor_run(imnorm_preprocessor* preprocessor, const void* file,
                                    size_t size, void* row, size_t row_bytes, uint32_t* notes) {
  return Guarded([&] {
    const auto report = preprocessor->preprocessor.Run(BytesOf(file, size),
                                                       {static_cast<std::byte*>(row), row_bytes});
    if (!report) return Refuse(report.error());
    if (notes != nullptr) *notes = BitsOf(report->notes);
    return IMNORM_OK;
  });
}

}  // extern "C"
