// OpenCV tells std::cerr of every picture it cannot decode; imnorm reports that itself.
#pragma once

// Puts a filter into std::cerr, for good; other threads and other times pass through it.
void FilterCerr();

// While one lives, what its thread writes to std::cerr is dropped.
class QuietCerr {
 public:
  QuietCerr();
  ~QuietCerr();
  QuietCerr(const QuietCerr&) = delete;
  QuietCerr& operator=(const QuietCerr&) = delete;
};
