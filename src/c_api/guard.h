// What every function of the C interface does around its work: errors and exceptions become codes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <exception>
#include <new>
#include <string>

#include "imnorm/c.h"
#include "imnorm/error.h"

namespace imnorm::c_api {

imnorm_code CodeOf(ErrorCode code);

// Keeps the reason for imnorm_last_error; never throws.
imnorm_code Refuse(imnorm_code code, const char* message) noexcept;
inline imnorm_code Refuse(const Error& error) noexcept {
  return Refuse(CodeOf(error.code), error.message.c_str());
}

// Runs `work`, which returns a code; no exception leaves.
template <typename Work>
imnorm_code Guarded(Work&& work) noexcept {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return Refuse(IMNORM_TOO_LARGE, "not enough memory");
  } catch (const std::exception& e) {
    return Refuse(IMNORM_INTERNAL, e.what());
  }
}

// Whether a caller's structure says how long it is; `struct_size` comes first in it.
template <typename Struct>
bool IsSized(const Struct* given) noexcept {
  return given->struct_size > sizeof(size_t);
}

inline imnorm_code RefuseUnsized() noexcept {
  return Refuse(IMNORM_BAD_ARGUMENT, "struct_size is not set");
}

// Hands over as much of a structure as its caller knows.
template <typename Struct>
imnorm_code HandOver(const Struct& from, Struct* to) noexcept {
  if (!IsSized(to)) return RefuseUnsized();
  const size_t taken = std::min(to->struct_size, sizeof(Struct));
  std::memcpy(reinterpret_cast<char*>(to) + sizeof(size_t),
              reinterpret_cast<const char*>(&from) + sizeof(size_t), taken - sizeof(size_t));
  return IMNORM_OK;
}

}  // namespace imnorm::c_api
