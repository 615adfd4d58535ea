// The one table of element types: how each format spells them.
#pragma once

#include <cstddef>
#include <span>

#include "imnorm/tensor.h"

namespace imnorm {

struct ElementTypeRow {
  ElementType type;
  const char* word;  // as people and options say it
  size_t bytes;
  const char* numpy;  // the code of a dtype, without its byte order; null: numpy has none
  const char* safetensors;
};

std::span<const ElementTypeRow> ElementTypes();
const ElementTypeRow& RowOf(ElementType type);

// The dtype of little-endian elements, "<f4" or "|u1"; "" where numpy has none.
std::string NpyDescr(ElementType type);

}  // namespace imnorm
