// Outputs that would destroy an input or one another are refused before anything is opened.
#pragma once

#include "cli/arguments.h"

namespace imnorm::cli {

// Holds every output that the command line names, with its .partial, against all that it reads.
//
// Rules:    names are compared by the folder and the last name that they lead to, through symbolic
//           links; an output and an input by the file itself, so that hard links count. What a run
//           reads before it writes may be written again: the state, and the config that is OUT's
//           own manifest.
// Errors:   kBadArgument: two outputs under one name, an output that is an input or that an option
//           reads
Result<void> CheckOutputs(const Arguments& arguments, const InputList& list);

}  // namespace imnorm::cli
