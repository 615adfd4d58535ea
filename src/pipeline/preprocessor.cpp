// Joins decoder, geometry and value tables for one picture at a time.
#include "imnorm/preprocessor.h"

#include <new>
#include <utility>

#include "decode/codecs.h"
#include "decode/delivery.h"
#include "geometry/fixed_size.h"
#include "geometry/placed_source.h"
#include "pipeline/native_source.h"
#include "pipeline/needed_modules.h"
#include "pipeline/picture_plan.h"
#include "pipeline/plane_writer.h"

namespace imnorm {
namespace {

RowShape ShapeOfSides(const Plan& plan, int height, int width) {
  const int64_t channels = ChannelCount(plan);
  RowShape shape;
  shape.sizes = {channels, height, width};
  if (plan.layout == Layout::kNhwc) shape.sizes = {height, width, channels};
  shape.bytes = size_t(channels) * size_t(height) * size_t(width) * ElementBytes(plan.values.dtype);
  return shape;
}

Result<SourceInfo> SourceOf(const PixelView& picture) {
  constexpr PixelKind kKinds[] = {PixelKind::kGray, PixelKind::kGrayAlpha, PixelKind::kRgb,
                                  PixelKind::kRgba};
  if (picture.channels < 1 || picture.channels > 4) {
    return Fail(ErrorCode::kBadArgument, "a picture has 1 to 4 channels");
  }
  SourceInfo source{picture.width, picture.height, kKinds[picture.channels - 1]};
  if (picture.stride_bytes < source.stride_bytes()) {
    return Fail(ErrorCode::kBadArgument, "the stride is shorter than a row");
  }
  return source;
}

RowReport ReportOf(const PixelView& picture, bool drops_alpha) {
  RowReport report;
  const bool has_alpha = picture.channels % 2 == 0;
  report.picture.width = picture.width;
  report.picture.height = picture.height;
  report.picture.channels = picture.channels - (has_alpha ? 1 : 0);
  report.picture.has_alpha = has_alpha;
  if (has_alpha && drops_alpha) report.notes.Add(NoteKind::kAlphaDropped);
  return report;
}

// Runs `work`, which takes memory as pictures need it.
template <typename Work>
Result<RowReport> WithMemory(Work&& work) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return Blame("max_pixels", "not enough memory for this picture; `max_pixels` refuses such ones",
                 ErrorCode::kTooLarge);
  }
}

}  // namespace

struct Preprocessor::State {
  State(const Plan& p, std::unique_ptr<const PlanTables> t)
      : plan(p),
        decode(DecodeOptionsOf(p)),
        tables(std::move(t)),
        planes(plan, *tables),
        geometry(MakePlanSource(plan, planes)) {}

  const Plan plan;
  DecodeOptions decode;
  const std::unique_ptr<const PlanTables> tables;
  Decoder decoder;
  Delivery delivery;  // of pictures that are decoded already
  PlaneWriter planes;
  const std::unique_ptr<PlacedSource> geometry;
};

Preprocessor::Preprocessor(std::unique_ptr<State> state) : state_(std::move(state)) {}
Preprocessor::Preprocessor(Preprocessor&&) noexcept = default;
Preprocessor& Preprocessor::operator=(Preprocessor&&) noexcept = default;
Preprocessor::~Preprocessor() = default;

Result<Preprocessor> Preprocessor::Create(const Plan& plan) {
  if (auto valid = ValidatePlan(plan); !valid) return Failed(valid);
  if (auto valid = CheckPicturePlan(plan); !valid) return Failed(valid);
  if (plan.method != Method::kGiven && plan.method != Method::kNone) {
    return Blame("method", "one picture alone has no statistics of others: `method` given or none");
  }
  if (auto whole = CheckWholePictures(plan); !whole) return Failed(whole);
  if (auto loaded = LoadModulesOf(plan); !loaded) return Failed(loaded);
  auto tables = MakePlanTables(plan);
  if (!tables) return Failed(tables);
  return Preprocessor(std::make_unique<State>(plan, std::move(*tables)));
}

const Plan& Preprocessor::plan() const { return state_->plan; }

std::optional<RowShape> Preprocessor::shape() const {
  const auto size = FixedSize(state_->plan.geometry);
  if (!size) return std::nullopt;
  return ShapeOfSides(state_->plan, size->first, size->second);
}

Result<RowShape> Preprocessor::ShapeOf(std::span<const uint8_t> file) const {
  const Result<PictureInfo> info = Probe(file);
  if (!info) return Failed(info);
  int width = info->width;
  int height = info->height;
  const bool turns = state_->decode.apply_exif || CodecOf(file)->always_upright;
  if (turns && info->orientation > 4) std::swap(width, height);
  return ShapeOf(width, height);
}

Result<RowShape> Preprocessor::ShapeOf(int width, int height) const {
  // Before anybody takes memory for the row.
  if (auto size = CheckSize(width, height, state_->decode); !size) return Failed(size);
  const Result<Placement> place = Place(state_->plan.geometry, width, height);
  if (!place) return Failed(place);
  return ShapeOfSides(state_->plan, place->out_height, place->out_width);
}

Result<RowReport> Preprocessor::Run(std::span<const uint8_t> file, std::span<std::byte> row,
                                    const Stop& stop) {
  State& s = *state_;
  s.decode.stop = stop;
  s.planes.SetOutput(std::span(reinterpret_cast<uint8_t*>(row.data()), row.size()));
  return WithMemory([&]() -> Result<RowReport> {
    const Result<DecodeReport> decoded = s.decoder.Decode(file, s.decode, *s.geometry);
    if (!decoded) return Failed(decoded);
    if (auto finished = s.geometry->Finish(); !finished) return Failed(finished);
    return RowReport{decoded->picture, s.planes.placement(), decoded->kinds, s.planes.met()};
  });
}

Result<RowReport> Preprocessor::RunDecoded(const PixelView& picture, std::span<std::byte> row,
                                           const Stop& stop) {
  State& s = *state_;
  s.decode.stop = stop;
  s.planes.SetOutput(std::span(reinterpret_cast<uint8_t*>(row.data()), row.size()));
  return WithMemory([&]() -> Result<RowReport> {
    const auto source = SourceOf(picture);
    if (!source) return Failed(source);
    if (auto size = CheckSize(picture.width, picture.height, s.decode); !size) return Failed(size);
    if (auto begun = s.delivery.Begin(*source, s.decode, *s.geometry); !begun) return Failed(begun);
    if (!s.delivery.Rows(picture.samples, picture.stride_bytes, picture.height)) return Stopped();
    if (auto finished = s.geometry->Finish(); !finished) return Failed(finished);
    RowReport report = ReportOf(picture, s.decode.alpha == AlphaPolicy::kDrop);
    report.place = s.planes.placement();
    report.values = s.planes.met();
    return report;
  });
}

}  // namespace imnorm
