// The progress line at every width.
#include "cli/progress_line.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace imnorm::cli {
namespace {

constexpr ProgressState kSome = {.finished = 420, .failed = 2, .total = 1000, .seconds = 2.0};

TEST_CASE("where there is room a bar stands before the numbers", "[cli]") {
  const std::string line = ProgressLine(kSome, 80);
  CHECK(line == "[=============>                  ]  420/1000  42%  210/s  2 s  ETA 3 s  2 failed");
  CHECK(ProgressLine(kSome, 300).find("[") == 0);
  CHECK(ProgressLine(kSome, 300).size() == 40 + 2 + 44);
}

TEST_CASE("where there is none the numbers that count most are left", "[cli]") {
  CHECK(ProgressLine(kSome, 50) == "420/1000  42%  210/s  2 s  ETA 3 s  2 failed");
  CHECK(ProgressLine(kSome, 14) == "420/1000  42% ");
  CHECK(ProgressLine(kSome, {}) == "420/1000  42%  210/s  2 s  ETA 3 s  2 failed");
  for (size_t width = 0; width < 120; ++width) CHECK(ProgressLine(kSome, width).size() <= width);
}

TEST_CASE("hundred per cent is the end, and nothing before it", "[cli]") {
  CHECK(ProgressLine({99999, 0, 100000, 1.0}, 60).find("99%") != std::string::npos);
  const std::string end = ProgressLine({100000, 0, 100000, 1.0}, 90);
  CHECK(end.find("100%") != std::string::npos);
  CHECK(end.find('>') == std::string::npos);
  CHECK(end.find("ETA 0 s") != std::string::npos);
  CHECK(ProgressLine({0, 0, 0, 0.0}, 90).find("0/0  100%") != std::string::npos);
}

TEST_CASE("slow runs have a decimal, long ones minutes and hours", "[cli]") {
  CHECK(ProgressLine({5, 0, 10, 2.0}, 40) == "5/10  50%  2.5/s  2 s  ETA 2 s");
  CHECK(Duration(59.4) == "59 s");
  CHECK(Duration(187) == "3:07 min");
  CHECK(Duration(3720) == "1:02 h");
}

TEST_CASE("as JSON it has the same numbers, and no ETA before there is a rate", "[cli]") {
  const auto json = nlohmann::json::parse(ProgressJson(kSome));
  CHECK(json["event"] == "progress");
  CHECK(json["finished"] == 420);
  CHECK(json["failed"] == 2);
  CHECK(json["total"] == 1000);
  CHECK(json["per_second"] == 210.0);
  CHECK(json["eta_seconds"].get<double>() == Approx(580.0 / 210.0).margin(1e-3));
  CHECK(nlohmann::json::parse(ProgressJson({0, 0, 9, 0.0}))["eta_seconds"].is_null());
}

}  // namespace
}  // namespace imnorm::cli
