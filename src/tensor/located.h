// A tensor's elements in an open file, and the way from there to a TensorFile.
#pragma once

#include "imnorm/tensor.h"
#include "io/descriptor.h"
#include "tensor/npz.h"
#include "tensor/tensor_layout.h"

namespace imnorm {

struct Located {
  Descriptor fd;
  TensorLayout layout;
};

// Unpacks the member of which the header was just read into a temporary file: a deflated one must
// be read at random.
//
// Errors:   kIo, kCorrupt
Result<Located> SpoolMember(NpzReader& reader, TensorLayout layout);

// What makes a TensorFile of such a place.
struct TensorFileAccess {
  static Result<TensorFile> Make(Located located);
};

}  // namespace imnorm
