// Times our JPEG decoder against TurboJPEG: jpeg_bench FOLDER [ROUNDS]
//
// One thread, files in memory, whole pictures to RGB; the two alternate file set by file set after
// a warm-up round, medians are compared. IMNORM_SIMD forces a target. First of all every file is
// checked: what ours calls done must be TurboJPEG's bytes.
#include <turbojpeg.h>

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

#include "kernels/target.h"
#include "support/jpeg_compare.h"

namespace imnorm::jpeg_judge {
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

class Turbo {
 public:
  Turbo() : handle_(tjInitDecompress()) {}
  ~Turbo() { tjDestroy(handle_); }

  void Decode(const File& file) {
    int width = 0, height = 0, subsampling = 0, color = 0;
    if (tjDecompressHeader3(handle_, file.data(), file.size(), &width, &height, &subsampling,
                            &color) != 0) {
      return;
    }
    pixels_.resize(size_t(width) * size_t(height) * 3);
    tjDecompress2(handle_, file.data(), file.size(), pixels_.data(), width, 0, height, TJPF_RGB, 0);
  }

 private:
  tjhandle handle_;
  std::vector<uint8_t> pixels_;
};

// Of the processor, not of the wall clock: a busy machine disturbs it less.
double MillisecondsSoFar() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return double(now.tv_sec) * 1e3 + double(now.tv_nsec) / 1e6;
}

template <typename Work>
double Milliseconds(Work work) {
  const double start = MillisecondsSoFar();
  work();
  return MillisecondsSoFar() - start;
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// Returns the files that ours decodes; reports the rest.
std::vector<File> CheckAll(jpeg::Decoder& decoder, const std::vector<File>& files) {
  std::vector<File> fast;
  std::map<std::string, int> fallbacks;
  for (const File& file : files) {
    const Comparison found = Compare(decoder, file);
    if (!found.complaint.empty()) {
      std::printf("DIFFERENT: %s\n", found.complaint.c_str());
      std::exit(1);
    }
    if (found.fast) {
      fast.push_back(file);
    } else {
      ++fallbacks[found.fallback];
    }
  }
  std::printf("%zu of %zu files on the fast path, all with libjpeg-turbo's bytes\n", fast.size(),
              files.size());
  for (const auto& [reason, times] : fallbacks) std::printf("  %4d %s\n", times, reason.c_str());
  return fast;
}

void Run(const char* folder, int rounds) {
  jpeg::Decoder decoder;
  Turbo turbo;
  PictureConsumer consumer;
  const std::vector<File> files = CheckAll(decoder, ReadFolder(folder));
  if (files.empty()) return;
  std::vector<double> theirs, ours;
  for (int round = 0; round <= rounds; ++round) {
    const double t = Milliseconds([&] {
      for (const File& file : files) turbo.Decode(file);
    });
    const double o = Milliseconds([&] {
      for (const File& file : files) {
        consumer.window = {};
        decoder.Decode(file, 3, kManyPixels, consumer);
      }
    });
    if (round == 0) continue;
    theirs.push_back(t);
    ours.push_back(o);
  }
  std::printf("%-8s TurboJPEG %.1f ms, ours %.1f ms, ratio %.3f (best against best %.3f)\n",
              kernels::TargetName(kernels::ActiveTarget()), Median(theirs), Median(ours),
              Median(ours) / Median(theirs),
              *std::min_element(ours.begin(), ours.end()) /
                  *std::min_element(theirs.begin(), theirs.end()));
}

}  // namespace
}  // namespace imnorm::jpeg_judge

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: jpeg_bench FOLDER [ROUNDS]\n");
    return 2;
  }
  imnorm::jpeg_judge::Run(argv[1], argc > 2 ? std::max(std::atoi(argv[2]), 1) : 9);
  return 0;
}
