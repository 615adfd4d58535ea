// A tensor with what its manifest, or its own metadata, says of its rows.
#include "imnorm/compare.h"
#include "imnorm/tensor.h"
#include "pipeline/manifest_facts.h"

namespace imnorm {

Result<ComparedSide> SideOfTensor(const TensorSource& tensor) {
  ComparedSide side;
  side.name = tensor.path;
  side.tensor = tensor;
  auto facts = ReadManifestFacts(tensor.path);
  if (!facts) return Failed(facts);
  if (*facts) {
    side.plan = std::move((*facts)->plan);
    side.row_names = std::move((*facts)->row_names);
  }
  if (side.plan) return side;
  const auto metadata = ReadTensorMetadata(tensor.path);
  if (!metadata || !metadata->contains("plan")) return side;
  if (auto plan = PlanFromJson(metadata->at("plan"))) side.plan = std::move(*plan);
  return side;
}

}  // namespace imnorm
