// Classes: the folders that hold pictures, numbered.
#include "pipeline/labels.h"

#include <catch2/catch.hpp>

#include "support/folder.h"

namespace imnorm {
namespace {

InputList ListOf(std::vector<const char*> keys) {
  InputList list;
  for (const char* key : keys) {
    Input input;
    input.path = key;
    input.expected = true;
    list.inputs.push_back(std::move(input));
  }
  return list;
}

}  // namespace

TEST_CASE("classes are numbered by their names, whatever the order of the list", "[pipeline]") {
  const InputList list = ListOf({"dog/a.png", "cat/b/c.png", "./ant/d.png", "e.png"});
  const Labels labels(list);
  CHECK(labels.names() == std::vector<std::string>{"ant", "cat", "dog"});
  CHECK(labels.Of(list.inputs[0]) == 2);
  CHECK(labels.Of(list.inputs[1]) == 1);
  CHECK(labels.Of(list.inputs[2]) == 0);
  CHECK(labels.Of(list.inputs[3]) == -1);
}

TEST_CASE("a path from outside has no class", "[pipeline]") {
  const InputList list = ListOf({"/data/a.png", "../b/c.png"});
  const Labels labels(list);
  CHECK(labels.names().empty());
  CHECK(labels.Of(list.inputs[0]) == -1);
}

TEST_CASE("a folder in which nothing is a picture is no class", "[pipeline]") {
  const Folder folder;
  folder.Write("docs/readme", "words");
  folder.Write("pnm/unnamed", "P5 1 1 255\nx");
  InputOptions options;
  options.inputs = {folder.path()};
  const auto list = ListInputs(options);
  REQUIRE(list);
  CHECK(Labels(*list).names() == std::vector<std::string>{"pnm"});
}

}  // namespace imnorm
