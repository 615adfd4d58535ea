// Work on several threads.
#pragma once

#include <cstdint>
#include <functional>

namespace imnorm {

// Calls `loop` on `threads` threads at once, the caller's among them, and waits for all; on fewer
// where the system gives no more.
//
// Errors:   the first exception of a loop is thrown again when all have ended
void RunOnThreads(int threads, const std::function<void()>& loop);

// Calls body(0) .. body(count - 1) in any order, on `threads` threads.
//
// Errors:   the first exception of a body is thrown again here; not all others were called then
void RunParallel(int threads, int64_t count, const std::function<void(int64_t)>& body);

}  // namespace imnorm
