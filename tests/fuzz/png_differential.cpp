// libFuzzer target: a PNG has the same verdict, words and bytes from our decoder as from libspng.
//
// The last byte chooses the options, and whether checksums are mended first. Without that hardly
// any mutant would get past them.
//
// Run: png_differential SEEDS/png_differential [-max_total_time=1800]
#include <cstdio>
#include <cstdlib>

#include "support/png_compare.h"
#include "support/png_files.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace imnorm;
  static Decoder decoder;
  if (size == 0) return 0;
  const unsigned choice = data[size - 1];
  png_files::File file(data, data + size - 1);
  if (choice < 216) {
    if (choice >= 108) png_files::MendSum(file);
    png_files::MendChecksums(file);
  }
  DecodeOptions options = png_compare::OptionsNumber(choice % 36);
  options.max_pixels = 1 << 18;
  const png_compare::Comparison found = png_compare::Compare(decoder, file, options);
  if (found.complaint.empty()) return 0;
  std::fprintf(stderr, "%s\n", found.complaint.c_str());
  std::abort();
}
