#include "decode/modules/quiet_cerr.h"

#include <iostream>
#include <streambuf>

namespace {

thread_local bool quiet = false;

// Unbuffered, as std::cerr is.
class Filter : public std::streambuf {
 public:
  explicit Filter(std::streambuf* target) : target_(target) {}

 protected:
  int_type overflow(int_type c) override {
    if (quiet || traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
    return target_->sputc(traits_type::to_char_type(c));
  }

  std::streamsize xsputn(const char* text, std::streamsize count) override {
    return quiet ? count : target_->sputn(text, count);
  }

  int sync() override { return target_->pubsync(); }

 private:
  std::streambuf* target_;
};

}  // namespace

void FilterCerr() {
  // Never freed: std::cerr outlives every static object.
  static Filter* const filter = new Filter(std::cerr.rdbuf());
  std::cerr.rdbuf(filter);
}

QuietCerr::QuietCerr() { quiet = true; }
QuietCerr::~QuietCerr() { quiet = false; }
