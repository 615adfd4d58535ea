// Tools, codecs, list, plan: what bytes follow from.
#include "pipeline/run_head.h"

#include <fmt/format.h>

#include "decode/to_srgb.h"
#include "imnorm/decode.h"
#include "imnorm/words.h"
#include "json/json_value.h"

namespace imnorm {

using Json = nlohmann::ordered_json;

Json RunHead(const InputList& list, ShardRange range, const Plan& plan, const RunOptions& conduct) {
  Json head;
  head["schema"] = "imnorm.journal/1";
  head["tool"] = "imnorm " IMNORM_VERSION;
  for (const CodecVersion& codec : CodecVersions()) head["codecs"][codec.name] = codec.version;
  if (plan.icc == IccPolicy::kSrgb) {
    if (const auto icc = LoadIcc()) head["codecs"][(*icc)->library] = (*icc)->version;
  }
  head["jpeg"] = WordOf(conduct.jpeg);
  head["png"] = WordOf(conduct.png);
  head["list_size"] = list.inputs.size();
  head["list_hash"] = list.Hash();
  head["first_input"] = range.begin;
  head["inputs"] = range.end - range.begin;
  head["plan"] = Json::parse(PlanToJson(plan));
  return head;
}

std::string HeadDifference(const Json& now, const Json& was) {
  const auto flat_now = nlohmann::json(now).flatten();
  const auto flat_was = nlohmann::json(was).flatten();
  for (const auto& [path, value] : flat_now.items()) {
    if (!flat_was.contains(path)) return fmt::format("{} is {}", path.substr(1), JsonText(value));
    if (flat_was[path] == value) continue;
    return fmt::format("{} is {}, and was {}", path.substr(1), JsonText(value),
                       JsonText(flat_was[path]));
  }
  for (const auto& [path, value] : flat_was.items()) {
    if (!flat_now.contains(path)) return fmt::format("{} was {}", path.substr(1), JsonText(value));
  }
  return "its head";
}

tl::unexpected<Error> OtherHead(const std::string& setting, const std::string& path,
                                const std::string& difference) {
  return Blame(setting,
               fmt::format("{}: what is there is of another run: {}; the same arguments go on with "
                           "it, without `{}` it is done anew",
                           path, difference, setting));
}

}  // namespace imnorm
