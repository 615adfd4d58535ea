// What a run tells its output before the first row.
#pragma once

#include "imnorm/inputs.h"
#include "imnorm/output.h"
#include "imnorm/plan.h"
#include "sink/tensor_facts.h"

namespace imnorm {

// Of pictures: the names of their classes and samples, the plan and the hashes of plan and list.
TensorFacts FactsOfPictures(const InputList& list, const std::vector<std::string>& classes,
                            const Plan& plan, const OutputOptions& output);

// Of a tensor, whose hash stands for the list's.
TensorFacts FactsOfTensor(const std::string& hash, const Plan& plan);

}  // namespace imnorm
