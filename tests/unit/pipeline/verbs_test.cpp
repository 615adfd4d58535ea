// The two verbs over either kind of source.
#include <catch2/catch.hpp>

#include "imnorm/tensor.h"
#include "pipeline/runs.h"
#include "support/folder.h"

namespace imnorm {
namespace {

OutputOptions At(const std::string& path) {
  OutputOptions output;
  output.path = path;
  return output;
}

// A tensor of four samples of three channels, counting up.
std::string WriteTensor(const Folder& folder) {
  std::string bytes = NpyHeader("|u1", {4, 3});
  for (char value = 0; value < 12; ++value) bytes += value;
  return folder.Write("t.npy", bytes);
}

Plan AsTheyAre() {
  Plan plan;
  plan.method = Method::kNone;
  return plan;
}

}  // namespace

TEST_CASE("pictures and a tensor go through the same verbs", "[pipeline]") {
  const Folder folder;
  folder.Write("in/a.pgm", "P5 2 1 255\n\1\2");
  folder.Write("in/b.pgm", "P5 2 1 255\n\3\4");
  Plan plan = AsTheyAre();
  plan.channels = ChannelOrder::kGray;
  const auto pictures = OpenPaths({folder / "in"}).value();
  const auto made = Normalize(pictures, plan, At(folder / "p.npy"));
  REQUIRE(made);
  CHECK(made->shape == std::vector<int64_t>{2, 1, 1, 2});
  CHECK(Measure(pictures, Plan())->totals.images() == 2);

  const auto tensor = OpenPaths({WriteTensor(folder)}).value();
  const auto again = Normalize(tensor, AsTheyAre(), At(folder / "t2.npy"));
  REQUIRE(again);
  CHECK(again->shape == std::vector<int64_t>{4, 3});
  CHECK(Measure(tensor, Plan())->totals.images() == 4);
}

TEST_CASE("a part of a source is measured, and of pictures normalised", "[pipeline]") {
  const Folder folder;
  for (const char* name : {"in/a.pgm", "in/b.pgm", "in/c.pgm"}) {
    folder.Write(name, "P5 1 1 255\n\1");
  }
  auto pictures = OpenPaths({folder / "in"}).value();
  pictures.shard = {1, 3};
  CHECK(Normalize(pictures, AsTheyAre(), At(folder / "p.npy"))->rows == 1);
  CHECK(Measure(pictures, Plan())->totals.images() == 1);
  auto tensor = OpenPaths({WriteTensor(folder)}).value();
  tensor.shard = {2, 2};
  CHECK(Measure(tensor, Plan())->totals.images() == 2);
  const auto refused = Normalize(tensor, AsTheyAre(), At(folder / "t2.npy"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kBadArgument);
  CHECK_FALSE(std::filesystem::exists(folder / "t2.npy"));
}

TEST_CASE("a plan that is not sound is refused before anything is written", "[pipeline]") {
  const Folder folder;
  folder.Write("in/a.pgm", "P5 1 1 255\n\1");
  Plan plan;
  plan.values.mean = {0.5};
  plan.values.std = {0.0};
  const auto pictures = OpenPaths({folder / "in"}).value();
  CHECK_FALSE(Normalize(pictures, plan, At(folder / "p.npy")));
  CHECK_FALSE(Measure(pictures, plan));
  CHECK_FALSE(std::filesystem::exists(folder / "p.npy"));
}

}  // namespace imnorm
