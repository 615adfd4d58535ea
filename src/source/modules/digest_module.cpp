// The module that hashes files: SHA-256 by nettle, BLAKE3 by us.
#include <nettle/sha2.h>

#include "source/digest_functions.h"
#include "source/modules/blake3.h"

namespace {

void Sha256(const uint8_t* bytes, size_t count, uint8_t* digest) {
  sha256_ctx context;
  sha256_init(&context);
  sha256_update(&context, count, bytes);
  sha256_digest(&context, imnorm::kDigestBytes, digest);
}

}  // namespace

extern "C" __attribute__((visibility("default"))) const imnorm::DigestFunctions* imnorm_digest() {
  static const imnorm::DigestFunctions functions = {imnorm::kDigestApi, Sha256, imnorm::Blake3};
  return &functions;
}
