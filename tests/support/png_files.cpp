#include "support/png_files.h"

#include <zlib.h>

#include <algorithm>
#include <cstdlib>
#include <random>

#include "decode/png/passes.h"

namespace imnorm::png_files {
namespace {

int ChannelsOf(int color) {
  constexpr int kChannels[] = {1, 0, 3, 1, 2, 0, 4};
  return kChannels[color];
}

void Append32(File& to, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) to.push_back(uint8_t(value >> shift));
}

uint32_t Read32(const File& file, size_t at) {
  return uint32_t(file[at]) << 24 | uint32_t(file[at + 1]) << 16 | uint32_t(file[at + 2]) << 8 |
         file[at + 3];
}

void Write32(File& file, size_t at, uint32_t value) {
  for (int i = 0; i < 4; ++i) file[at + size_t(i)] = uint8_t(value >> (24 - 8 * i));
}

// Calls `visit(at, length)` for each chunk that is whole.
template <typename Visit>
void ForEachChunk(const File& file, Visit visit) {
  for (size_t at = 8; at + 12 <= file.size();) {
    const uint32_t length = Read32(file, at);
    if (length > file.size() - at - 12) return;
    visit(at, size_t{length});
    at += size_t{length} + 12;
  }
}

// Bytes as a filter leaves them: small differences, runs, now and then anything.
void AddRow(std::mt19937& random, size_t bytes, int noise, File& rows) {
  const int kind = int(random() % 4);
  for (size_t i = 0; i < bytes; ++i) {
    if (noise > 127 || random() % 64 == 0) {
      rows.push_back(uint8_t(random()));
    } else if (kind == 0 && i > 9) {
      rows.push_back(rows[rows.size() - 9]);
    } else {
      rows.push_back(uint8_t(int(random() % uint32_t(2 * noise + 1)) - noise));
    }
  }
}

// Indices below `colors`, packed.
void AddIndices(std::mt19937& random, int width, int depth, int colors, File& rows) {
  const int per_byte = 8 / depth;
  for (int x = 0; x < width; x += per_byte) {
    int byte = 0;
    for (int i = 0; i < per_byte; ++i) {
      const int index = x + i < width ? int(random() % uint32_t(colors)) : 0;
      byte = byte << depth | index;
    }
    rows.push_back(uint8_t(byte));
  }
}

}  // namespace

bool KindExists(int color, int depth) {
  switch (color) {
    case 0:
      return depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
    case 3:
      return depth == 1 || depth == 2 || depth == 4 || depth == 8;
    case 2:
    case 4:
    case 6:
      return depth == 8 || depth == 16;
    default:
      return false;
  }
}

File Signature() { return {0x89, 'P', 'N', 'G', 13, 10, 26, 10}; }

File Chunk(const std::string& type, const File& body) {
  File chunk;
  Append32(chunk, uint32_t(body.size()));
  chunk.insert(chunk.end(), type.begin(), type.end());
  chunk.insert(chunk.end(), body.begin(), body.end());
  Append32(chunk, uint32_t(crc32(0, chunk.data() + 4, uInt(chunk.size() - 4))));
  return chunk;
}

File Ihdr(const Recipe& recipe) {
  File body;
  Append32(body, uint32_t(recipe.width));
  Append32(body, uint32_t(recipe.height));
  for (const int v : {recipe.depth, recipe.color, 0, 0, recipe.interlaced ? 1 : 0}) {
    body.push_back(uint8_t(v));
  }
  return Chunk("IHDR", body);
}

File Palette(const Recipe& recipe) {
  if (recipe.color != 3) return {};
  std::mt19937 random(recipe.seed * 7 + 1);
  File body(3 * size_t(recipe.colors > 0 ? recipe.colors : 1 << recipe.depth));
  for (uint8_t& v : body) v = uint8_t(random());
  return Chunk("PLTE", body);
}

File Transparency(const Recipe& recipe) {
  if (recipe.transparent < 0) return {};
  File body;
  if (recipe.color == 3) {
    for (int i = 0; i < recipe.transparent; ++i) body.push_back(uint8_t(i * 37 + 5));
  } else {
    for (int i = 0; i < ChannelsOf(recipe.color); ++i) {
      body.push_back(uint8_t(recipe.transparent >> 8));
      body.push_back(uint8_t(recipe.transparent));
    }
  }
  return Chunk("tRNS", body);
}

File Rows(const Recipe& recipe) {
  std::mt19937 random(recipe.seed);
  File rows;
  const int bits = ChannelsOf(recipe.color) * recipe.depth;
  for (const png::Pass& pass : png::PassesOf(recipe.interlaced)) {
    const int width = pass.Width(recipe.width);
    if (width == 0) continue;
    for (int y = 0; y < pass.Height(recipe.height); ++y) {
      if (recipe.color == 3 && recipe.colors > 0) {
        rows.push_back(0);
        AddIndices(random, width, recipe.depth, recipe.colors, rows);
        continue;
      }
      rows.push_back(uint8_t(recipe.filter >= 0 ? recipe.filter : int(random() % 5)));
      AddRow(random, png::RowBytes(width, bits), recipe.noise, rows);
    }
  }
  return rows;
}

File Deflate(const File& bytes, int level, int strategy, int window_bits) {
  z_stream stream = {};
  if (deflateInit2(&stream, level, Z_DEFLATED, window_bits, 8, strategy) != Z_OK) std::abort();
  File out(deflateBound(&stream, uLong(bytes.size())));
  stream.next_in = const_cast<Bytef*>(bytes.data());
  stream.avail_in = uInt(bytes.size());
  stream.next_out = out.data();
  stream.avail_out = uInt(out.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) std::abort();
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

File Data(const File& stream, size_t bytes_each) {
  if (bytes_each == 0) return Chunk("IDAT", stream);
  File chunks;
  for (size_t at = 0; at < stream.size(); at += bytes_each) {
    const size_t end = std::min(at + bytes_each, stream.size());
    const File chunk =
        Chunk("IDAT", File(stream.begin() + ptrdiff_t(at), stream.begin() + ptrdiff_t(end)));
    chunks.insert(chunks.end(), chunk.begin(), chunk.end());
  }
  return chunks;
}

File End() { return Chunk("IEND", {}); }

File Join(std::initializer_list<File> parts) {
  File file;
  for (const File& part : parts) file.insert(file.end(), part.begin(), part.end());
  return file;
}

File MakeOfStream(const Recipe& recipe, const File& stream) {
  return Join({Signature(), Ihdr(recipe), Palette(recipe), Transparency(recipe),
               Data(stream, recipe.idat_bytes), End()});
}

File Make(const Recipe& recipe) {
  return MakeOfStream(recipe,
                      Deflate(Rows(recipe), recipe.level, recipe.strategy, recipe.window_bits));
}

void MendChecksums(File& file) {
  ForEachChunk(file, [&file](size_t at, size_t length) {
    Write32(file, at + 8 + length, uint32_t(crc32(0, file.data() + at + 4, uInt(length + 4))));
  });
}

void MendSum(File& file) {
  File stream;
  std::vector<size_t> places;
  ForEachChunk(file, [&](size_t at, size_t length) {
    if (Read32(file, at + 4) != 0x49444154) return;
    for (size_t i = 0; i < length; ++i) {
      stream.push_back(file[at + 8 + i]);
      places.push_back(at + 8 + i);
    }
  });
  if (stream.size() < 6) return;
  z_stream z = {};
  if (inflateInit2(&z, -15) != Z_OK) std::abort();
  z.next_in = stream.data() + 2;
  z.avail_in = uInt(stream.size() - 2);
  uLong sum = adler32(0, nullptr, 0);
  int code = Z_OK;
  while (code == Z_OK) {
    uint8_t out[4096];
    z.next_out = out;
    z.avail_out = sizeof out;
    code = inflate(&z, Z_NO_FLUSH);
    sum = adler32(sum, out, uInt(sizeof out - z.avail_out));
  }
  const size_t at = 2 + size_t(z.total_in);
  inflateEnd(&z);
  if (code != Z_STREAM_END || at + 4 > stream.size()) return;
  for (size_t i = 0; i < 4; ++i) file[places[at + i]] = uint8_t(sum >> (24 - 8 * i));
}

}  // namespace imnorm::png_files
