// What a process that decodes gives up before it sees the first picture.
#pragma once

#include <cstdint>
#include <string>

#include "imnorm/error.h"

namespace imnorm {

// Gives up files, network, other processes, new descriptors and core files, for the rest of this
// process: by limits and by a filter of system calls. A call that the filter refuses ends the
// process after it was told of on kDecodingSocket (MessageKind::kRefused).
//
// Rules:    a program that a sanitizer watches keeps all: its runtime needs them
// Errors:   kInstallation: the module is missing, or this kernel has no such filters
Result<void> EnterSandbox();

// Whether RLIMIT_AS means something here: a sanitizer's runtime takes all address space there is.
bool CanBoundMemory();

// "openat"; "system call 257" where the module cannot be asked.
std::string SystemCallName(int number);

}  // namespace imnorm
