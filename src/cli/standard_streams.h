// Standard input, output and error that a caller left closed.
#pragma once

#include <string>

namespace imnorm::cli {

// Puts something into the places of closed standard streams, so that no file of the run gets their
// numbers: messages for a closed stderr would be written into the tensor.
//
// Rules:    reading from or writing to such a stream fails as before (EBADF)
void HoldStandardStreams();

// The stream that a path such as /dev/stdout leads to, in words, if a caller left it closed; null
// for all other paths.
const char* ClosedStream(const std::string& path);

}  // namespace imnorm::cli
