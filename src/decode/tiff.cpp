#include "decode/tiff.h"

#include <fmt/format.h>

#include <memory>

#include "decode/tiff_directory.h"
#include "decode/tiff_rows.h"
#include "module/module.h"

namespace imnorm {
namespace {

constexpr int kExtraSamplesTag = 338;

Result<const ImnormTiffApi*> Load() {
  Result<void*> entry = LoadModule("imnorm_tiff.so", IMNORM_TIFF_ENTRY);
  if (!entry) return tl::unexpected<Error>(std::move(entry.error()));
  const ImnormTiffApi* api = reinterpret_cast<ImnormTiffEntry>(*entry)();
  if (api->api != kImnormTiffApi) {
    return Fail(ErrorCode::kUnsupported, "imnorm_tiff.so belongs to another version of imnorm");
  }
  return api;
}

Result<const ImnormTiffApi*> LoadTiff() {
  static const Result<const ImnormTiffApi*> api = Load();
  return api;
}

// What the module's callback needs.
struct Receiver {
  const TiffRowConverter& converter;
  Delivery& delivery;
  std::vector<uint8_t>& row;
  std::vector<uint8_t>& narrow;
};

void ReceiveRows(void* user, const uint8_t* rows, size_t stride_bytes, uint32_t, uint32_t count) {
  auto& receiver = *static_cast<Receiver*>(user);
  for (uint32_t i = 0; i < count; ++i, rows += stride_bytes) {
    receiver.converter.Convert(rows, receiver.narrow, receiver.row.data());
    receiver.delivery.Rows(receiver.row.data(), receiver.row.size(), 1);
  }
}

}  // namespace

Result<void> TiffDecoder::Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                                 RowConsumer& consumer, DecodeReport& report) {
  const Result<const ImnormTiffApi*> api = LoadTiff();
  if (!api) return tl::unexpected<Error>(api.error());
  const TiffDirectory directory(bytes);
  if (const std::string part = directory.CutOff(); !part.empty()) {
    return Fail(ErrorCode::kCorrupt, fmt::format("the file ends before {}", part));
  }
  char error[kImnormTiffErrorBytes];
  void* handle = nullptr;
  ImnormTiffInfo info = {};
  if ((*api)->open(bytes.data(), bytes.size(), &handle, &info, error) != 0) {
    return Fail(ErrorCode::kCorrupt, error);
  }
  const std::unique_ptr<void, void (*)(void*)> file(handle, (*api)->close);
  if (auto size = CheckSize(info.width, info.height, options); !size) return size;
  report.stored_width = int(info.width);
  report.stored_height = int(info.height);

  // Where the tag is missing libtiff takes a fourth sample for premultiplied alpha; Pillow does
  // not.
  if (!directory.Has(kExtraSamplesTag)) info.first_extra = -1;
  const Result<TiffPlan> plan = PlanTiff(info, options.channels);
  if (!plan) return tl::unexpected<Error>(plan.error());
  const TiffRowConverter converter(info, *plan, options.depth);
  if (auto begun = delivery_.Begin(converter.source(), options, consumer); !begun) return begun;
  row_.resize(converter.source().stride_bytes());
  Receiver receiver{converter, delivery_, row_, narrow_};
  if ((*api)->read_rows(file.get(), ReceiveRows, &receiver, error) != 0) {
    return Fail(ErrorCode::kCorrupt, error);
  }
  if (info.more_directories) {
    report.notes.push_back("a file of several pictures: the first is read");
  }
  if (plan->meaning == TiffMeaning::kGray && info.bits == 16 && options.depth == 8) {
    report.notes.push_back("16-bit grey reduced to its high byte");
  }
  return {};
}

}  // namespace imnorm
