// Messages come back as they were sent, and no bytes of anybody are taken for one that they are
// not.
#include "decode/isolated/messages.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace imnorm {
namespace {

template <typename Message>
std::vector<uint8_t> Packed(const Message& message) {
  Packer packer;
  Pack(packer, message);
  return {packer.bytes().begin(), packer.bytes().end()};
}

ImageInfo SomeInfo() {
  ImageInfo info;
  info.width = 640;
  info.height = 480;
  info.channels = 3;
  info.type = ElementType::kU16;
  info.full_width = 1280;
  info.full_height = 960;
  info.nodata = -9999.0;
  info.reduced = true;
  return info;
}

DecodeReport SomeReport() {
  DecodeReport report;
  report.picture.format = "jpeg";
  report.picture.width = 3;
  report.picture.height = 2;
  report.picture.channels = 1;
  report.picture.frames = 7;
  report.nodata = true;
  report.Say(NoteKind::kFurtherFrames);
  report.Say(NoteKind::kCodecWarning, "odd");
  report.fallback = "a reason";
  return report;
}

}  // namespace

TEST_CASE("A job comes back with its options", "[isolated]") {
  JobMessage job;
  job.bytes = 5;
  job.files_bytes = 1 << 20;
  job.rows_bytes = 2 << 20;
  job.memory_bytes = uint64_t{3} << 30;
  job.options.apply_exif = true;
  job.options.alpha = AlphaPolicy::kMask;
  job.options.background[1] = 7;
  job.options.channels = DecodeChannels::kNative;
  job.options.depth = 16;
  job.options.max_pixels = 99;
  job.options.jpeg = JpegDecoder::kTurbo;
  job.options.png = PngDecoder::kSpng;
  job.options.jpeg_dct = JpegDct::kFloat;
  job.options.jpeg_plain_upsampling = true;
  job.options.fast_decode = true;
  job.options.palette_indices = true;
  const auto bytes = Packed(job);
  const auto back = UnpackJob(Unpacker(bytes));
  REQUIRE(back);
  CHECK(Packed(*back) == bytes);
  CHECK(back->options.alpha == AlphaPolicy::kMask);
  CHECK(back->options.jpeg_dct == JpegDct::kFloat);
  CHECK(back->options.palette_indices);
}

TEST_CASE("Answers of a process come back", "[isolated]") {
  const auto info = UnpackImageInfo(Unpacker(Packed(SomeInfo())));
  REQUIRE(info);
  CHECK(Packed(*info) == Packed(SomeInfo()));
  CHECK(info->nodata == -9999.0);

  const auto report = UnpackReport(Unpacker(Packed(SomeReport())));
  REQUIRE(report);
  CHECK(Packed(*report) == Packed(SomeReport()));
  CHECK(report->picture.format == "jpeg");
  CHECK(report->kinds.Has(NoteKind::kFurtherFrames));
  REQUIRE(report->notes.size() == 1);
  CHECK(report->notes[0].text == "odd");
  CHECK(report->fallback == "a reason");

  const Error error{ErrorCode::kUnsupported, "a kind", "depth"};
  const auto told = UnpackError(Unpacker(Packed(error)));
  REQUIRE(told);
  CHECK(told->message == "a kind");
  CHECK(told->setting == "depth");
}

TEST_CASE("What is cut, longer or of other numbers is no message", "[isolated]") {
  const auto info = Packed(SomeInfo());
  const auto report = Packed(SomeReport());
  const auto error = Packed(Error{ErrorCode::kCorrupt, "damage", ""});
  for (const auto* whole : {&info, &report, &error}) {
    for (size_t length = 0; length < whole->size(); ++length) {
      const Unpacker cut(std::span<const uint8_t>(whole->data(), length));
      CHECK_FALSE(UnpackImageInfo(cut));
      if (whole != &error) CHECK_FALSE(UnpackError(cut));
      CHECK_FALSE(UnpackReport(cut));
    }
    auto longer = *whole;
    longer.push_back(0);
    CHECK_FALSE(UnpackImageInfo(Unpacker(longer)));
    CHECK_FALSE(UnpackError(Unpacker(longer)));
    CHECK_FALSE(UnpackReport(Unpacker(longer)));
  }
  ImageInfo wide = SomeInfo();
  wide.width = -1;
  CHECK_FALSE(UnpackImageInfo(Unpacker(Packed(wide))));
  wide = SomeInfo();
  wide.channels = 0;
  CHECK_FALSE(UnpackImageInfo(Unpacker(Packed(wide))));
  DecodeReport other = SomeReport();
  other.picture.format = "nothing that is read";
  CHECK_FALSE(UnpackReport(Unpacker(Packed(other))));
  CHECK_FALSE(UnpackError(Unpacker(Packed(Error{ErrorCode(99), "", ""}))));
}

TEST_CASE("No byte of a message makes a reader go astray", "[isolated]") {
  auto bytes = Packed(SomeReport());
  for (size_t at = 0; at < bytes.size(); ++at) {
    const uint8_t kept = bytes[at];
    for (int value = 0; value < 256; ++value) {
      bytes[at] = uint8_t(value);
      const auto read = UnpackReport(Unpacker(bytes));
      if (read) CHECK(read->notes.size() <= 8);
      static_cast<void>(UnpackError(Unpacker(bytes)));
      static_cast<void>(UnpackImageInfo(Unpacker(bytes)));
    }
    bytes[at] = kept;
  }
}

TEST_CASE("Long texts are cut, so that a message is one packet", "[isolated]") {
  DecodeReport report = SomeReport();
  for (int i = 0; i < 50; ++i) report.Say(NoteKind::kCodecWarning, std::string(100'000, 'x'));
  const auto bytes = Packed(report);
  CHECK(bytes.size() < kMostMessageBytes);
  CHECK(UnpackReport(Unpacker(bytes)));
}

}  // namespace imnorm
