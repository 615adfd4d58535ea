// Loads the digest module once.
#include "source/digest.h"

#include "module/module.h"

namespace imnorm {
namespace {

constexpr ModuleName kModule = {"imnorm_digest.so", kDigestEntry, "hashes files",
                                "IMNORM_BUILD_DIGEST_MODULE"};

Result<const DigestFunctions*> Load() {
  const Result<void*> entry = LoadModule(kModule);
  if (!entry) return Failed(entry);
  const auto* functions = reinterpret_cast<const DigestFunctions* (*)()>(*entry)();
  if (functions->api != kDigestApi) return ForeignModule(kModule);
  return functions;
}

}  // namespace

Result<const DigestFunctions*> LoadDigest() {
  static const Result<const DigestFunctions*> functions = Load();
  return functions;
}

Digest Sha256Of(std::span<const uint8_t> bytes) {
  Digest digest;
  LoadDigest().value()->sha256(bytes.data(), bytes.size(), digest.data());
  return digest;
}

Digest Blake3Of(std::span<const uint8_t> bytes) {
  Digest digest;
  LoadDigest().value()->blake3(bytes.data(), bytes.size(), digest.data());
  return digest;
}

std::string HexOf(const Digest& digest) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (const uint8_t byte : digest) {
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

}  // namespace imnorm
