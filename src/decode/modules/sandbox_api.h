// What the module of the sandbox and the library say to each other: plain C types, so that
// libseccomp is loaded only where a process shuts itself in.
#pragma once

#include <cstddef>

extern "C" {

// Raised whenever a structure below changes; the loader refuses another number.
inline constexpr int kImnormSandboxApi = 1;

struct ImnormSandboxApi {
  int api;
  const char* version;  // libseccomp's
  // Lets this process make only the calls that decoding needs; any other raises SIGSYS.
  //
  // Returns 0, or an error number.
  int (*enter)(void);
  // Writes the name of a system call, ended by a NUL; false: there is none of this number.
  bool (*name_of)(int number, char* name, size_t bytes);
};

typedef const ImnormSandboxApi* (*ImnormSandboxEntry)(void);

#define IMNORM_SANDBOX_ENTRY "imnorm_sandbox_api"

}  // extern "C"
