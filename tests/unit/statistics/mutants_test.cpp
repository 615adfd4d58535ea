// Statistics files that were changed after they were written, by chance or with care.
#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "statistics/document.h"
#include "unit/statistics/made_totals.h"

namespace imnorm {
namespace {

using Json = nlohmann::ordered_json;

// Pointers to all values that are no containers.
void AddLeaves(const Json& value, const Json::json_pointer& here,
               std::vector<Json::json_pointer>* leaves) {
  if (value.is_object()) {
    for (const auto& [key, member] : value.items()) AddLeaves(member, here / key, leaves);
  } else if (value.is_array()) {
    for (size_t i = 0; i < value.size(); ++i) AddLeaves(value[i], here / i, leaves);
  } else {
    leaves->push_back(here);
  }
}

// Another value of the same kind, mostly: numbers become others, digits of texts too.
Json Changed(const Json& value, std::mt19937* random) {
  const auto pick = [&](auto... values) {
    const std::vector<Json> list = {Json(values)...};
    return list[(*random)() % list.size()];
  };
  if (value.is_number_unsigned()) {
    const uint64_t number = value.get<uint64_t>();
    return pick(number + 1, number * 10, number - 1, uint64_t{0}, uint64_t{1} << 32,
                uint64_t{1} << 63, ~uint64_t{0}, -int64_t(number), double(number) + 0.5);
  }
  if (value.is_number()) {
    const double number = value.get<double>();
    return pick(-number, number * 1000, number * (1 + 0x1p-52), number / 2, number + 1, 0, 1e300);
  }
  if (value.is_null()) return pick(0, 1, "0", false);
  if (!value.is_string()) return nullptr;
  const std::string text = value.get<std::string>();
  if (text.empty()) return "x";
  std::string other = text;
  const size_t place = (*random)() % text.size();
  if (uint8_t(text[place]) < 0x80) other[place] = text[place] == '7' ? '1' : '7';
  return pick("-" + text, text + "0", other, "0", text + "p0", text.substr(1));
}

struct Document {
  std::string name;
  Json json;
  std::vector<Json::json_pointer> leaves;
};

// Bins of a histogram are most of a file and all alike: a few of them stand for the others.
std::vector<Document> Documents() {
  std::vector<Document> out;
  for (const auto& [name, totals] : MadeTotals()) {
    Document document{name, Json::parse(StatsToJson(totals)), {}};
    std::vector<Json::json_pointer> all;
    AddLeaves(document.json, Json::json_pointer(), &all);
    int bins = 0;
    for (const Json::json_pointer& leaf : all) {
      const bool bin = leaf.to_string().find("histogram") != std::string::npos;
      if (!bin || bins++ % 997 == 0) document.leaves.push_back(leaf);
    }
    out.push_back(std::move(document));
  }
  return out;
}

struct Mutant {
  std::string of, path, text;
};

// Files that were changed in one place; `sealed` ones have the checksum of what they now hold.
// Those of 16 bits are a hundred times the others in size and a fortieth in number.
std::vector<Mutant> Mutants(size_t count, bool sealed) {
  const std::vector<Document> documents = Documents();
  std::mt19937 random(7);
  std::vector<Mutant> out;
  for (size_t turn = 0; out.size() < count; ++turn) {
    const Document& document = documents[turn % documents.size()];
    if (document.name == "16-bit" && turn / documents.size() % 40 != 0) continue;
    const Json::json_pointer& leaf = document.leaves[random() % document.leaves.size()];
    Json json = document.json;
    const Json before = json[leaf];
    json[leaf] = Changed(before, &random);
    if (json[leaf] == before) continue;
    if (sealed && leaf.to_string() != "/checksum") {
      json.erase("checksum");
      json["checksum"] = ChecksumOf(json);
    }
    out.push_back({document.name, leaf.to_string(), json.dump(1)});
  }
  return out;
}

// Whether a refusal names a member that the file has.
bool NamesMember(const std::string& message, const std::string& text) {
  for (size_t from = message.find('"'); from != std::string::npos;
       from = message.find('"', from + 1)) {
    const size_t end = message.find_first_of(".[\"", from + 1);
    if (end == std::string::npos) return false;
    const std::string key = message.substr(from + 1, end - from - 1);
    if (!key.empty() && text.find("\"" + key + "\"") != std::string::npos) return true;
  }
  return false;
}

// What a file may say otherwise once its checksum is made anew: words and places that nothing else
// in it speaks of, and what rounding hides or is of no printed number.
bool IsFree(const Mutant& mutant) {
  if (mutant.of == "empty" && mutant.path == "/scale") return true;
  for (const char* free :
       {"/pixels_are", "/plan", "/exact/list/", "/sampled/seed", "/failed/", "/nonfinite/first/",
        "/image_std_squares/", "/_interval_95/", "/eigenve"}) {
    if (mutant.path.find(free) != std::string::npos) return true;
  }
  return false;
}

std::map<std::string, std::string> Originals() {
  std::map<std::string, std::string> out;
  for (const auto& [name, totals] : MadeTotals()) out[name] = StatsToJson(totals);
  return out;
}

}  // namespace

TEST_CASE("of 2000 files changed in one place none is read with other numbers", "[statistics]") {
  const auto originals = Originals();
  int refused = 0;
  for (const Mutant& mutant : Mutants(2000, /*sealed=*/false)) {
    const Result<Totals> totals = ParseStats(mutant.text);
    INFO(mutant.of << " " << mutant.path);
    if (totals) {
      CHECK((StatsToJson(*totals) == originals.at(mutant.of)));
      continue;
    }
    ++refused;
    INFO(totals.error().message);
    CHECK(NamesMember(totals.error().message, mutant.text));
  }
  CHECK(refused > 1900);
}

TEST_CASE("where the checksum is made anew, what contradicts is refused all the same",
          "[statistics]") {
  const auto originals = Originals();
  int refused = 0;
  for (const Mutant& mutant : Mutants(2000, /*sealed=*/true)) {
    const Result<Totals> totals = ParseStats(mutant.text);
    INFO(mutant.of << " " << mutant.path);
    if (totals) {
      CHECK((IsFree(mutant) || StatsToJson(*totals) == originals.at(mutant.of)));
      continue;
    }
    ++refused;
    INFO(totals.error().message);
    CHECK(NamesMember(totals.error().message, mutant.text));
  }
  CHECK(refused > 1700);
}

TEST_CASE("bytes changed or cut off at random are refused, or change nothing", "[statistics]") {
  std::mt19937 random(1);
  for (const auto& [name, whole] : Originals()) {
    const int rounds = whole.size() > 100000 ? 20 : 150;
    for (int i = 0; i < rounds; ++i) {
      std::string text = whole;
      const size_t place = random() % text.size();
      if (i % 3 == 0) text.resize(place);
      if (i % 3 == 1) text[place] = char(random());
      if (i % 3 == 2) text[place] = "0123456789-,\"[]{}pe."[random() % 20];
      const Result<Totals> totals = ParseStats(text);
      INFO(name << " at " << place);
      if (totals) {
        CHECK((StatsToJson(*totals) == whole));
      } else {
        CHECK(totals.error().message.find_first_of("\":") != std::string::npos);
      }
    }
  }
}

}  // namespace imnorm
