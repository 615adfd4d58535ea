// Calls libjpeg-turbo to encode.
#include "drawing/jpeg_file.h"

#include <csetjmp>
#include <cstdio>
#include <cstdlib>
// After <cstdio>, which it needs and does not include.
#include <jpeglib.h>

namespace imnorm {
namespace {

// Everything in it is plain: longjmp runs no destructors.
struct Encoder {
  jpeg_error_mgr errors;  // first, so that cinfo.err is also this
  jmp_buf jump;
  jpeg_compress_struct cinfo;
  unsigned char* bytes;
  unsigned long size;
};

void LeaveBy(j_common_ptr cinfo) { std::longjmp(reinterpret_cast<Encoder*>(cinfo->err)->jump, 1); }
void SayNothing(j_common_ptr) {}

bool Encode(const Image& image, int quality, Encoder* encoder) {
  jpeg_compress_struct& cinfo = encoder->cinfo;
  cinfo.err = jpeg_std_error(&encoder->errors);
  encoder->errors.error_exit = LeaveBy;
  encoder->errors.output_message = SayNothing;
  if (setjmp(encoder->jump) != 0) return false;
  jpeg_create_compress(&cinfo);
  jpeg_mem_dest(&cinfo, &encoder->bytes, &encoder->size);
  cinfo.image_width = JDIMENSION(image.width);
  cinfo.image_height = JDIMENSION(image.height);
  cinfo.input_components = image.channels;
  cinfo.in_color_space = image.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&cinfo);
  jpeg_set_quality(&cinfo, quality, TRUE);
  cinfo.comp_info[0].h_samp_factor = 1;
  cinfo.comp_info[0].v_samp_factor = 1;
  jpeg_start_compress(&cinfo, TRUE);
  while (cinfo.next_scanline < cinfo.image_height) {
    // libjpeg's interface is older than const.
    auto* row = const_cast<JSAMPROW>(image.row(int(cinfo.next_scanline)));
    jpeg_write_scanlines(&cinfo, &row, 1);
  }
  jpeg_finish_compress(&cinfo);
  return true;
}

}  // namespace

Result<std::vector<uint8_t>> EncodeJpeg(const Image& image, int quality) {
  if (image.width > JPEG_MAX_DIMENSION || image.height > JPEG_MAX_DIMENSION) {
    return Fail(ErrorCode::kTooLarge, "a JPEG has sides of 65500 pixels at most");
  }
  Encoder encoder = {};
  const bool done = Encode(image, quality, &encoder);
  std::vector<uint8_t> bytes;
  if (done) bytes.assign(encoder.bytes, encoder.bytes + encoder.size);
  jpeg_destroy_compress(&encoder.cinfo);
  std::free(encoder.bytes);
  if (!done) return Fail(ErrorCode::kTooLarge, "JPEG encoder: not enough memory");
  return bytes;
}

}  // namespace imnorm
