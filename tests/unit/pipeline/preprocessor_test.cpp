#include "imnorm/preprocessor.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "imnorm/inputs.h"
#include "imnorm/run.h"
#include "support/folder.h"
#include "unit/decode/files.h"
#include "unit/decode/formats.h"

namespace imnorm {
namespace {

using testing::Bytes;

Bytes RunOnce(Preprocessor& preprocessor, const Bytes& file) {
  const auto shape = preprocessor.ShapeOf(file);
  REQUIRE(shape);
  Bytes row(shape->bytes);
  const auto report = preprocessor.Run(file, std::as_writable_bytes(std::span(row)));
  REQUIRE(report);
  return row;
}

Plan SmallPlan() {
  Plan plan = PresetPlan("imagenet").value();
  plan.geometry.resize.size = 32;
  plan.geometry.crop.width = 24;
  plan.geometry.crop.height = 24;
  return plan;
}

TEST_CASE("rows of pictures in memory are those of a run over their files", "[pipeline]") {
  const Folder folder;
  std::vector<Bytes> files;
  InputList list;
  for (const testing::FormatFile& file : testing::FormatFiles()) {
    if (!file.decodes || file.told == "float TIFF" || file.told == "TIFF of five bands" ||
        file.told == "PF of bits 32") {
      continue;
    }
    Input input;
    input.path =
        folder.Write(std::to_string(files.size()) + ".picture",
                     {reinterpret_cast<const char*>(file.bytes.data()), file.bytes.size()});
    files.push_back(file.bytes);
    input.named = true;
    list.inputs.push_back(input);
  }
  for (const char* preset : {"imagenet", "clip", "siglip", "caffe"}) {
    const auto plan = PresetPlan(preset);
    REQUIRE(plan);
    for (Layout layout : {Layout::kNchw, Layout::kNhwc}) {
      Plan laid = *plan;
      laid.layout = layout;
      OutputOptions output;
      output.path = folder / "out.raw";
      output.format = "raw";
      output.overwrite = true;
      const auto run = Normalize(Source{list, {}}, laid, output);
      REQUIRE(run);
      REQUIRE(run->failures.empty());
      Bytes rows;
      auto preprocessor = Preprocessor::Create(laid);
      REQUIRE(preprocessor);
      for (const Bytes& file : files) {
        const Bytes row = RunOnce(*preprocessor, file);
        CHECK(row.size() == preprocessor->shape()->bytes);
        rows.insert(rows.end(), row.begin(), row.end());
      }
      CHECK(std::string(rows.begin(), rows.end()) == ReadBytes(output.path));
    }
  }
}

TEST_CASE("a shape is told before decoding, turned where the picture will be", "[pipeline]") {
  Plan plan;
  plan.method = Method::kNone;
  plan.values.rescale = false;
  plan.values.dtype = ElementType::kU8;
  for (const ExifPolicy exif : {ExifPolicy::kApply, ExifPolicy::kIgnore}) {
    plan.exif = exif;
    auto preprocessor = Preprocessor::Create(plan);
    REQUIRE(preprocessor);
    CHECK_FALSE(preprocessor->shape());
    for (const testing::FormatFile& file : testing::FormatFiles()) {
      if (!file.decodes || file.told == "float TIFF" || file.told == "TIFF of five bands" ||
          file.told == "PF of bits 32") {
        continue;
      }
      CAPTURE(file.told);
      const bool transposed = (exif == ExifPolicy::kApply || file.turned) && file.orientation > 4;
      const auto shape = preprocessor->ShapeOf(file.bytes);
      REQUIRE(shape);
      CHECK(shape->sizes[0] == 3);
      CHECK(shape->sizes[1] == (transposed ? testing::kFormatWidth : testing::kFormatHeight));
      CHECK(shape->sizes[2] == (transposed ? testing::kFormatHeight : testing::kFormatWidth));
      RunOnce(*preprocessor, file.bytes);
    }
  }
}

TEST_CASE("more pixels than are allowed have no shape that somebody takes memory for",
          "[pipeline]") {
  Plan plan = SmallPlan();
  plan.geometry = {};
  plan.max_pixels = 1000;
  const auto preprocessor = Preprocessor::Create(plan);
  REQUIRE(preprocessor);
  CHECK(preprocessor->ShapeOf(40, 25).value().sizes[2] == 40);
  const std::string header = "P6 40 26 255\n";
  const auto told = preprocessor->ShapeOf(Bytes(header.begin(), header.end()));
  REQUIRE_FALSE(told);
  CHECK(told.error().code == ErrorCode::kTooLarge);
  CHECK(preprocessor->ShapeOf(2147483647, 2147483647).error().code == ErrorCode::kTooLarge);
}

TEST_CASE("a decoded picture's row is that of its file, whatever its stride", "[pipeline]") {
  const int width = 61, height = 47;
  for (const int channels : {1, 3}) {
    Bytes file;
    const std::string header = (channels == 1 ? "P5 " : "P6 ") + std::to_string(width) + " " +
                               std::to_string(height) + " 255\n";
    file.assign(header.begin(), header.end());
    const size_t row_bytes = size_t(width) * size_t(channels);
    const size_t stride = row_bytes + 5;
    Bytes samples(stride * size_t(height));
    for (int y = 0; y < height; ++y) {
      for (size_t x = 0; x < row_bytes; ++x) {
        const auto value = uint8_t(x * 7 + size_t(y) * 13 + x * size_t(y) / 9);
        samples[size_t(y) * stride + x] = value;
        file.push_back(value);
      }
    }
    auto preprocessor = Preprocessor::Create(SmallPlan());
    REQUIRE(preprocessor);
    const PixelView picture{samples.data(), width, height, channels, stride};
    Bytes row(preprocessor->shape()->bytes);
    CHECK(preprocessor->ShapeOf(width, height).value() == *preprocessor->shape());
    REQUIRE(preprocessor->RunDecoded(picture, std::as_writable_bytes(std::span(row))));
    CHECK(row == RunOnce(*preprocessor, file));
  }
}

TEST_CASE("a decoded picture that cannot be one is refused", "[pipeline]") {
  auto preprocessor = Preprocessor::Create(SmallPlan());
  REQUIRE(preprocessor);
  const Bytes samples(64 * 64 * 4, 9);
  Bytes row(preprocessor->shape()->bytes);
  for (const PixelView& wrong :
       {PixelView{samples.data(), 64, 64, 0, 256}, PixelView{samples.data(), 64, 64, 5, 512},
        PixelView{samples.data(), 64, 64, 3, 191}, PixelView{samples.data(), 0, 64, 3, 192},
        PixelView{samples.data(), 64, -1, 3, 192},
        PixelView{samples.data(), 1 << 20, 1 << 20, 3}}) {
    CHECK_FALSE(preprocessor->RunDecoded(wrong, std::as_writable_bytes(std::span(row))));
  }
  const PixelView rgba{samples.data(), 64, 64, 4, 256};
  const auto report = preprocessor->RunDecoded(rgba, std::as_writable_bytes(std::span(row)));
  REQUIRE(report);
  CHECK(report->notes.Has(NoteKind::kAlphaDropped));
}

TEST_CASE("a row of another length is refused and nothing beyond it is touched", "[pipeline]") {
  auto preprocessor = Preprocessor::Create(SmallPlan());
  REQUIRE(preprocessor);
  const size_t bytes = preprocessor->shape()->bytes;
  CHECK(bytes == 3 * 24 * 24 * 4);
  const Bytes file = testing::MakeJpeg(60, 50);
  for (size_t length : {size_t(0), bytes - 1, bytes + 1}) {
    Bytes row(bytes + 8, 77);
    const auto report =
        preprocessor->Run(file, std::as_writable_bytes(std::span(row).first(length)));
    REQUIRE_FALSE(report);
    CHECK(report.error().code == ErrorCode::kBadArgument);
    CHECK(row == Bytes(bytes + 8, 77));
  }
  Bytes row(bytes + 8, 77);
  REQUIRE(preprocessor->Run(file, std::as_writable_bytes(std::span(row).first(bytes))));
  CHECK(Bytes(row.end() - 8, row.end()) == Bytes(8, 77));
}

TEST_CASE("a preprocessor goes on after damage, and tells what it skipped", "[pipeline]") {
  auto preprocessor = Preprocessor::Create(SmallPlan());
  REQUIRE(preprocessor);
  const Bytes good = testing::MakeJpeg(60, 50);
  const Bytes first = RunOnce(*preprocessor, good);
  Bytes row(first.size());
  const auto span = std::as_writable_bytes(std::span(row));
  const auto damaged = preprocessor->Run(std::span(good).first(good.size() / 2), span);
  REQUIRE_FALSE(damaged);
  CHECK(damaged.error().code == ErrorCode::kCorrupt);
  CHECK_FALSE(preprocessor->Run(testing::BytesOf("words"), span));
  CHECK(RunOnce(*preprocessor, good) == first);
  for (const testing::FormatFile& file : testing::FormatFiles()) {
    if (file.told != "16-bit PNG") continue;
    const auto report = preprocessor->Run(file.bytes, span);
    REQUIRE(report);
    CHECK(report->notes.Has(NoteKind::kBitsReduced));
    CHECK(report->picture.format == "png");
    CHECK(report->place.out_width == 24);
  }
}

TEST_CASE("a picture is stopped by whoever asks, and the next one is not", "[pipeline]") {
  auto preprocessor = Preprocessor::Create(SmallPlan());
  REQUIRE(preprocessor);
  const Bytes file = testing::MakeJpeg(60, 50);
  Bytes row(preprocessor->shape()->bytes);
  const auto span = std::as_writable_bytes(std::span(row));
  const auto stopped = preprocessor->Run(file, span, Stop([] { return true; }));
  REQUIRE_FALSE(stopped);
  CHECK(stopped.error().code == ErrorCode::kCancelled);
  CHECK(preprocessor->Run(file, span));
}

TEST_CASE("plans that no picture alone can follow are refused", "[pipeline]") {
  for (Method method : {Method::kBatch, Method::kLayer, Method::kInstance, Method::kGroup}) {
    Plan plan;
    plan.method = method;
    const auto refused = Preprocessor::Create(plan);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().setting == "method");
  }
  Plan plan = SmallPlan();
  plan.channels = ChannelOrder::kNative;
  CHECK_FALSE(Preprocessor::Create(plan));
  plan = SmallPlan();
  plan.alpha = AlphaPolicy::kMask;
  CHECK_FALSE(Preprocessor::Create(plan));
  plan = SmallPlan();
  plan.denormalize = true;
  CHECK_FALSE(Preprocessor::Create(plan));
  plan = SmallPlan();
  plan.values.std = {0.0};
  CHECK_FALSE(Preprocessor::Create(plan));
}

}  // namespace
}  // namespace imnorm
