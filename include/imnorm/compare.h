// Where two tensors differ, or a tensor and what a plan makes of pictures, and why.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "imnorm/element_type.h"
#include "imnorm/error.h"
#include "imnorm/image.h"
#include "imnorm/inputs.h"
#include "imnorm/plan.h"
#include "imnorm/run.h"
#include "imnorm/tensor_summary.h"

namespace imnorm {

// One of the two things that are compared.
struct ComparedSide {
  std::string name;     // for people
  TensorSource tensor;  // its path is "" where the side is what `plan` makes of pictures
  // Of pictures: how rows are made. Of a tensor: how they were made, where anything says so.
  std::optional<Plan> plan;
  std::vector<std::string> row_names;  // of a tensor's rows, where anything says them

  bool is_tensor() const { return !tensor.path.empty(); }
};

// A tensor, with the plan and the names that its manifest or its metadata tell.
//
// Errors:   kIo, kBadConfig: a manifest is beside it that cannot be read
Result<ComparedSide> SideOfTensor(const TensorSource& tensor);

// What counts as equal: |a - b| <= atol + rtol * |b|, or so many representable values apart. NaN
// equals NaN.
struct Tolerance {
  double atol = 0.0;
  double rtol = 0.0;
  uint64_t ulp = 0;
};

// A place where values differ.
struct ComparedPlace {
  uint64_t row = 0;
  std::vector<int64_t> index;  // in the row: (c, y, x) where it has three axes
  double a = 0.0;
  double b = 0.0;
  std::string name;               // of the row's picture; "" where nothing says it
  std::optional<uint64_t> input;  // of the row's picture in the list, where sides are made of it
};

// Values by how many representable ones they are apart: those up to 0, 1, 2, 4, 8... 2^62, and more
// (also where one of them alone is NaN).
inline constexpr size_t kUlpBins = 65;
using UlpCounts = std::array<uint64_t, kUlpBins>;

// The sums of differences, b - a, over values that are both finite.
struct ChannelDifference {
  uint64_t values = 0;
  double bias = 0.0;  // mean of b - a
  double mean_abs = 0.0;
  double max_abs = 0.0;
};

// A cause that the values of all rows looked at show.
enum class Cause {
  kChannelOrder,      // BGR for RGB
  kNotScaled,         // /255 is missing
  kNotNormalized,     // mean and std were not applied
  kNormalizedTwice,   // mean and std were applied twice
  kConstantsOfBytes,  // mean and std of the 0..255 scale on values of the [0,1] scale
  kOtherConstants,    // another mean or std
  kLayoutMistaken,    // (N,H,W,C) read as (N,C,H,W)
  kCropShifted,       // a crop that is off by a pixel
  kNoAntialias,       // resized without antialias
  kTorchResize,       // torch's resize in place of Pillow's
  kPillowRelease,     // another release of Pillow
  kOtherFilter,       // another filter
  kExifRotation,      // the rotation of EXIF on one side only
  kOtherJpegDecoder,  // another JPEG decoder
};

struct Diagnosis {
  Cause cause;
  std::string text;  // which side, and how it shows
};

struct Comparison {
  ElementType a_type = ElementType::kF32;
  ElementType b_type = ElementType::kF32;
  std::vector<int64_t> a_shape, b_shape;  // of all rows; of pictures of several sizes [N]
  bool shapes_equal = false;
  bool layouts_differ = false;  // one is (N,H,W,C), and its values were compared at their places
  std::string layout;           // the letters of a row's axes, "chw"; "" where nothing tells them
  uint64_t rows = 0;            // compared
  uint64_t rows_different = 0;
  uint64_t rows_of_other_shapes = 0;  // of pictures whose two plans give other sizes
  uint64_t rows_of_other_names = 0;   // both sides tell names, and they differ
  uint64_t values = 0;
  uint64_t different = 0;  // beyond the tolerance
  double max_abs = 0.0;    // over values that are both finite, as below
  double mean_abs = 0.0;
  std::optional<double> cosine;  // none: one side is all zero
  uint64_t not_finite = 0;       // places where a value is NaN or infinite and the other differs
  UlpCounts ulp = {};
  uint64_t max_ulp = 0;
  std::optional<ComparedPlace> first, worst;  // beyond the tolerance, and of the largest difference
  std::vector<ChannelDifference> channels;    // one for all where a row has no channels
  std::vector<Diagnosis> diagnoses;           // of what is beyond the tolerance
  RunReport report;                           // of the pictures

  // Whether all values are there on both sides, and equal within the tolerance.
  bool equal() const {
    return shapes_equal && !layouts_differ && different == 0 && rows_of_other_shapes == 0;
  }
};

// Compares row by row in bounded memory: a row of each side a thread, and some hundred bytes for
// each row.
//
// Rules:    sides that are plans make the rows of `pictures`, which NormalizePictures would write,
//           without any file; a picture that fails has no row on either side. Of sides with other
//           numbers of rows those are compared that both have. The same result for every number of
//           threads
// Errors:   those of TensorFile::Open, ValidatePlan and of a run; kBadArgument: a plan that needs
//           more than one picture
Result<Comparison> Compare(const ComparedSide& a, const ComparedSide& b, const InputList& pictures,
                           const Tolerance& tolerance, const RunOptions& options);

// The row of the worst place as people see it: A, B and the difference side by side.
struct DifferencePicture {
  Image image;             // 8 bits, RGB
  double magnified = 1.0;  // how much the difference is brightened
  int enlarged = 1;        // pixels of the image a value of the row, each way
};

// Draws it in the colours that A's plan, or else B's, gives its values; without a plan from the
// least value to the largest. The worst place is framed.
//
// Errors:   kUnsupported: nothing differs, or rows are no pictures; those of Compare
Result<DifferencePicture> DrawDifference(const ComparedSide& a, const ComparedSide& b,
                                         const InputList& pictures, const Comparison& comparison,
                                         const RunOptions& options);

}  // namespace imnorm
