// Standard input, output and error that a caller left closed.
#pragma once

namespace imnorm::cli {

// Puts something into the places of closed standard streams, so that no file of the run gets their
// numbers: messages for a closed stderr would be written into the tensor.
//
// Rules:    reading from or writing to such a stream fails as before (EBADF)
void HoldStandardStreams();

}  // namespace imnorm::cli
