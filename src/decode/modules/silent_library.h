// For modules whose libraries print on stderr what they find wrong: these are what they call for
// that, and the module answers first (ModuleName::answers_first). What is wrong is said once, in
// the error. Included by one file of a module.
#pragma once

#include <cstdarg>
#include <cstdio>

extern "C" {
#define IMNORM_SILENT __attribute__((visibility("default"))) int
IMNORM_SILENT __fprintf_chk(FILE*, int, const char*, ...) { return 0; }
IMNORM_SILENT __vfprintf_chk(FILE*, int, const char*, va_list) { return 0; }
IMNORM_SILENT __printf_chk(int, const char*, ...) { return 0; }
#undef IMNORM_SILENT
}
