// Times our PNG decoder against bare libspng: png_bench FOLDER [ROUNDS]
//
// One thread, files in memory, rows handed over in bands and looked at by nobody; the two alternate
// file by file, each file's median of the processor's time is summed. A last line decodes every
// file once, in one sweep a decoder: small files are faster where the branch predictor has learnt
// them by heart. IMNORM_SIMD forces a target. First of all every file is checked: ours must give
// libspng's bytes.
#include <spng.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "decode/png/png.h"
#include "kernels/target.h"
#include "support/png_compare.h"

namespace imnorm::png_compare {
namespace {

using File = std::vector<uint8_t>;

std::vector<File> ReadFolder(const char* folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) paths.push_back(entry);
  std::sort(paths.begin(), paths.end());
  std::vector<File> files;
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    files.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return files;
}

class Nobody : public RowConsumer {
 public:
  Result<Rect> Begin(const ImageInfo& info) override { return Rect{0, 0, info.width, info.height}; }
  void Rows(const uint8_t* rows, size_t, int, int) override { seen += rows[0]; }
  unsigned seen = 0;
};

// Colours of palettes, all else as it is stored: what DecodeOptions' native alpha-less form is made
// of.
void DecodeWithSpng(const File& file, std::vector<uint8_t>& band) {
  constexpr size_t kBandRows = 16;
  spng_ctx* context = spng_ctx_new(0);
  spng_set_crc_action(context, SPNG_CRC_ERROR, SPNG_CRC_ERROR);
  spng_set_png_buffer(context, file.data(), file.size());
  spng_ihdr header;
  if (spng_get_ihdr(context, &header) == 0) {
    const int format = header.color_type == SPNG_COLOR_TYPE_INDEXED ? SPNG_FMT_RGB8 : SPNG_FMT_PNG;
    size_t size = 0;
    spng_decoded_image_size(context, format, &size);
    const size_t stride = size / header.height;
    band.resize(stride * kBandRows);
    int code = spng_decode_image(context, nullptr, 0, format, SPNG_DECODE_PROGRESSIVE);
    for (size_t y = 0; code == 0; ++y) {
      code = spng_decode_row(context, band.data() + stride * (y % kBandRows), stride);
    }
    spng_decode_chunks(context);
  }
  spng_ctx_free(context);
}

// Of the processor, not of the wall clock: a busy machine disturbs it less.
double Microseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return double(now.tv_sec) * 1e6 + double(now.tv_nsec) / 1e3;
}

template <typename Work>
double Time(Work work) {
  const double start = Microseconds();
  work();
  return Microseconds() - start;
}

double Median(std::vector<double>& values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// Returns the files that ours decodes; reports the rest.
std::vector<File> CheckAll(const std::vector<File>& files) {
  Decoder decoder;
  std::vector<File> own;
  std::map<std::string, int> fallbacks;
  for (const File& file : files) {
    const Comparison found = Compare(decoder, file, {});
    if (!found.complaint.empty()) {
      std::printf("DIFFERENT: %s\n", found.complaint.c_str());
      std::exit(1);
    }
    if (found.own) {
      own.push_back(file);
    } else {
      ++fallbacks[found.sound ? found.fallback : "refused"];
    }
  }
  std::printf("%zu of %zu files decoded by ours, all with libspng's bytes\n", own.size(),
              files.size());
  for (const auto& [reason, times] : fallbacks) std::printf("  %4d %s\n", times, reason.c_str());
  return own;
}

void Run(const char* folder, int rounds) {
  const std::vector<File> files = CheckAll(ReadFolder(folder));
  if (files.empty()) return;
  png::SoundDecoder decoder;
  std::vector<uint8_t> band;
  Nobody nobody;
  DecodeOptions options;
  options.channels = DecodeChannels::kNative;
  options.depth = 16;
  options.alpha = AlphaPolicy::kMask;
  DecodeReport report;
  const auto ours = [&](const File& file) { decoder.Decode(file, options, nobody, report); };
  const auto theirs = [&](const File& file) { DecodeWithSpng(file, band); };
  const double theirs_once = Time([&] {
    for (const File& file : files) theirs(file);
  });
  const double ours_once = Time([&] {
    for (const File& file : files) ours(file);
  });
  double theirs_sum = 0, ours_sum = 0;
  for (const File& file : files) {
    std::vector<double> t, o;
    for (int round = 0; round <= rounds; ++round) {
      const double of_theirs = Time([&] { theirs(file); });
      const double of_ours = Time([&] { ours(file); });
      if (round == 0) continue;
      t.push_back(of_theirs);
      o.push_back(of_ours);
    }
    theirs_sum += Median(t);
    ours_sum += Median(o);
  }
  const char* const target = kernels::TargetName(kernels::ActiveTarget());
  std::printf("%-8s libspng %.1f ms, ours %.1f ms, ratio %.3f\n", target, theirs_sum / 1e3,
              ours_sum / 1e3, ours_sum / theirs_sum);
  std::printf("%-8s each once: libspng %.1f us a file, ours %.1f us, ratio %.3f\n", target,
              theirs_once / double(files.size()), ours_once / double(files.size()),
              ours_once / theirs_once);
}

}  // namespace
}  // namespace imnorm::png_compare

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: png_bench FOLDER [ROUNDS]\n");
    return 2;
  }
  imnorm::png_compare::Run(argv[1], argc > 2 ? std::max(std::atoi(argv[2]), 1) : 9);
  return 0;
}
