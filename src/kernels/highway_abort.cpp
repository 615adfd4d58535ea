// Highway's own checks of its arguments, which it compiles in for sanitizers and debug builds, end
// in a function of libhwy; that library is not linked, so its headers find the function here.
#include <hwy/base.h>

#if HWY_IS_DEBUG_BUILD
#include <cstdarg>
#include <cstdio>
#include <cstdlib>

namespace hwy {

void Abort(const char* file, int line, const char* format, ...) {
  std::fprintf(stderr, "%s:%d: ", file, line);
  va_list arguments;
  va_start(arguments, format);
  std::vfprintf(stderr, format, arguments);
  va_end(arguments);
  std::fputc('\n', stderr);
  std::abort();
}

}  // namespace hwy
#endif
