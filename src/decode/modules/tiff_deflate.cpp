// Inflates a TIFF's Deflate strips once more for their checksums.
#include "decode/modules/tiff_deflate.h"

#include <zlib.h>

bool IsSoundDeflate(std::span<const uint8_t> stream, size_t limit,
                    const std::function<bool()>& stops) {
  z_stream state = {};
  if (inflateInit(&state) != Z_OK) return false;
  state.next_in = const_cast<Bytef*>(stream.data());
  state.avail_in = uInt(stream.size());
  uint8_t scratch[32 << 10];
  int code = Z_OK;
  unsigned turn = 0;
  do {
    if (++turn % 32 == 0 && stops()) {
      inflateEnd(&state);
      return true;
    }
    state.next_out = scratch;
    state.avail_out = sizeof(scratch);
    code = inflate(&state, Z_NO_FLUSH);
  } while (code == Z_OK && state.total_out <= limit);
  const bool sound = (code == Z_STREAM_END || code == Z_BUF_ERROR) && state.total_out <= limit;
  inflateEnd(&state);
  return sound;
}
