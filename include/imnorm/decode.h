// Picture files in memory -> pixels.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "imnorm/error.h"
#include "imnorm/image.h"
#include "imnorm/memory.h"
#include "imnorm/notes.h"
#include "imnorm/probe.h"
#include "imnorm/rows.h"
#include "imnorm/stop.h"

namespace imnorm {

// What becomes of an alpha channel. kMask keeps it as the last channel (statistics only).
enum class AlphaPolicy { kDrop, kComposite, kMask };

// Which channels are delivered. BGR is an order of output planes, not of decoding: see plan.h.
// kNative delivers what the file has (multi-band TIFF: N channels).
enum class DecodeChannels { kRgb, kGray, kNative };

// Whether the colours of a picture that holds an ICC profile are brought to sRGB by it (Little CMS,
// perceptual, 8 bits), as Pillow's ImageCms does. No reference library does so by itself.
enum class IccPolicy { kIgnore, kSrgb };

enum class JpegDecoder { kAuto, kTurbo };

// How the inverse DCT of a JPEG is computed: to the last bit as all common settings do, or as other
// decoders do.
enum class JpegDct { kAccurate, kFast, kFloat };
enum class PngDecoder { kAuto, kSpng };

// How pixels are delivered, before any geometry.
struct DecodeOptions {
  // TIFF's own orientation tag is always applied, as Pillow does on loading.
  bool apply_exif = false;
  AlphaPolicy alpha = AlphaPolicy::kDrop;
  uint8_t background[3] = {255, 255, 255};  // for kComposite
  DecodeChannels channels = DecodeChannels::kRgb;
  int depth = 8;  // 8, or 16: 16-bit pictures keep their samples, 8-bit ones stay 8-bit
  int64_t max_pixels = 178956970;
  JpegDecoder jpeg = JpegDecoder::kAuto;
  PngDecoder png = PngDecoder::kAuto;
  // Which page of a TIFF, frame of an animation or picture of an MPO, from 0; none: the first, and
  // that there are more is said. GIF, WebP and PNG: the canvas as it is then, as Pillow has it.
  std::optional<uint64_t> frame = {};
  // Arithmetic of other JPEG decoders, to find out whether pixels come from one: never a run's.
  JpegDct jpeg_dct = JpegDct::kAccurate;
  bool jpeg_plain_upsampling = false;  // colours are repeated, not blended
  // JPEGs that will be made smaller anyway are reduced while they are decoded (libjpeg's DCT
  // scaling): faster, and not the same pixels.
  bool fast_decode = false;
  // Palette pictures give their indices, as one channel, in place of the colours (TIFF: scaled to
  // the range of a byte).
  bool palette_indices = false;
  // kSrgb: of 8 bits, as kRgb or kGray. A damaged profile then is a damaged picture.
  IccPolicy icc = IccPolicy::kIgnore;
  // CMYK pictures give their inks, as four channels in which 255 is none, in place of colours.
  bool inks = false;
  // What pictures that are decoded with these options share; null: as much as they take.
  std::shared_ptr<MemoryBudget> memory;
  // The program whose main calls ServeDecoding: pictures are decoded in a sandboxed process of it,
  // one a Decoder. "": in this process.
  std::string isolate;
  // Seconds that a picture may take, waits for memory aside; 0: as many as it does. In this process
  // asked between bands of rows, as `stop` is.
  double timeout = 0;
  // Asked between bands of rows; true ends a picture.
  Stop stop;

  bool stopped() const { return stop(); }
};

// What a note says beyond its kind.
struct DecodeNote {
  NoteKind kind;
  std::string text;
};

// What a finished decode says of its file.
struct DecodeReport {
  PictureInfo picture;  // what the headers say, whether orientation is applied or not
  bool nodata = false;  // it declares a value that is no data
  // Why a good picture deserves a word: a harmless codec warning, 16-bit samples reduced...
  NoteSet kinds;
  std::vector<DecodeNote> notes;  // those that NoteText does not say whole
  // Why our own decoder left the JPEG or PNG to its library (static text); empty if it did not.
  std::string_view fallback;

  void Say(NoteKind kind) { kinds.Add(kind); }
  void Say(NoteKind kind, std::string text) {
    kinds.Add(kind);
    notes.push_back({kind, std::move(text)});
  }
};

class MemoryShare;  // of a run

// Decodes pictures one after another, keeping codec handles and buffers between them; those of a
// format are made when the first picture of it comes.
//
// Threads:  one Decoder a thread
class Decoder {
 public:
  Decoder();
  ~Decoder();
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // Decodes a file, row band by row band.
  //
  // Rules:    pixels are Pillow's convert("RGB") or convert("L") byte for byte (16-bit grey keeps
  //           its high byte). On error nothing that the consumer received counts.
  //           A picture that takes much memory waits for its share of options.memory
  // Errors:   kCorrupt (any damage the codec sees), kUnsupported (also a frame that is not there),
  //           kTooLarge (from the header,
  //           before allocation), kCancelled (options.stop; says nothing of the picture), kTimeout,
  //           kCrashed (options.isolate), and whatever the consumer's Begin returned;
  //           kInstallation, kIo: a process for it cannot be begun
  Result<DecodeReport> Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                              RowConsumer& consumer);

  // The same, where the caller sees to the memory: if the share has to be waited for, the picture
  // fails and is to be decoded again.
  Result<DecodeReport> Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                              RowConsumer& consumer, MemoryShare& share);

  // The same into a whole picture.
  Result<DecodeReport> Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                              Image& image);

 private:
  struct State;
  class Shrink;
  std::unique_ptr<State> state_;
};

// Names and versions of the codecs, as the version text and the manifest print them:
// {"libjpeg-turbo", "2.1.5"}, ... No module is loaded for this.
struct CodecVersion {
  std::string name;
  std::string version;
};
std::vector<CodecVersion> CodecVersions();

}  // namespace imnorm
