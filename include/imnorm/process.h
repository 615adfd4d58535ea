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

// Whether the library began this process to decode in it: see RunOptions::isolate.
bool IsDecodingProcess(int argc, char** argv);

// Decodes what the process that began this one hands over, until there is no more.
//
// Rules:    before it looks at the first picture it gives up what a decoder does not need: files,
//           network, processes, by a filter of system calls
// Returns:  the exit code of the process
int ServeDecoding();

}  // namespace imnorm
