// A folder of pictures -> its statistics as JSON.
#include <cstdio>

#include "imnorm/run.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  imnorm::InputOptions inputs;
  inputs.inputs = {argv[1]};
  const auto list = imnorm::ListInputs(inputs);
  const auto result = imnorm::MeasurePictures(*list, 1, 1, imnorm::Plan(), {}, {});
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().message.c_str());
    return 1;
  }
  std::fputs(imnorm::StatsToJson(result->totals).c_str(), stdout);
}
