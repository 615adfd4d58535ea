// What a run reads: a list of pictures, or one tensor; of either, a part.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "imnorm/error.h"
#include "imnorm/inputs.h"

namespace imnorm {

// Part `index` of `count`, from 1.
struct Shard {
  uint64_t index = 1;
  uint64_t count = 1;
};

// One tensor of a file.
struct TensorSource {
  std::string path;
  std::string name;    // of the file's tensors; "" where it holds one
  std::string layout;  // what its sides are, a word of ParseTensorAxes; "": as AxesOf has it
};

// Whether a path names a tensor file: .npy, .npz or .safetensors, in any case.
bool IsTensorPath(const std::string& path);

// A source as it is asked for, before anything is looked at.
struct SourceOptions {
  InputOptions inputs;
  TensorSource tensor;  // its path is "" where the inputs are pictures
  Shard shard;          // of the list, or of the tensor's samples

  bool is_tensor() const { return !tensor.path.empty(); }
};

struct Source {
  std::variant<InputList, TensorSource> items;
  Shard shard;

  bool is_tensor() const { return std::holds_alternative<TensorSource>(items); }
  const InputList& list() const;  // empty where it is a tensor
};

// Lists the pictures that the options name; a tensor is opened by the run.
//
// Errors:   those of ListInputs
Result<Source> OpenSource(const SourceOptions& options);

// The same of files, folders and archives or, where a tensor file stands alone, of that.
Result<Source> OpenPaths(std::vector<std::string> paths);

}  // namespace imnorm
