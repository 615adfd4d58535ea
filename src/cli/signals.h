// SIGINT, SIGTERM and SIGHUP: ask a run to stop within a picture, then end the program.
#pragma once

#include <atomic>

namespace imnorm::cli {

// The number of the signal that asked to stop, or 0.
const std::atomic<int>& StopSignal();

// From now on any of the three ends the program at once with 128 + its number, as long as nothing
// is begun that would have to be tidied up. SIGPIPE and SIGXFSZ are ignored: a closed pipe and a
// limit of a file's size (ulimit -f) show as errors of write.
void CatchSignals();

// From now on the first of the three is noted in StopSignal(); the next, of whichever kind, ends
// the program at once.
void StopInOrder();

}  // namespace imnorm::cli
