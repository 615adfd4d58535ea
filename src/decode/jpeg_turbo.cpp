// JPEG through libjpeg-turbo: one object of libjpeg's a picture, its errors as values.
#include "decode/jpeg_turbo.h"

#include <fmt/format.h>

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <new>
#include <string>
#include <vector>
// After <cstdio>, which they need and do not include.
#include <jerror.h>
#include <jpeglib.h>

#include "decode/delivery.h"
#include "decode/jpeg_kind.h"

namespace imnorm {
namespace {

constexpr int kBandRows = 16;

// Encoders write at most about a dozen scans. Each scan walks all coefficients whatever it holds,
// so a file of a few kilobytes with thousands of empty ones would cost minutes. Small pictures may
// have many; for large ones the product with the pixels is bounded, at about 2 s.
constexpr int kMaxScans = 100;
constexpr int kScansForAnySize = 25;
constexpr int64_t kMaxScannedPixels = int64_t(1) << 32;

int AllowedScans(const jpeg_decompress_struct& cinfo) {
  const int64_t pixels = int64_t(cinfo.image_width) * cinfo.image_height;
  return int(std::clamp<int64_t>(kMaxScannedPixels / pixels, kScansForAnySize, kMaxScans));
}

// Warnings that leave every pixel as it was meant.
bool IsHarmless(int code) {
  return code == JWRN_EXTRANEOUS_DATA || code == JWRN_NOT_SEQUENTIAL || code == JWRN_ADOBE_XFORM ||
         code == JWRN_JFIF_MAJOR || code == JWRN_BOGUS_ICC;
}

// Errors that speak of a valid file of a kind that libjpeg-turbo does not read. Processes and
// precisions are not among them: NameOfUnreadJpeg tells those of sound files from damaged markers.
bool IsUnsupported(int code) {
  return code == JERR_ARITH_NOTIMPL || code == JERR_CONVERSION_NOTIMPL ||
         code == JERR_CCIR601_NOTIMPL || code == JERR_FRACT_SAMPLE_NOTIMPL ||
         code == JERR_NOTIMPL || code == JERR_NOT_COMPILED || code == JERR_COMPONENT_COUNT ||
         code == JERR_IMAGE_TOO_BIG || code == JERR_WIDTH_OVERFLOW;
}

// libjpeg's error manager with a way out. Everything in it is plain: longjmp runs no destructors.
struct ErrorManager {
  jpeg_error_mgr base;  // first, so that cinfo->err is also this
  jmp_buf jump;
  int fatal_code;  // libjpeg's, kTooManyScans or kStopped
  char fatal_text[JMSG_LENGTH_MAX];
  const Stop* stop;
  uint32_t components_seen;  // a bit for each that a scan named
  int notes;
  char note_text[5][JMSG_LENGTH_MAX];
  int note_code[5];
};

constexpr int kTooManyScans = -1;
constexpr int kStopped = -2;

[[noreturn]] void LeaveWithError(j_common_ptr cinfo) {
  auto* manager = reinterpret_cast<ErrorManager*>(cinfo->err);
  manager->fatal_code = manager->base.msg_code;
  manager->base.format_message(cinfo, manager->fatal_text);
  std::longjmp(manager->jump, 1);
}

void HandleMessage(j_common_ptr cinfo, int level) {
  if (level >= 0) return;  // a trace
  auto* manager = reinterpret_cast<ErrorManager*>(cinfo->err);
  const int code = manager->base.msg_code;
  if (!IsHarmless(code)) LeaveWithError(cinfo);
  for (int i = 0; i < manager->notes; ++i) {
    if (manager->note_code[i] == code) return;
  }
  if (manager->notes == 5) return;
  manager->note_code[manager->notes] = code;
  manager->base.format_message(cinfo, manager->note_text[manager->notes]);
  ++manager->notes;
}

void WriteNothing(j_common_ptr) {}

// libjpeg asks this before each piece of every scan.
void WatchScans(j_common_ptr cinfo) {
  auto* decompress = reinterpret_cast<j_decompress_ptr>(cinfo);
  auto* manager = reinterpret_cast<ErrorManager*>(cinfo->err);
  for (int i = 0; i < decompress->comps_in_scan; ++i) {
    manager->components_seen |= 1U << decompress->cur_comp_info[i]->component_index;
  }
  const bool stopped = manager->stop != nullptr && (*manager->stop)();
  if (!stopped && decompress->input_scan_number <= AllowedScans(*decompress)) return;
  manager->fatal_code = stopped ? kStopped : kTooManyScans;
  std::longjmp(manager->jump, 1);
}

}  // namespace

struct TurboDecoder::State {
  jpeg_decompress_struct cinfo = {};
  ErrorManager errors = {};
  jpeg_progress_mgr progress = {};
  std::vector<uint8_t> band;
  Delivery delivery;

  // Runs a step of plain code that may leave by longjmp; false if it did.
  template <typename Step>
  bool Try(Step&& step) {
    if (setjmp(errors.jump) != 0) return false;
    step();
    return true;
  }

  bool Create();
  Result<void> Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                      RowConsumer& consumer, DecodeReport& report);
  Result<PixelKind> ChooseColors();
  Result<void> CheckScans(DecodeReport& report) const;
  tl::unexpected<Error> Failure() const;
};

// Begins a picture from nothing. An object that is kept and aborted keeps its quantisation and
// Huffman tables, by libjpeg's design: a file without tables would be decoded with its neighbour's.
// A new object costs some allocations, a few microseconds.
bool TurboDecoder::State::Create() {
  cinfo = {};
  errors = {};
  progress = {};
  cinfo.err = jpeg_std_error(&errors.base);
  errors.base.error_exit = LeaveWithError;
  errors.base.emit_message = HandleMessage;
  errors.base.output_message = WriteNothing;
  progress.progress_monitor = WatchScans;
  return Try([this] { jpeg_create_decompress(&cinfo); });
}

tl::unexpected<Error> TurboDecoder::State::Failure() const {
  if (errors.fatal_code == kStopped) return Stopped();
  if (errors.fatal_code == kTooManyScans) {
    return Fail(ErrorCode::kUnsupported,
                fmt::format("more than {} scans: no encoder writes so many, and each costs a pass "
                            "over the picture; jpegtran rewrites the file with few",
                            AllowedScans(cinfo)));
  }
  if (errors.fatal_code == JERR_OUT_OF_MEMORY) throw std::bad_alloc();
  const auto code =
      IsUnsupported(errors.fatal_code) ? ErrorCode::kUnsupported : ErrorCode::kCorrupt;
  return Fail(code, errors.fatal_text);
}

Result<PixelKind> TurboDecoder::State::ChooseColors() {
  switch (cinfo.num_components) {
    case 1:
      cinfo.out_color_space = JCS_GRAYSCALE;
      return PixelKind::kGray;
    case 3:
      cinfo.out_color_space = JCS_RGB;
      return PixelKind::kRgb;
    case 4:
      // Pillow undoes Adobe's inversion whether there is an Adobe marker or not.
      cinfo.out_color_space = JCS_CMYK;
      return PixelKind::kInvertedCmyk;
    default:
      return Fail(ErrorCode::kUnsupported,
                  fmt::format("a JPEG of {} components", cinfo.num_components));
  }
}

// What libjpeg passes over: a file of several scans that ends, with an end marker, before the last.
// It gives flat colour for a component that no scan brought, which is damage; coefficients that are
// still missing or coarse make a picture that some encoder may have meant, which deserves a note.
Result<void> TurboDecoder::State::CheckScans(DecodeReport& report) const {
  for (int c = 0; c < cinfo.num_components; ++c) {
    if ((errors.components_seen >> c & 1) == 0) {
      return Fail(ErrorCode::kCorrupt, fmt::format("no scan of component {} of {}: the file ends "
                                                   "before its pixels do",
                                                   c + 1, cinfo.num_components));
    }
  }
  if (!cinfo.progressive_mode) return {};
  for (int c = 0; c < cinfo.num_components; ++c) {
    // -1: the coefficient did not come; above 0: so many low bits of it did not.
    const int* bits = cinfo.coef_bits[c];
    if (std::any_of(bits, bits + DCTSIZE2, [](int missing) { return missing != 0; })) {
      report.Say(NoteKind::kScansMissing,
                 "ends before its last scan: coefficients are missing or coarse");
      return {};
    }
  }
  return {};
}

Result<void> TurboDecoder::State::Decode(std::span<const uint8_t> bytes,
                                         const DecodeOptions& options, RowConsumer& consumer,
                                         DecodeReport& report) {
  errors.stop = &options.stop;
  const bool header_read = Try([this, bytes] {
    jpeg_mem_src(&cinfo, bytes.data(), static_cast<unsigned long>(bytes.size()));
    jpeg_read_header(&cinfo, TRUE);
  });
  if (!header_read) return Failure();
  if (auto size = CheckSize(cinfo.image_width, cinfo.image_height, options); !size) return size;
  const Result<PixelKind> kind = ChooseColors();
  if (!kind) return Failed(kind);
  if (options.fast_decode) {
    cinfo.scale_num = 1;
    cinfo.scale_denom =
        unsigned(consumer.Reduction(int(cinfo.image_width), int(cinfo.image_height)));
  }
  if (options.jpeg_dct != JpegDct::kAccurate) {
    cinfo.dct_method = options.jpeg_dct == JpegDct::kFast ? JDCT_IFAST : JDCT_FLOAT;
  }
  if (options.jpeg_plain_upsampling) cinfo.do_fancy_upsampling = FALSE;
  if (!Try([this] { jpeg_calc_output_dimensions(&cinfo); })) return Failure();
  SourceInfo source{int(cinfo.output_width), int(cinfo.output_height), *kind};
  source.full_width = int(cinfo.image_width);
  source.full_height = int(cinfo.image_height);
  if (auto begun = delivery.Begin(source, options, consumer); !begun) return begun;

  cinfo.progress = &progress;
  if (!Try([this] { jpeg_start_decompress(&cinfo); })) return Failure();
  // All scans of a file of several were read by then.
  if (jpeg_has_multiple_scans(&cinfo)) {
    if (auto whole = CheckScans(report); !whole) return whole;
  }
  const size_t stride = source.stride_bytes();
  band.resize(stride * kBandRows);
  JSAMPROW rows[kBandRows];
  for (int i = 0; i < kBandRows; ++i) rows[i] = band.data() + size_t(i) * stride;
  while (cinfo.output_scanline < cinfo.output_height) {
    const JDIMENSION first = cinfo.output_scanline;
    const bool read = Try([this, &rows, first] {
      // One call gives as many rows as one pass of upsampling: one or two.
      while (cinfo.output_scanline < cinfo.output_height &&
             cinfo.output_scanline - first < kBandRows) {
        const JDIMENSION done = cinfo.output_scanline - first;
        jpeg_read_scanlines(&cinfo, rows + done, kBandRows - done);
      }
    });
    if (!read) return Failure();
    if (!delivery.Rows(band.data(), stride, int(cinfo.output_scanline - first))) return Stopped();
  }
  // Hundreds of damaged files deliver every row and fail only here.
  if (!Try([this] { jpeg_finish_decompress(&cinfo); })) return Failure();
  return {};
}

TurboDecoder::TurboDecoder() : state_(std::make_unique<State>()) {}

TurboDecoder::~TurboDecoder() = default;

Result<void> TurboDecoder::Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                                  RowConsumer& consumer, DecodeReport& report) {
  State& state = *state_;
  Result<void> result = state.Create() ? state.Decode(bytes, options, consumer, report)
                                       : Result<void>(state.Failure());
  // Also frees what a creation that failed had allocated.
  jpeg_destroy_decompress(&state.cinfo);
  if (!result && state.errors.fatal_code > 0) {
    if (const std::string name = NameOfUnreadJpeg(bytes); !name.empty()) {
      return Fail(ErrorCode::kUnsupported, name + " is not read; convert it to PNG");
    }
  }
  for (int i = 0; result && i < state.errors.notes; ++i) {
    report.Say(NoteKind::kCodecWarning,
               fmt::format("harmless to the pixels: {}", state.errors.note_text[i]));
  }
  return result;
}

const char* TurboVersion() {
#define IMNORM_TEXT_OF(x) #x
#define IMNORM_TEXT(x) IMNORM_TEXT_OF(x)
  return IMNORM_TEXT(LIBJPEG_TURBO_VERSION);
#undef IMNORM_TEXT
#undef IMNORM_TEXT_OF
}

}  // namespace imnorm
