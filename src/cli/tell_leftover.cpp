// Partial files of a run that did not end.
#include "cli/tell_leftover.h"

#include "io/durable_file.h"

namespace imnorm::cli {

void TellLeftover(const std::string& path, const std::string& journal, Console& console) {
  const std::string noted = LeftoverOf(journal);
  const std::string partial = LeftoverOf(path);
  if (partial.empty() && noted.empty()) return;
  console.PrintInfo((partial.empty() ? noted : partial) +
                    ": left by a run that did not end; it is written anew" +
                    (noted.empty() ? "" : " (--resume goes on with it)"));
}

}  // namespace imnorm::cli
