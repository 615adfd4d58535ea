// Elements that a file holds in another order than imnorm works in: big-endian, Fortran.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace imnorm {

// Turns each of the elements' bytes round.
void SwapElements(uint8_t* elements, size_t count, size_t element_bytes);

// Copies elements [first, first + count), counted in C order, of a tensor stored in Fortran order.
//
// Shapes:   stored: the whole tensor, dense, its first index running fastest
void GatherFortran(const uint8_t* stored, const std::vector<int64_t>& shape, size_t element_bytes,
                   int64_t first, int64_t count, uint8_t* out);

}  // namespace imnorm
