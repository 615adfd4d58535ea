// WebDataset's samples: their members, names and words.
#include "sink/wds_sink.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "io/xxh3.h"
#include "sink/sample_name.h"
#include "sink/tar_records.h"
#include "support/folder.h"
#include "unit/sink/rows_into.h"

namespace imnorm {
namespace {

struct Member {
  std::string name, content;
};

// The members of a tar whose names and sizes fit its records.
std::vector<Member> Members(const std::string& tar) {
  std::vector<Member> members;
  for (size_t at = 0; at + kTarBlock <= tar.size() && tar[at] != '\0';) {
    REQUIRE(tar.compare(at + 257, 5, "ustar") == 0);
    const size_t size = std::stoull(tar.substr(at + 124, 11), nullptr, 8);
    members.push_back({tar.c_str() + at, tar.substr(at + kTarBlock, size)});
    at += kTarBlock + size + TarPadding(size);
  }
  CHECK(tar.size() % kTarBlock == 0);
  CHECK(tar.ends_with(std::string(kTarEnd, '\0')));
  return members;
}

}  // namespace

TEST_CASE("a picture's sample is its class, its words and its elements", "[sink]") {
  const Folder folder;
  TensorFacts facts;
  facts.classes = {"cat"};
  const auto sink = OpenAt(folder / "t", "wds", ElementType::kU8, facts);
  CHECK_FALSE(sink->any_order());
  REQUIRE(sink->Start({3}, 1));
  const RowInfo info = {"cat/a.b.png", 0, 7, 30, 20};
  Put(*sink, 0, "xyz", &info);
  End(*sink, 1);
  const auto members = Members(ReadBytes(folder / "t"));
  REQUIRE(members.size() == 3);
  CHECK(members[0].name == "cat/a_b.cls");
  CHECK(members[0].content == "0");
  CHECK(members[1].name == "cat/a_b.json");
  CHECK(members[1].content ==
        R"({"path":"cat/a.b.png","index":7,"label":"cat","class":0,"width":30,"height":20})");
  CHECK(members[2].name == "cat/a_b.npy");
  CHECK(members[2].content.starts_with("\x93NUMPY"));
  CHECK(members[2].content.ends_with("xyz"));
}

TEST_CASE("two pictures that would be one sample have their numbers", "[sink]") {
  const Folder folder;
  TensorFacts facts;
  facts.shared_names = {Xxh3Of(SampleName("a.png"))};
  const auto sink = OpenAt(folder / "t", "wds", ElementType::kU8, facts);
  REQUIRE(sink->Start({1}, 2));
  const RowInfo infos[] = {{"a.jpg", -1, 4}, {"a.png", -1, 5}};
  Put(*sink, 0, "x", &infos[0]);
  Put(*sink, 1, "y", &infos[1]);
  End(*sink, 2);
  const auto members = Members(ReadBytes(folder / "t"));
  REQUIRE(members.size() == 4);
  CHECK(members[0].name == "a-4.json");
  CHECK(members[3].name == "a-5.npy");
}

TEST_CASE("rows that are no pictures are called by their number in the whole", "[sink]") {
  const Folder folder;
  TensorFacts facts;
  facts.first_row = 1000;
  const auto sink = OpenAt(folder / "t", "wds", ElementType::kBF16, facts);
  REQUIRE(sink->Start({2}, 1));
  Put(*sink, 0, "wxyz");
  End(*sink, 1);
  const auto members = Members(ReadBytes(folder / "t"));
  REQUIRE(members.size() == 2);
  CHECK(members[0].name == "000001000.json");
  CHECK(members[0].content == R"({"row":1000})");
  // numpy has no bfloat16.
  CHECK(members[1].name == "000001000.safetensors");
  CHECK(members[1].content.find(R"({"image":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}})") ==
        8);
}

}  // namespace imnorm
