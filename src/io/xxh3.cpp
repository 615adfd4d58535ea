// XXH3 by the library's headers: no library to load at start-up.
#include "io/xxh3.h"

#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <xxhash.h>

namespace imnorm {

struct Xxh3::State {
  XXH3_state_t state;
};

Xxh3::Xxh3() : state_(std::make_unique<State>()) { XXH3_128bits_reset(&state_->state); }

Xxh3::~Xxh3() = default;

void Xxh3::Update(const void* data, size_t size) {
  XXH3_128bits_update(&state_->state, data, size);
}

std::string Xxh3::Hex() const {
  const XXH128_hash_t hash = XXH3_128bits_digest(&state_->state);
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

uint64_t Xxh3Of(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

}  // namespace imnorm
