// Plans and lists in the words that files keep of them.
#include "pipeline/tensor_facts_of.h"

#include <algorithm>

#include "io/xxh3.h"
#include "pipeline/patch_numbers.h"
#include "sink/sample_name.h"

namespace imnorm {
namespace {

std::vector<std::pair<std::string, std::string>> MetadataOf(const Plan& plan,
                                                            const std::string& list_hash) {
  std::string text = PlanToJson(plan);
  Xxh3 hash;
  hash.Update(text.data(), text.size());
  return {{"tool", "imnorm " IMNORM_VERSION},
          {"plan", std::move(text)},
          {"plan_hash", "xxh3-128:" + hash.Hex()},
          {"list_hash", "xxh3-128:" + list_hash}};
}

// Eight bytes an input, and only until the doubles are found.
std::vector<uint64_t> SharedNames(const InputList& list) {
  std::vector<uint64_t> hashes;
  hashes.reserve(list.inputs.size());
  for (const Input& input : list.inputs) hashes.push_back(Xxh3Of(SampleName(input.key())));
  std::ranges::sort(hashes);
  std::vector<uint64_t> shared;
  for (size_t i = 1; i < hashes.size(); ++i) {
    const bool met = !shared.empty() && shared.back() == hashes[i];
    if (hashes[i] == hashes[i - 1] && !met) shared.push_back(hashes[i]);
  }
  return shared;
}

}  // namespace

TensorFacts FactsOfPictures(const InputList& list, const std::vector<std::string>& classes,
                            const Plan& plan, const OutputOptions& output) {
  TensorFacts facts;
  facts.classes = classes;
  facts.metadata = MetadataOf(plan, list.Hash());
  const bool by_table = plan.method == Method::kGiven || plan.method == Method::kNone;
  if (by_table && HasNumbers(plan.patches)) facts.packed = PackedFactsOf(plan);
  if (output.format == "wds") facts.shared_names = SharedNames(list);
  return facts;
}

TensorFacts FactsOfTensor(const std::string& hash, const Plan& plan) {
  TensorFacts facts;
  facts.metadata = MetadataOf(plan, hash);
  return facts;
}

}  // namespace imnorm
