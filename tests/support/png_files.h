// PNG files for tests, made chunk by chunk: sound ones of every kind, and parts to make others of.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace imnorm::png_files {

using File = std::vector<uint8_t>;

// How a test picture is made.
struct Recipe {
  int width = 16;
  int height = 16;
  int color = 2;  // as in IHDR
  int depth = 8;
  int filter = -1;       // of all rows; -1: any, row by row
  int level = 6;         // zlib's
  int strategy = 0;      // zlib's
  int window_bits = 15;  // zlib's
  bool interlaced = false;
  int colors = 0;         // of a palette; 0: as many as the depth has, and rows may be filtered
  int transparent = -1;   // tRNS: entries of a palette, or a grey level or RGB sample; -1: none
  size_t idat_bytes = 0;  // a chunk; 0: all in one
  uint32_t seed = 1;
  int noise = 12;  // above 127: bytes of any value
};

bool KindExists(int color, int depth);
File Signature();
File Chunk(const std::string& type, const File& body);
File Ihdr(const Recipe& recipe);
File Palette(const Recipe& recipe);
File Transparency(const Recipe& recipe);
// The filtered rows of all passes.
File Rows(const Recipe& recipe);
// A zlib stream.
File Deflate(const File& bytes, int level = 6, int strategy = 0, int window_bits = 15);
// IDAT chunks of so many bytes; 0: all in one.
File Data(const File& stream, size_t bytes_each = 0);
File End();
File Join(std::initializer_list<File> parts);

// A whole file of the recipe, or of other rows or another stream with its chunks around.
File Make(const Recipe& recipe);
File MakeOfStream(const Recipe& recipe, const File& stream);

// Writes the right checksum behind every chunk that is whole.
void MendChecksums(File& file);
// Writes the right sum behind the stream, if there is one and it ends.
void MendSum(File& file);

}  // namespace imnorm::png_files
