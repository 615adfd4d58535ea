// Where a run's tensor goes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "imnorm/error.h"

namespace imnorm {

// The formats that there are: "npy", "safetensors", ...
std::vector<std::string_view> FormatNames();

// The format that a path's extension names.
//
// Errors:   kBadArgument: no known extension; it blames output.format
Result<std::string> FormatOfPath(const std::string& path);

struct OutputOptions {
  std::string path;  // "-": standard output, for "raw" and "wds" only
  std::string format = "npy";
  bool overwrite = false;
  // Goes on where an earlier run of the same list and plan ended, and leaves what is done for the
  // next one where this run is stopped. Pictures with given mean and std, in files.
  bool resume = false;
  uint64_t shard_size = 0;  // rows a shard: a file each, numbered; 0: all in one file
  bool split = false;       // "raw": a file a row, and a list of them
  bool labels = true;       // pictures have the first folder of their keys as class
  std::string manifest;     // "": path + ".manifest.json", and none for standard output
  // An open descriptor that takes the manifest as lines of JSON while pictures with given mean and
  // std go to standard output: one of the run, one an input before its row, one of the end; -1:
  // none.
  int manifest_fd = -1;
  // Batch, layer, instance and group normalisation:
  std::string state_out;    // running statistics and affine parameters; "" for none
  std::string report_norm;  // means and variances used, as JSON; "" for none
  bool sharded() const { return shard_size > 0; }
  bool to_stdout() const { return path == "-"; }
  std::string manifest_path() const {
    return manifest.empty() ? path + ".manifest.json" : manifest;
  }
  // What a run notes of each input until it is done, as PATH.partial; what is done need not be done
  // again.
  std::string journal_path() const { return path + ".journal"; }
  // The names of the classes by number, where there are any.
  std::string classes_path() const { return path + ".classes.json"; }
};

}  // namespace imnorm
