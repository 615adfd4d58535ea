#include "support/jpeg_compare.h"

namespace imnorm::jpeg_judge {

Comparison Compare(jpeg::Decoder& decoder, std::span<const uint8_t> bytes, int64_t max_pixels) {
  Comparison comparison;
  PictureConsumer consumer;
  const auto outcome = decoder.Decode(bytes, 3, max_pixels, consumer);
  comparison.fast = outcome.done;
  comparison.fallback = outcome.fallback;
  if (!outcome.done) {
    if (outcome.fallback.empty()) comparison.complaint = "neither done nor a reason";
    return comparison;
  }
  const Verdict verdict = Judge(bytes);
  if (!verdict.sound) {
    comparison.complaint = "done, but libjpeg-turbo finds damage";
  } else if (verdict.noted) {
    comparison.complaint = "done, but libjpeg-turbo has a note to give";
  } else if (!consumer.complete()) {
    comparison.complaint = "done, but rows are missing";
  } else if (consumer.picture.width != verdict.picture.width ||
             consumer.picture.height != verdict.picture.height) {
    comparison.complaint = "another size";
  } else if (consumer.picture.pixels != verdict.picture.pixels) {
    comparison.complaint = "other bytes";
  }
  return comparison;
}

}  // namespace imnorm::jpeg_judge
