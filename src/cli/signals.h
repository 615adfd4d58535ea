// SIGINT, SIGTERM and SIGHUP ask a run to stop within a picture.
#pragma once

#include <atomic>

namespace imnorm::cli {

// The number of the signal that came, or 0.
const std::atomic<int>& StopSignal();

// From now on the first of the three signals is noted; a second one ends the process at once.
// SIGPIPE is ignored: a closed pipe shows as an error of write.
void CatchSignals();

}  // namespace imnorm::cli
