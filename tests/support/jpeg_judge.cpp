#include "support/jpeg_judge.h"

#include <algorithm>
#include <cmath>
#include <csetjmp>
#include <cstdlib>
#include <random>

// jpeglib.h uses FILE without including its header.
#include <cstdio>
//
#include <jpeglib.h>
// After jpeglib.h.
#include <jerror.h>

namespace imnorm::jpeg_judge {
namespace {

struct ErrorManager {
  jpeg_error_mgr base;
  jmp_buf jump;
  bool harmless_warning = false;
  bool harmful_warning = false;
};

ErrorManager& ManagerOf(j_common_ptr common) {
  return *reinterpret_cast<ErrorManager*>(common->err);
}

void OnError(j_common_ptr common) { longjmp(ManagerOf(common).jump, 1); }

void OnMessage(j_common_ptr common, int level) {
  if (level >= 0) return;
  ErrorManager& manager = ManagerOf(common);
  switch (common->err->msg_code) {
    case JWRN_EXTRANEOUS_DATA:
    case JWRN_NOT_SEQUENTIAL:
    case JWRN_ADOBE_XFORM:
    case JWRN_JFIF_MAJOR:
    case JWRN_BOGUS_ICC:
      manager.harmless_warning = true;
      return;
    default:
      manager.harmful_warning = true;
  }
}

// Everything between setjmp and a possible longjmp; no object with a destructor in here.
bool DecodeAll(jpeg_decompress_struct& cinfo, ErrorManager& manager, std::span<const uint8_t> bytes,
               Image& picture) {
  if (setjmp(manager.jump) != 0) return false;
  jpeg_mem_src(&cinfo, bytes.data(), bytes.size());
  jpeg_read_header(&cinfo, TRUE);
  cinfo.out_color_space = JCS_RGB;
  jpeg_start_decompress(&cinfo);  // reads all scans
  for (int c = 0; cinfo.progressive_mode && c < cinfo.num_components; ++c) {
    for (int k = 0; k < DCTSIZE2; ++k) {
      if (cinfo.coef_bits[c][k] != 0) manager.harmless_warning = true;
    }
  }
  picture.Reshape(int(cinfo.output_width), int(cinfo.output_height), 3, ElementType::kU8);
  while (cinfo.output_scanline < cinfo.output_height) {
    JSAMPROW row = picture.row(int(cinfo.output_scanline));
    jpeg_read_scanlines(&cinfo, &row, 1);
  }
  jpeg_finish_decompress(&cinfo);
  return true;
}

}  // namespace

Verdict Judge(std::span<const uint8_t> bytes) {
  Verdict verdict;
  jpeg_decompress_struct cinfo{};
  ErrorManager manager;
  cinfo.err = jpeg_std_error(&manager.base);
  manager.base.error_exit = OnError;
  manager.base.emit_message = OnMessage;
  jpeg_create_decompress(&cinfo);
  const bool finished = DecodeAll(cinfo, manager, bytes, verdict.picture);
  jpeg_destroy_decompress(&cinfo);
  verdict.sound = finished && !manager.harmful_warning;
  verdict.noted = verdict.sound && manager.harmless_warning;
  return verdict;
}

namespace {

// Smooth shapes with noise and hard edges: exercises every coefficient.
std::vector<uint8_t> MakePixels(const Recipe& recipe, int channels) {
  std::mt19937 random(recipe.seed);
  std::vector<uint8_t> pixels(size_t(recipe.width) * recipe.height * channels, 90);
  if (recipe.flat) {
    pixels.back() = 255;
    return pixels;
  }
  const double phase = double(random() % 628) / 100;
  const int edge = recipe.width > 1 ? int(random() % recipe.width) : 0;
  size_t at = 0;
  for (int y = 0; y < recipe.height; ++y) {
    for (int x = 0; x < recipe.width; ++x) {
      for (int c = 0; c < channels; ++c) {
        double value = 128 + 70 * std::sin(phase + c + 0.11 * x + 0.07 * y * (c + 1));
        if (x >= edge && y * 2 > recipe.height) value = 255 - value * 0.5 * c;
        if (recipe.noise > 0) value += int(random() % (2 * recipe.noise + 1)) - recipe.noise;
        pixels[at++] = uint8_t(std::clamp(value, 0.0, 255.0));
      }
    }
  }
  return pixels;
}

using ScanList = std::vector<jpeg_scan_info>;

void AddScan(ScanList& scans, int component, int first, int last, int high, int low) {
  scans.push_back({1, {component}, first, last, high, low});
}

// A DC scan of all components.
void AddDcScan(ScanList& scans, int components, int high, int low) {
  scans.push_back({components, {0, 1, 2, 3}, 0, 0, high, low});
}

// A first scan of a band and all its refinements.
void AddBand(ScanList& scans, int component, int first, int last, int low) {
  AddScan(scans, component, first, last, 0, low);
  for (; low > 0; --low) AddScan(scans, component, first, last, low, low - 1);
}

ScanList ListScans(const Recipe& recipe) {
  const int components = recipe.components;
  ScanList scans;
  if (recipe.scans == Scans::kDcApart) {
    for (int c = 0; c < components; ++c) AddScan(scans, c, 0, 0, 0, 2);
    for (int low = 1; low >= 0; --low) {
      for (int c = 0; c < components; ++c) AddScan(scans, c, 0, 0, low + 1, low);
    }
    for (int c = 0; c < components; ++c) AddBand(scans, c, 1, 63, 1);
    return scans;
  }
  const int dc_low = recipe.scans == Scans::kDeep ? 3 : 0;
  AddDcScan(scans, components, 0, dc_low);
  for (int low = dc_low; low > 0; --low) AddDcScan(scans, components, low, low - 1);
  for (int c = 0; c < components; ++c) {
    if (recipe.scans == Scans::kDeep) {
      AddBand(scans, c, 1, 63, 3);
    } else if (recipe.scans == Scans::kBands) {
      AddBand(scans, c, 1, 1, 0);
      AddBand(scans, c, 2, 20, 0);
      AddBand(scans, c, 21, 63, 0);
    } else if (recipe.scans == Scans::kLate) {
      AddBand(scans, c, 1, 20, 1);
      AddBand(scans, c, 21, 62, 2);
      AddScan(scans, c, 63, 63, 0, 1);
      AddScan(scans, c, 63, 63, 1, 0);
    } else if (c == 0) {
      AddScan(scans, c, 1, 8, 0, 2);
      AddScan(scans, c, 9, 63, 0, 2);
      AddScan(scans, c, 1, 63, 2, 1);
      AddScan(scans, c, 1, 63, 1, 0);
    } else {
      AddBand(scans, c, 1, 8, 0);
      AddBand(scans, c, 9, 63, 0);
    }
  }
  return scans;
}

}  // namespace

std::vector<uint8_t> Encode(const Recipe& recipe) {
  const int channels = recipe.components;
  std::vector<uint8_t> pixels = MakePixels(recipe, channels);
  jpeg_compress_struct cinfo{};
  jpeg_error_mgr errors;
  cinfo.err = jpeg_std_error(&errors);  // a bad recipe ends the test program with a message
  errors.emit_message = [](j_common_ptr, int) {};
  jpeg_create_compress(&cinfo);
  unsigned char* out = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&cinfo, &out, &size);
  cinfo.image_width = JDIMENSION(recipe.width);
  cinfo.image_height = JDIMENSION(recipe.height);
  cinfo.input_components = channels;
  cinfo.in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&cinfo);
  if (recipe.rgb) {
    jpeg_set_colorspace(&cinfo, JCS_RGB);
    cinfo.write_JFIF_header = FALSE;
    cinfo.write_Adobe_marker = TRUE;
  }
  jpeg_set_quality(&cinfo, recipe.quality, recipe.baseline ? TRUE : FALSE);
  cinfo.comp_info[0].h_samp_factor = recipe.h;
  cinfo.comp_info[0].v_samp_factor = recipe.v;
  for (int c = 1; c < channels; ++c) {
    cinfo.comp_info[c].h_samp_factor = cinfo.comp_info[c].v_samp_factor = 1;
  }
  cinfo.restart_interval = unsigned(recipe.restart_interval);
  cinfo.optimize_coding = recipe.optimize ? TRUE : FALSE;
  cinfo.arith_code = recipe.arithmetic ? TRUE : FALSE;
  const ScanList scans = ListScans(recipe);
  if (recipe.progressive && recipe.scans == Scans::kUsual) {
    jpeg_simple_progression(&cinfo);
  } else if (recipe.progressive) {
    cinfo.scan_info = scans.data();
    cinfo.num_scans = int(scans.size());
  }
  jpeg_start_compress(&cinfo, TRUE);
  while (cinfo.next_scanline < cinfo.image_height) {
    JSAMPROW row = pixels.data() + size_t(cinfo.next_scanline) * recipe.width * channels;
    jpeg_write_scanlines(&cinfo, &row, 1);
  }
  jpeg_finish_compress(&cinfo);
  jpeg_destroy_compress(&cinfo);
  std::vector<uint8_t> bytes(out, out + size);
  std::free(out);
  return bytes;
}

}  // namespace imnorm::jpeg_judge
