// By what a run is known that goes on where another ended.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "imnorm/inputs.h"
#include "imnorm/plan.h"
#include "imnorm/run.h"

namespace imnorm {

// What the result of every run over pictures follows from.
nlohmann::ordered_json RunHead(const InputList& list, ShardRange range, const Plan& plan,
                               const RunOptions& conduct);

// Where two heads part, for people: "plan/layout is \"nhwc\", and was \"nchw\"".
std::string HeadDifference(const nlohmann::ordered_json& now, const nlohmann::ordered_json& was);

// Errors:   kBadArgument: what is at `path` is of a run with another head; it blames
//           `setting`, which asked to go on
tl::unexpected<Error> OtherHead(const std::string& setting, const std::string& path,
                                const std::string& difference);

}  // namespace imnorm
