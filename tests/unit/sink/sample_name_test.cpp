// Names of samples as WebDataset takes them apart.
#include "sink/sample_name.h"

#include <catch2/catch.hpp>

namespace imnorm {

TEST_CASE("a sample is called as its picture is, without the extension", "[sink]") {
  CHECK(SampleName("cat/a.jpg") == "cat/a");
  CHECK(SampleName("a") == "a");
  CHECK(SampleName("v1.0/a.b.jpg") == "v1.0/a_b");
  CHECK(SampleName(".hidden") == "_hidden");
}

TEST_CASE("no name is empty, absolute or leads out", "[sink]") {
  CHECK(SampleName("/a/b.png") == "a/b");
  CHECK(SampleName("../../a.png") == "a");
  CHECK(SampleName("a/./..//b.png") == "a/b");
  CHECK(SampleName("") == "_");
  CHECK(SampleName("..") == "_");
}

}  // namespace imnorm
