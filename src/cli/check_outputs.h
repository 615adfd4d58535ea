// Outputs that would destroy an input or one another are refused before anything is opened.
#pragma once

#include <string>
#include <vector>

#include "imnorm/error.h"
#include "imnorm/inputs.h"

namespace imnorm::cli {

// A file and the option that names it.
struct NamedFile {
  std::string option;
  std::string path;
};

// The files of a run beside the pictures of its list.
struct FilesOfRun {
  struct Output {
    NamedFile named;
    bool implied = false;  // OUT.manifest.json, which nobody named
  };
  std::vector<Output> outputs;
  std::vector<NamedFile> read;
  std::string mask_dir;
  std::vector<std::string> inputs;  // as given: what counts where there is no list

  // Adds one; "" is none, and standard output destroys nothing.
  void Write(const char* option, const std::string& path, bool implied = false);
  void Read(const char* option, const std::string& path);
};

// Holds every output that the command line names, with its .partial, against all that it reads.
//
// Rules:    names are compared by the folder and the last name that they lead to, through symbolic
//           links; an output and an input by the file itself, so that hard links count. What a run
//           reads before it writes may be written again: the state, and the config that is OUT's
//           own manifest.
// Errors:   kBadArgument: two outputs under one name, an output that is an input or that an option
//           reads
Result<void> CheckOutputs(const FilesOfRun& files, const InputList& list);

}  // namespace imnorm::cli
