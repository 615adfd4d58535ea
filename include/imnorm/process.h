// What a program allows the library to do to the whole process.
#pragma once

namespace imnorm {

// Lets the library set what others of its libraries keep for the whole process as suits its runs:
// OpenCV, where a plan asks for its resize, becomes silent and single-threaded, since pictures are
// the unit of parallelism. For programs that do nothing else with them; without it nothing of a
// host's process is changed, and OpenCV resizes on as many threads as the host lets it have, to the
// same bytes.
//
// Rules:    to be called before the first run
// Threads:  by one
void OwnProcess();

}  // namespace imnorm
