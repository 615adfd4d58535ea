// Draws pictures and frames, cut at the edges.
#include "drawing/canvas.h"

#include <algorithm>

namespace imnorm {
Canvas::Canvas(int width, int height, Colour ground) {
  image_.Reshape(width, height, 3, ElementType::kU8);
  for (size_t i = 0; i < image_.pixels.size(); ++i) image_.pixels[i] = ground[i % 3];
}

void Canvas::Set(int x, int y, Colour colour) {
  if (x < 0 || y < 0 || x >= image_.width || y >= image_.height) return;
  std::copy_n(colour.begin(), 3, image_.row(y) + 3 * x);
}

void Canvas::Place(const Image& picture, int left, int top) {
  for (int y = 0; y < picture.height; ++y) {
    const uint8_t* in = picture.row(y);
    for (int x = 0; x < picture.width; ++x, in += picture.channels) {
      const bool grey = picture.channels == 1;
      Set(left + x, top + y, {in[0], in[grey ? 0 : 1], in[grey ? 0 : 2]});
    }
  }
}

void Canvas::Frame(const Rect& rect, Colour colour, int thickness) {
  for (int t = 1; t <= thickness; ++t) {
    const int right = rect.x + rect.width - 1 + t;
    const int bottom = rect.y + rect.height - 1 + t;
    for (int x = rect.x - t; x <= right; ++x) {
      Set(x, rect.y - t, colour);
      Set(x, bottom, colour);
    }
    for (int y = rect.y - t; y <= bottom; ++y) {
      Set(rect.x - t, y, colour);
      Set(right, y, colour);
    }
  }
}

void Canvas::Shade(const Rect& area, const Rect& kept) {
  for (int y = std::max(0, area.y); y < std::min(image_.height, area.y + area.height); ++y) {
    for (int x = std::max(0, area.x); x < std::min(image_.width, area.x + area.width); ++x) {
      const bool inside =
          x >= kept.x && y >= kept.y && x < kept.x + kept.width && y < kept.y + kept.height;
      if (inside) continue;
      uint8_t* pixel = image_.row(y) + 3 * x;
      for (int c = 0; c < 3; ++c) pixel[c] = uint8_t(pixel[c] * 2 / 5);
    }
  }
}

}  // namespace imnorm
