// A folder of pictures -> a tensor file: folder_to_tensor FOLDER OUT.npy
#include <cstdio>

#include "imnorm/run.h"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  imnorm::RunOptions options;
  options.on_failure = [](const imnorm::Failure& failure) {
    std::fprintf(stderr, "%s: %s\n", failure.path.c_str(), failure.error.message.c_str());
  };
  const auto source = imnorm::OpenPaths({argv[1]});
  const auto plan = imnorm::PresetPlan("imagenet");
  imnorm::OutputOptions output;
  output.path = argv[2];
  const auto report = imnorm::Normalize(*source, *plan, output, options);
  if (!report) {
    std::fprintf(stderr, "%s\n", report.error().message.c_str());
    return 1;
  }
  std::printf("%llu rows\n", static_cast<unsigned long long>(report->rows));
}
