// The one kind of temporary file: without a name, so that nobody finds it and nothing of it is
// left.
#pragma once

#include <string>

#include "imnorm/error.h"
#include "io/descriptor.h"

namespace imnorm {

// An empty file for reading and writing in `folder`; "" is $TMPDIR, or else /tmp.
//
// Rules:    no name from the start where the file system can (O_TMPFILE); else an unguessable one,
//           made anew and given up at once. Nobody else may open it (0600). A killed run leaves
//           nothing.
// Errors:   kIo, naming the folder
Result<Descriptor> OpenTemporary(const std::string& folder = "");

// $TMPDIR, or else /tmp.
std::string TemporaryFolder();

}  // namespace imnorm
