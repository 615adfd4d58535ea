// The layers of the C interface: what is asked of the caller, parameters, running statistics.
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "imnorm/c.h"

namespace {

constexpr int64_t kShape[] = {2, 2};
constexpr float kSamples[] = {1, 3, 10, 30, 5, 7, 50, 70};  // two of [2, 2]

imnorm_layer Layer(const char* method) {
  imnorm_layer layer = {};
  layer.struct_size = sizeof layer;
  layer.method = method;
  layer.sample_shape = kShape;
  layer.sample_axes = 2;
  layer.input = "float32";
  layer.dtype = "float32";
  layer.threads = 1;
  layer.groups = 1;
  return layer;
}

std::vector<float> Normalized(const imnorm_layer& layer) {
  std::vector<float> out(8);
  REQUIRE(imnorm_layer_normalize(&layer, kSamples, 2, out.data()) == IMNORM_OK);
  return out;
}

std::string Refused(const imnorm_layer& layer) {
  std::vector<float> out(8, 9.0f);
  CHECK(imnorm_layer_normalize(&layer, kSamples, 2, out.data()) != IMNORM_OK);
  CHECK(out == std::vector<float>(8, 9.0f));
  return imnorm_last_error();
}

TEST_CASE("a layer normalises over the sets of its method", "[c_api]") {
  CHECK(Normalized(Layer("instance")) == std::vector<float>{-1, 1, -1, 1, -1, 1, -1, 1});
  const auto batch = Normalized(Layer("batch"));
  CHECK(batch[0] == Approx((1 - 4) / std::sqrt(5.0)));
  const auto whole = Normalized(Layer("layer"));
  CHECK(whole == Normalized(Layer("group")));
  CHECK(whole[0] == Approx((1 - 11) / std::sqrt(131.5)));
}

TEST_CASE("weight and bias stand for themselves, one a channel or an element", "[c_api]") {
  const float weight[] = {2, 3, 4, 5};
  const float bias[] = {10, 20, 30, 40};
  imnorm_layer layer = Layer("instance");
  layer.weight = weight;
  CHECK(Normalized(layer) == std::vector<float>{-2, 2, -3, 3, -2, 2, -3, 3});
  layer.bias = bias;
  CHECK(Normalized(layer) == std::vector<float>{8, 12, 17, 23, 8, 12, 17, 23});
  layer = Layer("layer");
  const auto plain = Normalized(layer);
  layer.bias = bias;
  const auto shifted = Normalized(layer);
  for (size_t i = 0; i < 8; ++i) CHECK(shifted[i] == Approx(plain[i] + bias[i % 4]));
}

TEST_CASE("running statistics are the caller's, a step further with each call", "[c_api]") {
  float mean[] = {0, 0};
  float variance[] = {1, 1};
  int64_t batches = 0;
  imnorm_layer layer = Layer("batch");
  layer.running_mean = mean;
  layer.running_var = variance;
  layer.num_batches_tracked = &batches;
  layer.momentum = 0.5;
  Normalized(layer);
  CHECK(mean[0] == 2.0f);
  CHECK(variance[0] == Approx(0.5 + 0.5 * 20.0 / 3.0));
  CHECK(batches == 1);
  layer.momentum = -1;  // the average of both
  Normalized(layer);
  CHECK(mean[0] == 3.0f);
  CHECK(batches == 2);
  layer.eval = 1;
  CHECK(Normalized(layer)[0] == Approx((1 - 3) / std::sqrt(variance[0])));
  CHECK(batches == 2);
}

TEST_CASE("what a layer lacks is said and nothing is written", "[c_api]") {
  CHECK(Refused({}) == "struct_size is not set");
  imnorm_layer layer = Layer("batch");
  layer.method = nullptr;
  CHECK(Refused(layer) == "a layer needs a method, a sample's shape and two types");
  CHECK(Refused(Layer("bath")) == "unknown method \"bath\": did you mean \"batch\"?");
  layer = Layer("batch");
  layer.input = "float31";
  CHECK(Refused(layer).find("float32") != std::string::npos);
  layer = Layer("batch");
  layer.eval = 1;
  CHECK(Refused(layer) == "`eval` normalises by running statistics: give them");
  float mean[] = {0, 0};
  layer.running_mean = mean;
  CHECK(Refused(layer) == "running statistics are given as all three or none");
  layer = Layer("group");
  layer.groups = 3;
  CHECK(Refused(layer) == "`layer.groups` 3 does not divide the 2 channels");
  layer = Layer("group");
  for (const int64_t side : {int64_t(0), int64_t(-1), INT64_MAX}) {
    const int64_t shape[] = {side, 4};
    layer.sample_shape = shape;
    CHECK(Refused(layer) == "a sample's shape is [C], [C, L] or [C, H, W], none of them 0");
  }
}

TEST_CASE("no samples are none, but of a batch there must be some", "[c_api]") {
  imnorm_layer layer = Layer("layer");
  CHECK(imnorm_layer_normalize(&layer, nullptr, 0, nullptr) == IMNORM_OK);
  layer.method = "batch";
  CHECK(imnorm_layer_normalize(&layer, nullptr, 0, nullptr) == IMNORM_BAD_ARGUMENT);
}

}  // namespace
