// Hashes of whole files that other tools know too.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "imnorm/error.h"
#include "source/digest_functions.h"

namespace imnorm {

using Digest = std::array<uint8_t, kDigestBytes>;

// Loads the module.
//
// Errors:   kInstallation
Result<const DigestFunctions*> LoadDigest();

// By the module, which was loaded before.
Digest Sha256Of(std::span<const uint8_t> bytes);
Digest Blake3Of(std::span<const uint8_t> bytes);

std::string HexOf(const Digest& digest);

}  // namespace imnorm
