// A zip of stored .npy members: the rows at their places in the first, which is described behind
// them, so that its header need not wait for its checksum.
#include "sink/npz_sink.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>

#include "json/utf8.h"
#include "sink/file_sink.h"
#include "sink/rows_so_far.h"
#include "sink/zip_records.h"

namespace imnorm {
namespace {

// So that the array's data is aligned; the second for names longer than "data".
constexpr size_t kZipHeaderBytes[] = {64, 128};
constexpr size_t kNpyHeaderBytes = 192;  // for five dimensions of any size; a multiple of 64
constexpr size_t kPieceBytes = 1 << 20;

uint32_t Checksum(uint32_t before, const void* data, size_t size) {
  return uint32_t(crc32_z(before, static_cast<const Bytef*>(data), size));
}

// A key as numpy keeps text: code points of 32 bits. Bytes that are no UTF-8 become the surrogates
// that Python's os.fsencode takes back.
std::vector<uint32_t> CodePoints(std::string_view key) {
  std::vector<uint32_t> points;
  while (!key.empty()) {
    const Utf8Character character = FirstCharacter(key);
    points.push_back(character.length > 0 ? character.code_point : 0xdc00 + uint8_t(key.front()));
    key.remove_prefix(std::max<size_t>(character.length, 1));
  }
  return points;
}

class NpzSink : public FileSink {
 public:
  NpzSink(DurableFile file, ElementType dtype, const TensorFacts& facts)
      : FileSink(std::move(file), dtype,
                 kZipHeaderBytes[facts.packed.has_value()] + kNpyHeaderBytes,
                 facts.packed.has_value()),
        labelled_(!facts.classes.empty()),
        packed_(facts.packed.value_or(PackedFacts{"data", {}})) {}

  Result<void> Start(const std::vector<int64_t>& row_shape, uint64_t most_rows) override {
    checksums_.resize(most_rows);
    return FileSink::Start(row_shape, most_rows);
  }
  Result<void> Follow(const RowBlock& rows) override {
    if (packed()) {
      pictures_.FollowPacked(rows);
    } else {
      pictures_.Follow(rows);
    }
    return FileSink::Follow(rows);
  }
  // A row's checksum is the writing thread's: of all rows in one thread they would take longer than
  // everything else that is done in order.
  Result<void> Write(const RowBlock& rows) override {
    if (packed()) {
      checksums_[rows.picture] = Checksum(0, rows.data, rows.count * row_bytes());
      return FileSink::Write(rows);
    }
    for (uint64_t i = 0; i < rows.count; ++i) {
      checksums_[rows.first + i] = Checksum(0, rows.data + i * row_bytes(), row_bytes());
    }
    return FileSink::Write(rows);
  }

 private:
  ZipMember Data() const {
    ZipMember member;
    member.name = packed_.tensor + ".npy";
    member.described_after = true;
    return member;
  }

  std::string ArrayHeader(uint64_t rows) const {
    return NpyHeader(NpyDescr(dtype()), Shape(rows), kNpyHeaderBytes);
  }

  std::string Header(uint64_t rows) const override {
    return ZipLocalHeader(Data(), kZipHeaderBytes[packed()]) + ArrayHeader(rows);
  }

  Result<void> WriteTail(uint64_t rows) override {
    ZipMember data = Data();
    const std::string header = ArrayHeader(rows);
    data.bytes = header.size() + rows * row_bytes();
    data.crc = Checksum(0, header.data(), header.size());
    const uint64_t blocks = packed() ? pictures_.counts().size() : rows;
    for (uint64_t block = 0; block < blocks; ++block) {
      const uint64_t bytes = packed() ? pictures_.counts()[block] * row_bytes() : row_bytes();
      data.crc = uint32_t(crc32_combine(data.crc, checksums_[block], z_off_t(bytes)));
    }
    const std::string descriptor = ZipDescriptor(data);
    if (auto done = Append(descriptor.data(), descriptor.size()); !done) return done;
    members_ = {data};
    if (auto done = AddNumbers(rows); !done) return done;
    if (!pictures_.keys().empty()) {
      if (labelled_) {
        if (auto done = AddLabels(blocks); !done) return done;
      }
      if (auto done = AddPaths(blocks); !done) return done;
    }
    const std::string directory = ZipDirectory(members_, end());
    return Append(directory.data(), directory.size());
  }

  Result<void> AddNumbers(uint64_t rows) {
    size_t first = 0;
    for (const PackedFacts::Numbers& part : packed_.numbers) {
      const std::vector<int64_t> numbers = pictures_.Numbers(first, size_t(part.count));
      const std::vector<int64_t> shape = PicturesShape(pictures_.counts().size(), part.count);
      first += size_t(part.count);
      if (part.name.empty()) continue;
      if (auto done = AddInt64(part.name + ".npy", shape, numbers); !done) return done;
    }
    for (const DerivedArray& array : packed_.derived) {
      if (auto done = AddDerived(array, rows); !done) return done;
    }
    return {};
  }

  Result<void> AddDerived(const DerivedArray& array, uint64_t rows) {
    std::vector<int64_t> shape = ShapeOf(array, row_shape());
    shape.insert(shape.begin(), int64_t(array.of_rows ? rows : pictures_.numbers().size()));
    const std::string header = NpyHeader(NpyDescr(array.type), shape);
    uint64_t bytes = ElementBytes(array.type);
    for (const int64_t side : shape) bytes *= uint64_t(side);
    return AddMember(array.name + ".npy", header.size() + bytes, [&](const auto& put) {
      auto done = put(header.data(), header.size());
      std::vector<uint8_t> elements;
      for (const auto& numbers : pictures_.numbers()) {
        if (!done) break;
        MakeDerived(array, numbers, row_shape(), &elements);
        done = put(elements.data(), elements.size());
      }
      return done;
    });
  }

  Result<void> AddLabels(uint64_t rows) {
    return AddInt64("labels.npy", {int64_t(rows)}, pictures_.labels().first(rows));
  }

  Result<void> AddInt64(const std::string& name, const std::vector<int64_t>& shape,
                        std::span<const int64_t> numbers) {
    const std::string header = NpyHeader("<i8", shape);
    return AddMember(name, header.size() + numbers.size_bytes(), [&](const auto& put) {
      return put(header.data(), header.size()).and_then([&] {
        return put(numbers.data(), numbers.size_bytes());
      });
    });
  }

  Result<void> AddPaths(uint64_t rows) {
    const auto keys = pictures_.keys().first(rows);
    size_t width = 1;
    for (const std::string_view key : keys) width = std::max(width, CodePoints(key).size());
    const std::string header = NpyHeader(fmt::format("<U{}", width), {int64_t(rows)});
    const uint64_t bytes = header.size() + rows * width * sizeof(uint32_t);
    return AddMember("paths.npy", bytes, [&](const auto& put) {
      auto done = put(header.data(), header.size());
      std::vector<uint32_t> piece;
      for (size_t row = 0; done && row < keys.size(); ++row) {
        std::vector<uint32_t> points = CodePoints(keys[row]);
        points.resize(width);
        piece.insert(piece.end(), points.begin(), points.end());
        if (piece.size() * sizeof(uint32_t) < kPieceBytes && row + 1 < keys.size()) continue;
        done = put(piece.data(), piece.size() * sizeof(uint32_t));
        piece.clear();
      }
      return done;
    });
  }

  // `content` hands the member's bytes to what it is given, and is asked twice: the header in front
  // of them holds their checksum.
  template <typename Content>
  Result<void> AddMember(const std::string& name, uint64_t bytes, const Content& content) {
    ZipMember member;
    member.name = name;
    member.offset = end();
    member.bytes = bytes;
    const auto check = [&](const void* data, size_t size) {
      member.crc = Checksum(member.crc, data, size);
      return Result<void>();
    };
    if (auto done = content(check); !done) return done;
    const std::string header = ZipLocalHeader(member);
    members_.push_back(member);
    if (auto done = Append(header.data(), header.size()); !done) return done;
    return content([&](const void* data, size_t size) { return Append(data, size); });
  }

  bool labelled_;
  PackedFacts packed_;
  RowsSoFar pictures_;
  std::vector<uint32_t> checksums_;  // of each row; packed: of each picture's
  std::vector<ZipMember> members_;
};

Result<std::unique_ptr<TensorSink>> Open(const OutputOptions& output, ElementType dtype,
                                         const Stop&, const TensorFacts& facts) {
  auto file = DurableFile::Create(output.path, output.overwrite, output.resume);
  if (!file) return Failed(file);
  return std::make_unique<NpzSink>(std::move(*file), dtype, facts);
}

bool Takes(ElementType type) { return !NpyDescr(type).empty(); }

constexpr std::string_view kExtensions[] = {".npz"};

}  // namespace

const SinkFormat kNpzFormat = {"npz", kExtensions, Takes, /*streams=*/false, /*packs=*/true, Open};

}  // namespace imnorm
