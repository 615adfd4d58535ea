// The limit that whole jobs are held against: read every JPEG and decode it fully with
// libjpeg-turbo's defaults, nothing else. decode_loop THREADS REPEAT FOLDER; prints seconds.
#include <atomic>
#include <chrono>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>
// After <cstdio>, which it needs and does not include.
#include <jpeglib.h>

namespace {

struct ErrorManager {
  jpeg_error_mgr base;
  std::jmp_buf jump;
};

void Exit(j_common_ptr codec) {
  std::longjmp(reinterpret_cast<ErrorManager*>(codec->err)->jump, 1);
}

void DecodeFully(jpeg_decompress_struct& codec, ErrorManager& errors,
                 const std::vector<unsigned char>& file, std::vector<unsigned char>& pixels) {
  if (setjmp(errors.jump) != 0) {
    jpeg_abort_decompress(&codec);
    return;
  }
  jpeg_mem_src(&codec, file.data(), file.size());
  jpeg_read_header(&codec, TRUE);
  codec.out_color_space = JCS_RGB;
  jpeg_start_decompress(&codec);
  const size_t stride = size_t(codec.output_width) * 3;
  pixels.resize(stride * codec.output_height);
  while (codec.output_scanline < codec.output_height) {
    JSAMPROW row = pixels.data() + stride * codec.output_scanline;
    jpeg_read_scanlines(&codec, &row, 1);
  }
  jpeg_finish_decompress(&codec);
}

void Work(const std::vector<std::string>& paths, std::atomic<size_t>& next) {
  jpeg_decompress_struct codec;
  ErrorManager errors;
  codec.err = jpeg_std_error(&errors.base);
  errors.base.error_exit = Exit;
  errors.base.emit_message = [](j_common_ptr, int) {};
  jpeg_create_decompress(&codec);
  std::vector<unsigned char> file;
  std::vector<unsigned char> pixels;
  for (size_t i = next++; i < paths.size(); i = next++) {
    std::ifstream in(paths[i], std::ios::binary | std::ios::ate);
    file.resize(size_t(in.tellg()));
    in.seekg(0);
    in.read(reinterpret_cast<char*>(file.data()), std::streamsize(file.size()));
    DecodeFully(codec, errors, file, pixels);
  }
  jpeg_destroy_decompress(&codec);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  std::vector<std::string> once;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[3])) {
    const std::string extension = entry.path().extension();
    if (extension == ".JPEG" || extension == ".jpg" || extension == ".jpeg") {
      once.push_back(entry.path());
    }
  }
  std::vector<std::string> paths;
  for (int r = 0; r < std::atoi(argv[2]); ++r) paths.insert(paths.end(), once.begin(), once.end());
  const auto begin = std::chrono::steady_clock::now();
  std::atomic<size_t> next{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < std::atoi(argv[1]); ++t) threads.emplace_back([&] { Work(paths, next); });
  for (std::thread& thread : threads) thread.join();
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  std::printf("%.6f\n", seconds.count());
}
