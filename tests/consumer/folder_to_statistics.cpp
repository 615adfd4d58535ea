// A folder of pictures -> its statistics as JSON.
#include <cstdio>

#include "imnorm/run.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto source = imnorm::OpenPaths({argv[1]});
  const auto result = imnorm::Measure(*source, imnorm::Plan());
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().message.c_str());
    return 1;
  }
  std::fputs(imnorm::StatsToJson(result->totals).c_str(), stdout);
}
