// Where a run's tensor goes.
#pragma once

#include <string>

#include "imnorm/error.h"

namespace imnorm {

enum class FileFormat { kNpy, kSafetensors, kRaw };

const char* FileFormatName(FileFormat format);

// The format that a path's extension names.
//
// Errors:   kBadArgument: no known extension; the message names --format
Result<FileFormat> FormatOfPath(const std::string& path);

struct OutputOptions {
  std::string path;  // "-": standard output, for kRaw only
  FileFormat format = FileFormat::kNpy;
  bool overwrite = false;
  std::string manifest;  // "": path + ".manifest.json", and none for standard output
  // Batch, layer, instance and group normalisation:
  std::string state_out;    // running statistics and affine parameters; "" for none
  std::string report_norm;  // means and variances used, as JSON; "" for none
  bool to_stdout() const { return path == "-"; }
  std::string manifest_path() const {
    return manifest.empty() ? path + ".manifest.json" : manifest;
  }
};

}  // namespace imnorm
