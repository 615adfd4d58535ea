// One input through reading and decoding, with everything that can go wrong turned into a value.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "geometry/placed_source.h"
#include "imnorm/decode.h"
#include "imnorm/inputs.h"
#include "imnorm/plan.h"
#include "imnorm/rows.h"
#include "pipeline/run_items.h"
#include "source/digest.h"

namespace imnorm {

// What a thread keeps between pictures.
struct PictureWorker {
  Decoder decoder;
  std::vector<uint8_t> bytes;
  bool wants_sha256 = false;     // of each picture that is read whole
  std::optional<Digest> sha256;  // of the last one
};

// How a run decodes the pictures of a plan.
DecodeOptions DecodeOptionsOf(const Plan& plan, const RunOptions& options);

// Whether an input is a file met in a folder that is no picture by name or content.
bool IsPassedOver(const Input& input, PictureWorker& worker);

// Reads `input` and decodes it into `consumer`.
ItemOutcome DecodeInput(const Input& input, const DecodeOptions& options, PictureWorker& worker,
                        RowConsumer& consumer);

// The same through a geometry, which is finished where the picture is good.
ItemOutcome DecodePlaced(const Input& input, const DecodeOptions& options, PictureWorker& worker,
                         PlacedSource& source);

}  // namespace imnorm
