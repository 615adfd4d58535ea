// Finding and loading imnorm's own modules.
#pragma once

#include <filesystem>
#include <string>

#include "imnorm/error.h"

namespace imnorm {

// A module as those know it who need it.
struct ModuleName {
  const char* file;               // "imnorm_tiff.so"
  const char* entry;              // its entry function
  const char* use;                // for people: "reads TIFF"
  const char* option;             // of CMake, which builds it
  const char* package = nullptr;  // Debian's, where it is not that of the program
  // Its own functions go before those of the same name elsewhere, for what its libraries call, too.
  bool answers_first = false;
};

// Loads a module and returns the address of its entry function. It is never unloaded.
//
// Rules:    it stands in the one folder that belongs to the object that holds this code (see
//           ModuleFolder), or in $IMNORM_MODULE_PATH where that is set: for programs that link the
//           library from an installation which they are no part of. No other folder is searched,
//           whatever the working folder or LD_LIBRARY_PATH
// Errors:   kInstallation: missing, not loadable, or another version's; with the remedy
Result<void*> LoadModule(const ModuleName& module);

// Whether a module stands where LoadModule looks for it.
bool HasModule(const ModuleName& module);

// What a user can do who has no such module: "install the Debian package ..., or build ...".
std::string RemedyOf(const ModuleName& module);

// A module that has an entry function but speaks another language than this library.
tl::unexpected<Error> ForeignModule(const ModuleName& module);

// The folder of the modules that were built or installed with an object, by where the object
// stands.
//
// Rules:    in a build tree (where CMake's cache is, or one folder below, where tests stand) its
//           modules/; in an installation the folder that the build fixed, relative to the program
//           folder or library folder, so that a prefix can be moved; "" in any other place
std::filesystem::path ModuleFolder(const std::filesystem::path& object_folder, bool is_program);

}  // namespace imnorm
