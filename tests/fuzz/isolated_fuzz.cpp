// What a decoding process that was taken over may say to the run.
#include <cstddef>
#include <cstdint>
#include <span>

#include "decode/isolated/messages.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const imnorm::Unpacker content{std::span(data, size)};
  if (const auto info = imnorm::UnpackImageInfo(content); info && info->width <= 0)
    __builtin_trap();
  if (const auto report = imnorm::UnpackReport(content); report && report->picture.format.empty()) {
    __builtin_trap();
  }
  static_cast<void>(imnorm::UnpackRows(content));
  static_cast<void>(imnorm::UnpackError(content));
  return 0;
}
