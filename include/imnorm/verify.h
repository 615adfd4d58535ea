// What may be wrong with pictures before somebody trains on them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "imnorm/error.h"
#include "imnorm/inputs.h"
#include "imnorm/report.h"
#include "imnorm/run.h"

namespace imnorm {

enum class FindingLevel { kInfo, kWarning, kError };

enum class FindingKind : uint8_t {
  kEmpty,
  kDamaged,
  kUnread,
  kTooLarge,
  kLeak,
  kWrongExtension,
  kFlawed,
  kCmyk,
  kSixteenBits,
  kHiddenColours,
  kRotated,
  kAnimated,
  kBlank,
  kDuplicate,
  kNearLeak,
  kCaseTwins,
  kPalette,
  kGray,
  kOddSize,
  kOddAspect,
  kDark,
  kBright,
  kBlurred,
  kNearDuplicate,
};
inline constexpr size_t kFindingKinds = 24;

// What is said of a kind of finding.
struct FindingRow {
  FindingKind kind;
  FindingLevel level;
  std::string_view word;  // "wrong_extension"
  std::string_view says;  // of all its pictures: "the extension is another format's"
};
std::span<const FindingRow> FindingRows();  // in the order of the kinds
const FindingRow& RowOf(FindingKind kind);
std::string_view WordOf(FindingLevel level);

struct Finding {
  FindingKind kind;
  uint64_t index = 0;  // of the picture in the list
  std::string path;
  std::string text;   // of this picture: "a PNG named .jpg"
  std::string other;  // the picture that it is like, if it is
};

struct VerifyOptions {
  // Pictures whose 64-bit difference hashes are at most so many bits apart are near duplicates;
  // none: not looked for.
  std::optional<int> near;
  InputList other;  // another set, which no picture may be in as well: training and test
};
inline constexpr int kMostNear = 12;

struct VerifyResult {
  RunReport report;               // of the list; of `other` nothing is told
  std::vector<Finding> findings;  // by picture, then by kind
};

// Looks at every picture of a list, as it is stored.
//
// Rules:    kDark: 99 % of the pixels have a brightness below 0.32, where brightness is
//           sqrt(0.241 r^2 + 0.691 g^2 + 0.068 b^2); kBright: 95 % are above 0.95; kBlank: the
//           histogram has less than 3 bits of entropy; kBlurred: edges (Pillow's FIND_EDGES) of the
//           picture at 64 pixels are faint, and its histogram is even; kOddSize: sqrt(w * h) is
//           more than 3 interquartile ranges outside of the quartiles; kOddAspect: one side is less
//           than 0.35 of the other; kGray only where others have colours. kDuplicate: the same
//           decoded pixels as an earlier picture, whatever the formats. The same findings for every
//           number of threads. About 100 bytes a picture are kept
// Errors:   kBadArgument: near; kCancelled; kInstallation
// Source:   the measures and thresholds are CleanVision 0.3.7's, kDuplicate and kNearDuplicate but
//           for their hashes
Result<VerifyResult> Verify(const InputList& list, const VerifyOptions& options,
                            const RunOptions& run = {});

}  // namespace imnorm
