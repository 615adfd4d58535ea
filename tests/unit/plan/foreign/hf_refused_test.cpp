// The processors that are not read are refused by what they do.
#include "plan/foreign/hf_refused.h"

#include <catch2/catch.hpp>
#include <string>

#include "imnorm/plan.h"
#include "plan/foreign/hf_processors.h"

namespace imnorm {

TEST_CASE("a processor is read or refused, never both", "[foreign]") {
  for (const HfProcessor& processor : HfProcessors()) {
    CAPTURE(processor.name);
    CHECK(HfRefusedSteps(processor.name).empty());
  }
}

TEST_CASE("a refused processor says what it does, and what to do instead", "[foreign]") {
  for (const std::string_view stem : HfRefusedProcessors()) {
    CAPTURE(stem);
    const auto plan = PlanFromForeignConfig(R"({"image_processor_type": ")" + std::string(stem) +
                                            R"(ImageProcessor"})");
    REQUIRE(!plan);
    const std::string& message = plan.error().message;
    CHECK(message.find(std::string(stem) + "ImageProcessor " + std::string(HfRefusedSteps(stem))) !=
          std::string::npos);
    CHECK(message.find("`resize`") != std::string::npos);
  }
  CHECK(HfRefusedSteps("NoSuch").empty());
}

}  // namespace imnorm
