#include "sink/tensor_sink.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <thread>

#include "imnorm/tensor.h"
#include "support/folder.h"

namespace imnorm {

TEST_CASE("rows written in any order by any thread stand where they belong", "[sink]") {
  for (const auto& [name, format, header] : {std::tuple{"t.npy", FileFormat::kNpy, true},
                                             {"t.safetensors", FileFormat::kSafetensors, true},
                                             {"t.raw", FileFormat::kRaw, false}}) {
    CAPTURE(name);
    const Folder folder;
    auto sink = TensorSink::Create(folder / name, format, DType::kFloat32, false).value();
    CHECK_FALSE(sink.has_shape());
    REQUIRE(sink.SetRowShape({3, 2}, 8));
    REQUIRE(sink.row_bytes() == 24);
    const auto write = [&](int first) {
      for (int row = first; row >= 0; row -= 2) {
        const std::vector<float> values(6, float(row));
        if (!sink.WriteRow(uint64_t(row), values.data())) std::abort();
      }
    };
    std::thread odd(write, 5);
    write(4);
    odd.join();
    float back[6];
    REQUIRE(sink.ReadRows(5, 1, back));
    CHECK(back[0] == 5.0f);
    REQUIRE(sink.Seal(6));
    REQUIRE(sink.file().Publish());
    std::vector<float> values(36);
    if (header) {
      const TensorFile file = TensorFile::Open(folder / name).value();
      CHECK(file.type() == ElementType::kF32);
      CHECK(file.shape() == std::vector<int64_t>{6, 3, 2});
      REQUIRE(file.Read(0, 36, values.data()));
    } else {
      const std::string bytes = ReadBytes(folder / name);
      REQUIRE(bytes.size() == 144);
      std::memcpy(values.data(), bytes.data(), 144);
    }
    for (size_t i = 0; i < 36; ++i) REQUIRE(values[i] == float(i / 6));
  }
}

TEST_CASE("fewer rows than were reserved make a shorter file, not a padded one", "[sink]") {
  const Folder folder;
  auto sink = TensorSink::Create(folder / "t.npy", FileFormat::kNpy, DType::kUInt8, false).value();
  REQUIRE(sink.SetRowShape({10}, 1000));
  REQUIRE(sink.WriteRow(0, "0123456789"));
  REQUIRE(sink.Seal(1));
  REQUIRE(sink.file().Publish());
  const std::string bytes = ReadBytes(folder / "t.npy");
  CHECK(bytes.size() % 64 == 10);
  CHECK(bytes.ends_with("0123456789"));
  CHECK(TensorFile::Open(folder / "t.npy")->shape() == std::vector<int64_t>{1, 10});
}

TEST_CASE("every element type goes through every format that has it", "[sink]") {
  const Folder folder;
  for (const auto& [dtype, type] : {std::pair{DType::kFloat32, ElementType::kF32},
                                    {DType::kFloat16, ElementType::kF16},
                                    {DType::kBFloat16, ElementType::kBF16},
                                    {DType::kUInt8, ElementType::kU8},
                                    {DType::kInt8, ElementType::kI8}}) {
    for (const auto& [name, format] :
         {std::pair{"t.npy", FileFormat::kNpy}, {"t.safetensors", FileFormat::kSafetensors}}) {
      CAPTURE(name, int(dtype));
      auto sink = TensorSink::Create(folder / name, format, dtype, true);
      if (dtype == DType::kBFloat16 && format == FileFormat::kNpy) {
        REQUIRE_FALSE(sink);
        CHECK(sink.error().code == ErrorCode::kBadArgument);
        CHECK(sink.error().message.find("safetensors") != std::string::npos);
        continue;
      }
      REQUIRE(sink);
      REQUIRE(sink->SetRowShape({1, 1, 2}, 1));
      REQUIRE(sink->WriteRow(0, "01234567"));
      REQUIRE(sink->Seal(1));
      REQUIRE(sink->file().Publish());
      const auto file = TensorFile::Open(folder / name);
      REQUIRE(file);
      CHECK(file->type() == type);
      CHECK(file->shape() == std::vector<int64_t>{1, 1, 1, 2});
    }
  }
}

TEST_CASE("a header has room for the longest shape there can be", "[sink]") {
  const Folder folder;
  for (const char* name : {"t.npy", "t.safetensors"}) {
    auto sink = TensorSink::Create(folder / name, FormatOfPath(name).value(), DType::kFloat32, true)
                    .value();
    // Five dimensions of the largest side; no rows, so that no disk is needed.
    REQUIRE(sink.SetRowShape({1 << 24, 1, 1 << 24, 1}, 0));
    REQUIRE(sink.Seal(0));
    REQUIRE(sink.file().Publish());
    CHECK(ReadBytes(folder / name).find("16777216") != std::string::npos);
  }
}

TEST_CASE("the extension names the format, an unknown one names the flag", "[sink]") {
  CHECK(FormatOfPath("a.npy") == FileFormat::kNpy);
  CHECK(FormatOfPath("a.safetensors") == FileFormat::kSafetensors);
  CHECK(FormatOfPath("a.raw") == FileFormat::kRaw);
  const auto unknown = FormatOfPath("a.jpg");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().message.find("--format") != std::string::npos);
}

}  // namespace imnorm
