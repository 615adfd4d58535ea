// Source: the class attributes of transformers 5.24, the same in both backends: those that make
// rows of patches, or several pictures of one.
#include <array>

#include "plan/foreign/hf_processors.h"
#include "plan/foreign/hf_rows.h"

namespace imnorm {
namespace {

using namespace hf_rows;

// The classes that make rows of patches differ in little else.
constexpr HfProcessor Patches(std::string_view name, C constants, const HfPatches& patches,
                              bool pillow = true) {
  return {.name = name,
          .size = {ResizeKind::kSmart},
          .resample = F::kBicubic,
          .constants = constants,
          .rule = HfSizeRule::kSmart,
          .converts_rgb = true,
          .pillow = pillow,
          .patches = patches};
}

constexpr HfPatches kQwenPatches = {14, 2, 2, 3136, 1003520};
constexpr HfPatches kGlmPatches = {
    14, 2, 2, 12544, 11760000, SmartRule::kGlm, /*top_limits=*/false};
constexpr HfPatches kErniePatches = {
    14, 2, 1, 3136, 4842768, SmartRule::kQwen, /*top_limits=*/false};
constexpr HfPatches kHunYuanPatches = {.size = 16,
                                       .merge = 2,
                                       .min_pixels = 262144,
                                       .max_pixels = 4194304,
                                       .blocks = false,
                                       .reads_resample = false};

constexpr HfTiles kIdeficsTiles = {.step = "do_image_splitting",
                                   .on = true,
                                   .most = 1,
                                   .rule = TileRule::kOwn,
                                   .numbers = PatchNumbers::kRowsColsOf};
constexpr TileSize kLlavaNextSizes[] = {
    {672, 336}, {336, 672}, {672, 672}, {336, 1008}, {1008, 336}};
// All of 1 to 6 by 1 to 6 tiles of 384, columns within rows.
constexpr auto kOnevisionSizes = [] {
  std::array<TileSize, 36> sizes;
  for (int i = 0; i < 36; ++i) sizes[size_t(i)] = {(i % 6 + 1) * 384, (i / 6 + 1) * 384};
  return sizes;
}();

constexpr HfProcessor kViewProcessors[] = {
    {.name = "Cohere2Vision",
     .size = Square(512),
     .resample = F::kBicubic,
     .constants = C::kClip,
     .square_int = true,
     .converts_rgb = true,
     .pillow = false,
     .tiles = {.step = "crop_to_patches", .on = true, .most = 12, .rule = TileRule::kScale}},
    Patches("CohereCompass", C::kClip, kQwenPatches),
    Patches("Cosmos3Edge", C::kHalf,
            {.size = 16,
             .merge = 2,
             .min_pixels = 65536,
             .max_pixels = 16777216,
             .rule = SmartRule::kGlm,
             .top_limits = false,
             .elements = PatchElements::kChannelsLast}),
    Patches("Ernie4_5_VLMoe", C::kClip, kErniePatches),
    Patches("Ernie4_5_VL_Moe", C::kClip, kErniePatches),
    {.name = "Gemma4",
     .size = {ResizeKind::kSmart},
     .resample = F::kBicubic,
     .constants = C::kNone,
     .rule = HfSizeRule::kSmart,
     .normalizes = false,
     .converts_rgb = true,
     .patches = {.size = 16,
                 .rule = SmartRule::kPooled,
                 .elements = PatchElements::kChannelsLast,
                 .most = 280,
                 .pooled = 3}},
    Patches("Glm46V", C::kClip, kGlmPatches),
    Patches("Glm4v", C::kClip, kGlmPatches),
    Patches("GlmImage", C::kClip, {14, 2, 2, 3136, 1003520, SmartRule::kGlmImage}),
    Patches("Glmga", C::kClip, kGlmPatches),
    {.name = "GotOcr2",
     .size = Square(384),
     .resample = F::kBicubic,
     .constants = C::kClip,
     .square_int = true,
     .converts_rgb = true,
     .tiles = {.step = "crop_to_patches", .most = 12}},
    {.name = "GraniteDocling",
     .size = Square(512),
     .resample = F::kBicubic,
     .constants = C::kClip,
     .square_int = true,
     .converts_rgb = true,
     .pillow = false,
     .tiles = {.step = "crop_to_patches",
               .on = true,
               .most = 32,
               .most_a_side = 16,
               .numbers = PatchNumbers::kRowsCols},
     .unknown_steps =
         "fine_route dense_max_patches dense_max_scale dense_min_aspect dense_max_aspect"},
    Patches("HYV4VL", C::kClip, kHunYuanPatches),
    Patches("HunYuanVL", C::kClip, kHunYuanPatches),
    {.name = "Idefics3",
     .size = {ResizeKind::kLongEdge, 1456},
     .resample = F::kLanczos,
     .constants = C::kHalf,
     .converts_rgb = true,
     .tiles = kIdeficsTiles},
    Patches("Kimi_K25", C::kHalf, {.size = 14, .merge = 2, .rule = SmartRule::kShrunk},
            /*pillow=*/false),
    {.name = "Llama4",
     .size = Square(336),
     .resample = F::kBilinear,
     .constants = C::kHalf,
     .square_int = true,
     .converts_rgb = true,
     .pillow = false,
     .tiles = {.on = true,
               .most = 16,
               .rule = TileRule::kCanvas32,
               .fit = TileFit::kCorner,
               .numbers = PatchNumbers::kAspectRatios}},
    {.name = "LlavaNext",
     .size = Short(224),
     .resample = F::kBicubic,
     .constants = C::kClip,
     .spare_crop = 224,
     .converts_rgb = true,
     .tiles = {.on = true,
               .most = 1,
               .rule = TileRule::kSizes,
               .fit = TileFit::kMiddle,
               .overview = Overview::kFirst,
               .numbers = PatchNumbers::kSourceSizes,
               .sizes = kLlavaNextSizes}},
    {.name = "LlavaOnevision",
     .size = Square(384),
     .resample = F::kBicubic,
     .constants = C::kClip,
     .converts_rgb = true,
     .tiles = {.on = true,
               .most = 1,
               .rule = TileRule::kSizes,
               .fit = TileFit::kMiddle,
               .overview = Overview::kFirst,
               .numbers = PatchNumbers::kSourceBatch,
               .sizes = kOnevisionSizes}},
    Patches("MiniMaxM3VL", C::kClip, {14, 2, 2, 3136, 451584}, /*pillow=*/false),
    {.name = "Mllama",
     .size = Square(224),
     .resample = F::kBilinear,
     .constants = C::kHalf,
     .square_int = true,
     .converts_rgb = true,
     .tiles = {.on = true,
               .most = 4,
               .rule = TileRule::kCanvas,
               .fit = TileFit::kCorner,
               .overview = Overview::kNone,
               .numbers = PatchNumbers::kAspectIds}},
    {.name = "Ovis2",
     .size = Square(384),
     .resample = F::kBicubic,
     .constants = C::kClip,
     .square_int = true,
     .converts_rgb = true,
     .tiles = {.step = "crop_to_patches",
               .most = 12,
               .rule = TileRule::kCovering,
               .overview = Overview::kBefore,
               .numbers = PatchNumbers::kGridSides}},
    Patches("PaddleOCRVL", C::kClip,
            {.size = 14,
             .merge = 2,
             .min_pixels = 147456,
             .max_pixels = 2359296,
             .rule = SmartRule::kLift,
             .blocks = false,
             .flat = false}),
    {.name = "PerceptionLM",
     .size = Square(448),
     .resample = F::kBicubic,
     .constants = C::kHalf,
     .square_int = true,
     .converts_rgb = true,
     .pillow = false,
     .tiles =
         {.on = true, .most = 36, .rule = TileRule::kContaining, .overview = Overview::kFirst}},
    Patches("Qwen2VL", C::kClip, kQwenPatches),
    {.name = "Siglip2",
     .size = {ResizeKind::kSmart},
     .resample = F::kBilinear,
     .constants = C::kHalf,
     .rule = HfSizeRule::kSmart,
     .patches = {.size = 16,
                 .rule = SmartRule::kBudget,
                 .elements = PatchElements::kChannelsLast,
                 .most = 256}},
    {.name = "SmolVLM",
     .size = {ResizeKind::kLongEdge, 1456},
     .resample = F::kLanczos,
     .constants = C::kHalf,
     .converts_rgb = true,
     .tiles = kIdeficsTiles},
    Patches("VideoLlama3", C::kHalf,
            {.size = 14, .min_pixels = 3136, .max_pixels = 1003520, .tells_merge = true}),
};

}  // namespace

std::span<const HfProcessor> HfViewProcessors() { return kViewProcessors; }

}  // namespace imnorm
