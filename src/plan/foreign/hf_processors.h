// What each Hugging Face image processor does where its config is silent.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "imnorm/geometry.h"
#include "imnorm/patches.h"

namespace imnorm {

// How a processor turns its size into a resize.
enum class HfSizeRule {
  kPlain,       // as the size's keys say
  kConvNext,    // crop_pct below 384, a warp from there on
  kLevit,       // short edge times 256 / 224
  kPoolFormer,  // everything over crop_pct
  kDpt,         // a warp, unless keep_aspect_ratio or ensure_multiple_of say otherwise
  kYolos,       // cut off to multiples of 16
  kMaskFormer,  // raised to multiples of size_divisor
  kVilt,        // the long side bounded by 1333 / 800, cut off to multiples of size_divisor
  kPixtral,     // only ever smaller, raised to multiples of patch_size
  kGlpn,        // the picture's own, cut off to multiples of size_divisor
  kSmart,       // smart_resize, between two numbers of pixels
  kJanus,       // the long side, then a square of its mean colour
  kSam,         // the long side, halves rounded up
  kDonut,       // the short side, then a thumbnail in the middle of the size
  kAria,        // the long side, at the top left of a square
  kSwin2Sr,     // the picture's own, and a mirrored border to multiples of size_divisor
  kZoeDepth,    // a mirrored border, then as kDpt
  kOwlv2,       // a square, blurred before it is resized
  kIdefics2,    // the long edge, then the short one whatever the ratio
};

// Of which values a class resizes pictures, where these are not bytes.
enum class HfFloats {
  kNone,
  kScaled,      // samples over 255
  kDirect,      // the same without antialiasing
  kNormalized,  // normalised ones, without antialiasing
};

enum class HfConstants { kNone, kHalf, kImageNet, kClip, kOne };

// What do_pad and pad_size do in a class.
enum class HfPad {
  kUnread,  // nothing is known of pad_size there
  kOff,     // zeros behind the normalised picture, where a config turns it on
  kOn,      // the same, unless it turns it off
};

// A default size: height and width, or the short side and a bound on the long one.
struct HfSize {
  ResizeKind kind = ResizeKind::kExact;
  int first = 0;   // kExact: height; else the short edge
  int second = 0;  // kExact: width; kShortEdgeWithin: the long edge
};

// What the classes that make rows of patches say of these.
struct HfPatches {
  int size = 0;  // 0: the class makes none
  int merge = 1;
  int frames = 1;
  int64_t min_pixels = 0;
  int64_t max_pixels = 0;
  SmartRule rule = SmartRule::kQwen;
  bool top_limits = true;  // min_pixels and max_pixels stand above size, else nobody reads them
  bool blocks = true;      // rows by blocks of patches that are merged later, else row by row
  PatchElements elements = PatchElements::kChannelsFirst;
  bool flat = true;
  bool tells_merge = false;
  bool reads_resample = true;
  int most = 0;    // rows are padded to so many; kPooled: so many tokens
  int pooled = 1;  // kPooled: patches a side of a token
};

// What the classes that cut a grid of tiles say of it; the size is a tile's.
struct HfTiles {
  std::string_view step = {};  // the key that turns them on or off, if there is one
  bool on = false;             // where that is not said
  int least = 1;
  int most = 0;         // 0: the class makes none
  int most_a_side = 0;  // 0: any
  TileRule rule = TileRule::kRatio;
  TileFit fit = TileFit::kWarp;
  Overview overview = Overview::kLast;
  PatchNumbers numbers = PatchNumbers::kCount;
  std::span<const TileSize> sizes = {};  // kSizes: of whole grids
};

struct HfProcessor {
  std::string_view name;  // without ImageProcessor and what stands behind it, or FeatureExtractor
  HfSize size;
  Filter resample;
  HfConstants constants;
  HfSizeRule rule = HfSizeRule::kPlain;
  bool square_int = false;  // what a bare int means
  int crop = 0;             // side of the centre crop, 0: unless asked for
  int spare_crop = 0;       // the same where cropping is off until asked for
  bool normalizes = true;
  bool converts_rgb = false;             // then transparent pictures are laid on white
  bool flips = false;                    // to BGR
  bool pillow = true;                    // whether there is a ...Pil class
  std::string_view pillow_unknown = {};  // what that does which is not known here
  double rescale_factor = 1.0 / 255.0;
  HfPatches patches = {};
  HfTiles tiles = {};
  HfPad pads = HfPad::kUnread;
  int pad_side = 0;  // kOn: of the square where the config does not say
  // What is told beside a picture that stays whole; kGrid: nothing.
  PatchNumbers numbers = PatchNumbers::kGrid;
  bool scores = false;  // EfficientNet's rescale_offset and include_top
  HfFloats floats = HfFloats::kNone;
  // Steps of its own, separated by spaces, that change pixels in a way that is not known here.
  std::string_view unknown_steps = {};
};

// All, by their names.
std::span<const HfProcessor> HfProcessors();

// Of these, those that make rows of patches or several pictures.
std::span<const HfProcessor> HfViewProcessors();

}  // namespace imnorm
