// The two sides of imnorm compare, from its arguments.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/groups/geometry.h"
#include "imnorm/compare.h"

namespace imnorm::cli {

// What the options of one side say: --plan-a, --like-a...
struct SideArguments {
  GeometryArguments geometry;
  std::string tensor;
};

// `side` is "a" or "b".
void AddSide(Options& options, SideArguments& a, char side);

struct ComparedSides {
  ComparedSide a, b;
  InputList pictures;
};

// Which inputs are tensors and which pictures; the plan of pictures from the options of their side,
// or else from the tensor's manifest, whose type and layout they take.
//
// Rules:    `frame` as in ResolveFrame, of pictures; two inputs: a tensor each, or a tensor and
// pictures; one: pictures under two plans Errors:   kBadArgument, kNotFound, those of the plans and
// of ListInputs
Result<ComparedSides> ResolveSides(const std::vector<std::string>& inputs, const SideArguments& a,
                                   const SideArguments& b, const std::string& frame);

}  // namespace imnorm::cli
