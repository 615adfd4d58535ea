// A picture that is drawn for people, and what is drawn on it.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "imnorm/image.h"

namespace imnorm {

using Colour = std::array<uint8_t, 3>;

// An RGB picture of bytes.
//
// Rules:    what lies outside of it is cut off
class Canvas {
 public:
  Canvas(int width, int height, Colour ground);

  void Set(int x, int y, Colour colour);
  // Copies a grey or RGB picture of bytes.
  void Place(const Image& picture, int left, int top);
  // Outlines `rect`, just outside of it, `thickness` pixels wide.
  void Frame(const Rect& rect, Colour colour, int thickness = 1);
  // Darkens what is not in `kept`, within `area`.
  void Shade(const Rect& area, const Rect& kept);
  // Writes one line of UTF-8, cut in its middle where it is wider than `width`; letters that the
  // font lacks are boxes.
  void Caption(std::string_view text, int left, int top, int width, Colour colour);

  const Image& image() const { return image_; }
  Image Take() { return std::move(image_); }

 private:
  void Letter(char32_t letter, int left, int top, Colour colour);

  Image image_;
};

}  // namespace imnorm
