#include "unit/decode/files.h"

#include <jpeglib.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace imnorm::testing {

Bytes MakeJpeg(int width, int height, bool progressive) {
  jpeg_compress_struct cinfo;
  jpeg_error_mgr errors;
  cinfo.err = jpeg_std_error(&errors);
  jpeg_create_compress(&cinfo);
  unsigned char* data = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&cinfo, &data, &size);
  cinfo.image_width = JDIMENSION(width);
  cinfo.image_height = JDIMENSION(height);
  cinfo.input_components = 3;
  cinfo.in_color_space = JCS_RGB;
  jpeg_set_defaults(&cinfo);
  if (progressive) jpeg_simple_progression(&cinfo);
  jpeg_start_compress(&cinfo, TRUE);
  Bytes row(size_t(width) * 3);
  for (int y = 0; y < height; ++y) {
    for (size_t i = 0; i < row.size(); ++i) row[i] = uint8_t(i * 2 + size_t(y) * 3);
    JSAMPROW rows[] = {row.data()};
    jpeg_write_scanlines(&cinfo, rows, 1);
  }
  jpeg_finish_compress(&cinfo);
  jpeg_destroy_compress(&cinfo);
  Bytes bytes(data, data + size);
  std::free(data);
  return bytes;
}

Bytes MakePnm(const Image& image) {
  Bytes bytes = BytesOf((image.channels == 3 ? "P6\n" : "P5\n") + std::to_string(image.width) +
                        " " + std::to_string(image.height) + "\n255\n");
  bytes.insert(bytes.end(), image.pixels.begin(), image.pixels.end());
  return bytes;
}

Bytes OrientationTiff(int orientation) {
  Bytes bytes = BytesOf(std::string("II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0", 18));
  bytes.push_back(uint8_t(orientation));
  bytes.resize(bytes.size() + 7);
  return bytes;
}

Bytes BytesOf(const std::string& text) { return Bytes(text.begin(), text.end()); }

Image MakeImage(int width, int height, int channels) {
  Image image;
  image.Reshape(width, height, channels, ElementType::kU8);
  for (size_t i = 0; i < image.pixels.size(); ++i) image.pixels[i] = uint8_t(i * 37 + i / 251);
  return image;
}

Result<Rect> Collector::Begin(const ImageInfo& begun_info) {
  ++begun;
  info = begun_info;
  if (refuse) return Fail(ErrorCode::kCancelled, "the consumer refuses");
  current_ = window_.width > 0 ? window_ : Rect{0, 0, info.width, info.height};
  image.Reshape(current_.width, current_.height, info.channels, info.type);
  return current_;
}

void Collector::Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) {
  for (int i = 0; i < count; ++i) {
    std::memcpy(image.row(y - current_.y + i), rows + size_t(i) * stride_bytes,
                image.stride_bytes());
  }
}

}  // namespace imnorm::testing
