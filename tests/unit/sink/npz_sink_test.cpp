// The members of an .npz output, found as a zip reader finds them: from its end.
#include "sink/npz_sink.h"

#include <zlib.h>

#include <cstring>
#include <map>

#include "support/folder.h"
#include "tensor/tensor_layout.h"
#include "unit/sink/rows_into.h"

namespace imnorm {
namespace {

template <typename T>
T At(const std::string& bytes, size_t at) {
  T value;
  REQUIRE(at + sizeof value <= bytes.size());
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

// Name -> content of each member of a zip64, its checksum held against it.
std::map<std::string, std::string> Members(const std::string& zip) {
  std::map<std::string, std::string> members;
  const size_t end = zip.rfind("PK\x06\x06");
  REQUIRE(end != std::string::npos);
  const uint64_t count = At<uint64_t>(zip, end + 32);
  size_t at = At<uint64_t>(zip, end + 48);
  for (uint64_t i = 0; i < count; ++i) {
    REQUIRE(zip.compare(at, 4, "PK\x01\x02") == 0);
    const std::string name = zip.substr(at + 46, At<uint16_t>(zip, at + 28));
    const size_t extra = at + 46 + name.size();
    const size_t size = At<uint64_t>(zip, extra + 4);
    const size_t local = At<uint64_t>(zip, extra + 20);
    REQUIRE(zip.compare(local, 4, "PK\x03\x04") == 0);
    const size_t data = local + 30 + At<uint16_t>(zip, local + 26) + At<uint16_t>(zip, local + 28);
    const std::string content = zip.substr(data, size);
    const auto* bytes = reinterpret_cast<const Bytef*>(content.data());
    CHECK(crc32_z(0, bytes, content.size()) == At<uint32_t>(zip, at + 16));
    members[name] = content;
    at = extra + At<uint16_t>(zip, at + 30);
  }
  CHECK(at == end);
  return members;
}

TensorLayout LayoutOf(const std::string& npy) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(npy.data());
  const auto length = NpyHeaderLength({bytes, kNpyPrefix});
  REQUIRE(length);
  return ParseNpyHeader({bytes, size_t(*length)}).value();
}

}  // namespace

TEST_CASE("rows, labels and paths are members that are sound", "[sink]") {
  const Folder folder;
  TensorFacts facts;
  facts.classes = {"cat", "dog"};
  const auto sink = OpenAt(folder / "t", "npz", ElementType::kI8, facts);
  REQUIRE(sink->Start({2, 2}, 5));
  const RowInfo infos[] = {{"dog/\xc3\xa9.png", 1}, {"cat/\xff.png", 0}};
  Put(*sink, 0, "abcd", &infos[0]);
  Put(*sink, 1, "efgh", &infos[1]);
  End(*sink, 2);
  const auto members = Members(ReadBytes(folder / "t"));
  REQUIRE(members.size() == 3);
  const std::string& data = members.at("data.npy");
  CHECK(LayoutOf(data).shape == std::vector<int64_t>{2, 2, 2});
  CHECK(data.ends_with("abcdefgh"));
  CHECK(At<int64_t>(members.at("labels.npy"), members.at("labels.npy").size() - 16) == 1);
  CHECK(At<int64_t>(members.at("labels.npy"), members.at("labels.npy").size() - 8) == 0);
  const std::string& paths = members.at("paths.npy");
  CHECK(paths.find("'<U9'") != std::string::npos);
  const size_t text = paths.size() - 2 * 9 * 4;
  CHECK(At<uint32_t>(paths, text + 4 * 4) == 0xe9);
  CHECK(At<uint32_t>(paths, text + 8 * 4) == 'g');
  // As Python's os.fsencode takes it back.
  CHECK(At<uint32_t>(paths, text + (9 + 4) * 4) == 0xdcff);
}

TEST_CASE("packed rows have their pictures' numbers as members beside them", "[sink]") {
  const Folder folder;
  const auto sink = OpenAt(folder / "t", "npz", ElementType::kU8, PackedInto());
  PutPacked(*sink);
  End(*sink, 6);
  const auto members = Members(ReadBytes(folder / "t"));
  REQUIRE(members.size() == 5);
  const std::string& data = members.at("pixel_values.npy");
  CHECK(LayoutOf(data).shape == std::vector<int64_t>{6, 4});
  CHECK(data.ends_with("abcdefghijklmnopqrstuvwx"));
  const std::string& grid = members.at("image_grid_thw.npy");
  CHECK(LayoutOf(grid).shape == std::vector<int64_t>{3, 3});
  CHECK(At<int64_t>(grid, grid.size() - 8) == 3);
  CHECK(At<int64_t>(grid, grid.size() - 64) == 2);
  CHECK(LayoutOf(members.at("image_merge_sizes.npy")).shape == std::vector<int64_t>{3});
  CHECK(LayoutOf(members.at("labels.npy")).shape == std::vector<int64_t>{3});
  CHECK(members.at("paths.npy").find("(3,)") != std::string::npos);
}

TEST_CASE("rows that are no pictures have neither labels nor paths", "[sink]") {
  const Folder folder;
  const auto sink = OpenAt(folder / "t", "npz", ElementType::kU8);
  REQUIRE(sink->Start({3}, 1));
  Put(*sink, 0, "abc");
  End(*sink, 1);
  const auto members = Members(ReadBytes(folder / "t"));
  CHECK(members.size() == 1);
  CHECK(members.at("data.npy").ends_with("abc"));
}

}  // namespace imnorm
