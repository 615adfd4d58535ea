// What could not be done beside a result is told once.
#include "io/troubles.h"

#include <catch2/catch.hpp>
#include <string>
#include <thread>
#include <vector>

using namespace imnorm;

TEST_CASE("troubles are noted once each, the first few of them, and taken", "[io]") {
  TakeTroubles();
  NoteTrouble("a");
  NoteTrouble("b");
  NoteTrouble("a");
  CHECK(TakeTroubles() == std::vector<std::string>{"a", "b"});
  CHECK(TakeTroubles().empty());
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([] {
      for (int i = 0; i < 100; ++i) NoteTrouble(std::to_string(i));
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(TakeTroubles().size() == 16);
}

TEST_CASE("a file that cannot be removed is a trouble, one that is not there is none", "[io]") {
  TakeTroubles();
  RemoveOwn(IMNORM_BINARY_DIR "/troubles_test/none");
  CHECK(TakeTroubles().empty());
  RemoveOwn(IMNORM_BINARY_DIR);
  const std::vector<std::string> told = TakeTroubles();
  REQUIRE(told.size() == 1);
  CHECK(told[0].find("cannot be removed: Is a directory") != std::string::npos);
}
