// Tensor files: what is read, and what is refused before anything is allocated.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "imnorm/tensor.h"
#include "tensor/tensor_layout.h"

namespace imnorm {
namespace {

// A folder that goes with the test.
class Folder {
 public:
  Folder() {
    char name[] = "/tmp/imnorm-tensor-XXXXXX";
    path_ = mkdtemp(name);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string Write(const std::string& name, const std::string& content) const {
    const std::string path = path_ + "/" + name;
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }
  std::string Path(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

std::string Npy(const std::string& dict, const std::string& data) {
  std::string file("\x93NUMPY\x01\x00", 8);
  file += char(dict.size() & 0xff);
  file += char(dict.size() >> 8);
  return file + dict + data;
}

std::string Safetensors(const std::string& json, const std::string& data) {
  std::string file(8, '\0');
  for (size_t i = 0; i < 8; ++i) file[i] = char(uint64_t(json.size()) >> (8 * i));
  return file + json + data;
}

std::string Floats(std::initializer_list<float> values) {
  std::string bytes;
  for (const float value : values) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  return bytes;
}

ErrorCode CodeOf(const Folder& folder, const std::string& content) {
  const auto file = TensorFile::Open(folder.Write("hostile", content));
  REQUIRE(!file.has_value());
  CHECK(file.error().message.size() > 20);
  return file.error().code;
}

}  // namespace

TEST_CASE("an .npy file that our header begins is read piece by piece", "[tensor]") {
  const Folder folder;
  const std::string path =
      folder.Write("a.npy", NpyHeader("<f4", {2, 3}) + Floats({1, 2, 3, 4, 5, 6}));
  const auto file = TensorFile::Open(path);
  REQUIRE(file.has_value());
  CHECK(file->type() == ElementType::kF32);
  CHECK(file->shape() == std::vector<int64_t>{2, 3});
  CHECK(file->elements() == 6);
  float values[2] = {};
  REQUIRE(file->Read(3, 2, values).has_value());
  CHECK(values[0] == 4.0f);
  CHECK(values[1] == 5.0f);
}

TEST_CASE("an .npy header keeps its room and its comma", "[tensor]") {
  CHECK(NpyHeader("<f4", {7}).find("'shape': (7,), }") != std::string::npos);
  CHECK(NpyHeader("<f4", {7, 2}).size() == 128);
  CHECK(NpyHeader("<f4", {7, 2}, 129).size() == 192);
  CHECK(NpyHeader("|u1", {}).find("'shape': ()") != std::string::npos);
  CHECK(NpyHeader("<f4", {7}).back() == '\n');
}

TEST_CASE("hostile .npy headers are refused with a reason", "[tensor]") {
  const Folder folder;
  const std::string start = "{'descr': '<f4', 'fortran_order': False, 'shape': ";
  CHECK(CodeOf(folder, Npy(start + "(2,), }", Floats({1}))) == ErrorCode::kCorrupt);
  CHECK(CodeOf(folder, Npy(start + "(1,), }", Floats({1, 2}))) == ErrorCode::kCorrupt);
  CHECK(CodeOf(folder, Npy(start + "(-1,), }", "")) == ErrorCode::kCorrupt);
  CHECK(CodeOf(folder, Npy(start + "(1), }", Floats({1}))) == ErrorCode::kCorrupt);
  CHECK(CodeOf(folder, Npy(start + "(4611686018427387904, 4611686018427387904, 0), }", "")) ==
        ErrorCode::kCorrupt);
  CHECK(CodeOf(folder, Npy(start + "(99999999999999999999,), }", "")) == ErrorCode::kCorrupt);
  CHECK(CodeOf(folder, Npy(start + "(1,), 'shape': (1,), }", Floats({1}))) == ErrorCode::kCorrupt);
  CHECK(CodeOf(folder, Npy(start + "(1,), } import os", Floats({1}))) == ErrorCode::kCorrupt);
  CHECK(CodeOf(folder, Npy("{'descr': '<f4', 'shape': (1,), }", Floats({1}))) ==
        ErrorCode::kCorrupt);
  CHECK(CodeOf(folder, std::string("\x93NUMPY\x01\x00\xff\xff", 10)) == ErrorCode::kCorrupt);
  CHECK(CodeOf(folder, std::string("\x93NUMPY\x02\x00\xff\xff\xff\xff", 12)) ==
        ErrorCode::kCorrupt);
  CHECK(CodeOf(folder, std::string("\x93NUMPY\x09\x00\x02\x00{}", 12)) == ErrorCode::kCorrupt);
}

TEST_CASE("what numpy can write and imnorm does not read is unsupported, not damaged", "[tensor]") {
  const Folder folder;
  const auto with = [](const std::string& descr, const std::string& order) {
    return Npy("{'descr': " + descr + ", 'fortran_order': " + order + ", 'shape': (1, 1), }",
               Floats({1}));
  };
  CHECK(CodeOf(folder, with("'<u4'", "False")) == ErrorCode::kUnsupported);
  CHECK(CodeOf(folder, with("'|O'", "False")) == ErrorCode::kUnsupported);
  CHECK(CodeOf(folder, with("'<c8'", "False")) == ErrorCode::kUnsupported);
  CHECK(CodeOf(folder, with("[('a', '<f4')]", "False")) == ErrorCode::kUnsupported);
}

TEST_CASE("an .npy in Fortran order or big-endian gives the elements in C order", "[tensor]") {
  const Folder folder;
  const auto npy = [](const std::string& descr, const char* order, const std::string& data) {
    return Npy("{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': (2, 3, 2), }",
               data);
  };
  std::vector<float> elements, columns;
  for (int i = 0; i < 12; ++i) elements.push_back(float(i) + 0.5f);
  for (int k = 0; k < 2; ++k) {
    for (int j = 0; j < 3; ++j) {
      for (int i = 0; i < 2; ++i) columns.push_back(elements[size_t(i * 6 + j * 2 + k)]);
    }
  }
  const auto data = [](const std::vector<float>& values, bool swapped) {
    std::string bytes(reinterpret_cast<const char*>(values.data()), values.size() * 4);
    for (size_t i = 0; swapped && i < bytes.size(); i += 4) {
      std::reverse(bytes.begin() + ptrdiff_t(i), bytes.begin() + ptrdiff_t(i) + 4);
    }
    return bytes;
  };
  const std::string path = folder.Path("a.npy");
  for (const bool fortran : {false, true}) {
    for (const bool swapped : {false, true}) {
      folder.Write("a.npy", npy(swapped ? ">f4" : "<f4", fortran ? "True" : "False",
                                data(fortran ? columns : elements, swapped)));
      const auto file = TensorFile::Open(path);
      REQUIRE(file.has_value());
      for (int64_t first = 0; first < 12; ++first) {
        for (int64_t count = 0; first + count <= 12; ++count) {
          std::vector<float> part(size_t(count) + 1, -1.0f);
          REQUIRE(file->Read(first, count, part.data()).has_value());
          std::vector<float> wanted(elements.begin() + first, elements.begin() + first + count);
          wanted.push_back(-1.0f);
          CHECK(part == wanted);
        }
      }
    }
  }
}

TEST_CASE("tensors written as .safetensors are read back, by name", "[tensor]") {
  const Folder folder;
  const std::string path = folder.Path("state.safetensors");
  Tensor weight{ElementType::kF32, {2}, std::vector<uint8_t>(8)};
  std::memcpy(weight.bytes.data(), Floats({1.5f, -2.0f}).data(), 8);
  const Tensor steps{ElementType::kI64, {}, {7, 0, 0, 0, 0, 0, 0, 0}};
  REQUIRE(WriteSafetensors(path, {{"weight", weight}, {"steps", steps}}, {{"by", "test"}}));
  const auto read = ReadTensors(path);
  REQUIRE(read.has_value());
  REQUIRE(read->size() == 2);
  CHECK(read->at("weight").bytes == weight.bytes);
  CHECK(read->at("weight").shape == weight.shape);
  CHECK(read->at("steps").shape.empty());
  CHECK(read->at("steps").elements() == 1);
  const auto nameless = TensorFile::Open(path);
  REQUIRE(!nameless.has_value());
  CHECK(nameless.error().code == ErrorCode::kUnsupported);
  CHECK(nameless.error().message.find("weight") != std::string::npos);
  const auto named = TensorFile::Open(path, "weight");
  REQUIRE(named.has_value());
  float second = 0;
  REQUIRE(named->Read(1, 1, &second).has_value());
  CHECK(second == -2.0f);
  // The data begin where every element type is aligned.
  std::ifstream file(path, std::ios::binary);
  uint64_t length = 0;
  file.read(reinterpret_cast<char*>(&length), 8);
  CHECK(length % 8 == 0);
}

TEST_CASE("hostile .safetensors headers are refused with a reason", "[tensor]") {
  const Folder folder;
  const std::string four(4, 'x');
  const auto entry = [](const std::string& name, const std::string& shape, const std::string& at) {
    return "\"" + name + "\":{\"dtype\":\"F32\",\"shape\":" + shape + ",\"data_offsets\":" + at +
           "}";
  };
  const auto code = [&](const std::string& json, const std::string& data) {
    return CodeOf(folder, Safetensors(json, data));
  };
  // Holes, overlaps, wrong sizes, and data that nobody claims.
  CHECK(code("{" + entry("a", "[1]", "[4,8]") + "}", four + four) == ErrorCode::kCorrupt);
  CHECK(code("{" + entry("a", "[1]", "[0,4]") + "," + entry("b", "[1]", "[0,4]") + "}", four) ==
        ErrorCode::kCorrupt);
  CHECK(code("{" + entry("a", "[1]", "[0,4]") + "}", four + four) == ErrorCode::kCorrupt);
  CHECK(code("{" + entry("a", "[2]", "[0,8]") + "}", four) == ErrorCode::kCorrupt);
  CHECK(code("{" + entry("a", "[2]", "[0,4]") + "}", four) == ErrorCode::kCorrupt);
  CHECK(code("{" + entry("a", "[1]", "[4,0]") + "}", four) == ErrorCode::kCorrupt);
  CHECK(code("{" + entry("a", "[1]", "[-4,0]") + "}", four) == ErrorCode::kCorrupt);
  CHECK(code("{" + entry("a", "[4611686018427387904,4611686018427387904]", "[0,4]") + "}", four) ==
        ErrorCode::kCorrupt);
  CHECK(code("{" + entry("a", "[1]", "[0,4]") + "," + entry("a", "[1]", "[0,4]") + "}", four) ==
        ErrorCode::kCorrupt);
  CHECK(code("{\"__metadata__\":{\"a\":1}}", "") == ErrorCode::kCorrupt);
  CHECK(code("{\"a\":" + std::string(100000, '[') + "}", "") == ErrorCode::kCorrupt);
  CHECK(code("{]", "") == ErrorCode::kCorrupt);
  // A header longer than the file.
  CHECK(CodeOf(folder, std::string("\xff\xff\xff\xff\xff\xff\xff\x7f{", 9)) == ErrorCode::kCorrupt);
  // Types without a reader.
  CHECK(code("{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[4],\"data_offsets\":[0,4]}}", four) ==
        ErrorCode::kUnsupported);
}

TEST_CASE("what is no tensor file says so", "[tensor]") {
  const Folder folder;
  CHECK(CodeOf(folder, "") == ErrorCode::kUnsupported);
  CHECK(CodeOf(folder, "hello, this is text") == ErrorCode::kUnsupported);
  CHECK(CodeOf(folder, "PK\x03\x04 and no more") == ErrorCode::kCorrupt);
  CHECK(TensorFile::Open(folder.Path("missing.npy")).error().code == ErrorCode::kNotFound);
  CHECK(TensorFile::Open(folder.Path("")).error().code == ErrorCode::kUnsupported);
}

}  // namespace imnorm
