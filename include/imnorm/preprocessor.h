// One picture in memory -> one row of a tensor: what services, bindings and previews stand on.
//
// Example (tests/consumer/picture_to_floats.cpp):
//   const auto plan = imnorm::PresetPlan("imagenet");
//   auto preprocessor = imnorm::Preprocessor::Create(*plan);
//   std::vector<float> row(preprocessor->shape()->bytes / sizeof(float));
//   const auto report = preprocessor->Run(file, std::as_writable_bytes(std::span(row)));
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "imnorm/error.h"
#include "imnorm/geometry.h"
#include "imnorm/notes.h"
#include "imnorm/plan.h"
#include "imnorm/probe.h"
#include "imnorm/stop.h"
#include "imnorm/values.h"

namespace imnorm {

// Shapes:   (C, H, W), or (H, W, C) where the plan's layout says so
struct RowShape {
  std::array<int64_t, 3> sizes = {};
  size_t bytes = 0;
  bool operator==(const RowShape&) const = default;
};

// A picture that is decoded already: 8-bit samples of somebody else's.
//
// Shapes:   samples [height][width][channels], rows stride_bytes apart; 1 channel is grey, 2 grey
//           and alpha, 3 RGB, 4 RGB and alpha
struct PixelView {
  const uint8_t* samples = nullptr;
  int width = 0;
  int height = 0;
  int channels = 3;
  size_t stride_bytes = 0;
};

// What became of one picture.
struct RowReport {
  PictureInfo picture;
  Placement place;
  NoteSet notes;       // what was skipped in it
  ValueCounts values;  // what the output could not hold
};

// Decodes, resizes and normalises one picture after another.
//
// Rules:    the rows are those that Normalize writes, byte for byte
// Threads:  one Preprocessor a thread; once pictures of a kind and size were seen, nothing of ours
//           is allocated
class Preprocessor {
 public:
  // Errors:   those of ValidatePlan; kBadArgument: the plan needs more than one picture (batch,
  //           layer, instance, group), or is for tensors or for statistics only
  static Result<Preprocessor> Create(const Plan& plan);
  Preprocessor(Preprocessor&&) noexcept;
  Preprocessor& operator=(Preprocessor&&) noexcept;
  ~Preprocessor();

  const Plan& plan() const;

  // The shape of every row; none where the plan leaves it to the picture.
  std::optional<RowShape> shape() const;

  // The shape of one picture's row, from the headers of its file.
  //
  // Errors:   those of Probe and Place; kTooLarge: more pixels than the plan allows
  Result<RowShape> ShapeOf(std::span<const uint8_t> file) const;

  // The shape of the row of an upright picture of this size.
  //
  // Errors:   those of Place; kTooLarge: more pixels than the plan allows
  Result<RowShape> ShapeOf(int width, int height) const;

  // Writes the row of one picture.
  //
  // Rules:    `row` is as long as the shape says. On error it holds nothing that counts
  // Errors:   those of Decoder::Decode and Place; kBadArgument: the row is of another length
  Result<RowReport> Run(std::span<const uint8_t> file, std::span<std::byte> row,
                        const Stop& stop = {});

  // The same for a picture that is decoded, upright as it stands.
  //
  // Errors:   kBadArgument: channels that no picture has, a stride below a row, a row of another
  //           length; kTooLarge
  Result<RowReport> RunDecoded(const PixelView& picture, std::span<std::byte> row,
                               const Stop& stop = {});

 private:
  struct State;
  explicit Preprocessor(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace imnorm
