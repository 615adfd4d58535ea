// Source: transformers 5.24, the steps of each class.
#include "plan/foreign/hf_refused.h"

#include <algorithm>
#include <iterator>

namespace imnorm {
namespace {

constexpr std::string_view kPaddedRows =
    "fits a picture to a number of patches and writes padded rows of these, with a mask and their "
    "positions";
constexpr std::string_view kPatchRows = "makes rows of patches of a picture of any ratio";
constexpr std::string_view kTiles =
    "chooses a grid of tiles by a picture's ratio, cuts it and adds a small picture of the whole";
constexpr std::string_view kTwoTensors =
    "gives pictures of two sizes as two tensors, and an output has one";
constexpr std::string_view kSlices =
    "makes slices and a whole picture of several sizes and tells the size of each";
constexpr std::string_view kPads =
    "keeps a picture's ratio and pads it to a box by a rule of its own";
constexpr std::string_view kFloats = "resizes pictures as float32 values, not as bytes";
constexpr std::string_view kFurther = "has steps of its own after the resize that change pixels";
constexpr std::string_view kNeedsMore =
    "needs more than the picture: recognised text, boxes or a second picture";
constexpr std::string_view kPairs = "takes pictures in pairs";
constexpr std::string_view kVideo = "is for video, of which a picture is a frame";
constexpr std::string_view kUnknown = "has steps that imnorm does not know";

struct Refused {
  std::string_view name;
  std::string_view steps;
};

constexpr Refused kRefused[] = {
    {"Apertus1p5", kUnknown},
    {"CHMv2", kFloats},
    {"DeepseekOcr2", kTwoTensors},
    {"DeepseekVLHybrid", kTwoTensors},
    {"EfficientLoFTR", kFloats},
    {"Emu3", kUnknown},
    {"Fuyu", kPatchRows},
    {"Gemma4Unified", kPaddedRows},
    {"Glm5Next", kPatchRows},
    {"Idefics", kFurther},
    {"ImageGPT", kFurther},
    {"Inkling", kUnknown},
    {"Inkling2", kUnknown},
    {"Kosmos2_5", kPaddedRows},
    {"LayoutLMv2", kNeedsMore},
    {"LayoutLMv3", kNeedsMore},
    {"LightGlue", kPairs},
    {"MiniCPMOcr", kTiles},
    {"MiniCPMV4_6", kSlices},
    {"Molmo2", kTiles},
    {"MuseGlimmer", kUnknown},
    {"NemotronH_Omni_Reasoning_V3", kTiles},
    {"NeoMME", kPaddedRows},
    {"PI0", kFurther},
    {"PPDocLayoutV2", kUnknown},
    {"PPDocLayoutV3", kUnknown},
    {"PPDocLayoutV4", kUnknown},
    {"PPFormulaNet", kPads},
    {"PPLCNet", kUnknown},
    {"PPOCRV5ServerDet", kUnknown},
    {"PPOCRV5ServerRec", kUnknown},
    {"PPOCRV6SmallRec", kUnknown},
    {"Perceiver", kFurther},
    {"Pix2Struct", kPaddedRows},
    {"RfDetr", kUnknown},
    {"SLANeXt", kFurther},
    {"Step3p7", kTiles},
    {"SuperGlue", kPairs},
    {"TextNet", kFurther},
    {"TimmWrapper", kFurther},
    {"Tvp", kVideo},
    {"UVDoc", kFurther},
    {"UltraVBert", kUnknown},
    {"UnlimitedOcr", kUnknown},
    {"VideoLlava", kVideo},
    {"VitMatte", kNeedsMore},
    {"VitPose", kNeedsMore},
    {"Vivit", kVideo},
};
static_assert(std::is_sorted(std::begin(kRefused), std::end(kRefused),
                             [](const Refused& a, const Refused& b) { return a.name < b.name; }));

}  // namespace

std::string_view HfRefusedSteps(std::string_view stem) {
  const auto* found = std::ranges::find(kRefused, stem, &Refused::name);
  return found == std::end(kRefused) ? std::string_view() : found->steps;
}

std::vector<std::string_view> HfRefusedProcessors() {
  std::vector<std::string_view> names;
  for (const Refused& refused : kRefused) names.push_back(refused.name);
  return names;
}

}  // namespace imnorm
