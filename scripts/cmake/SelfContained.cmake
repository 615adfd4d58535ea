# What the program carries in itself, because its start-up is mostly the loading of libraries: the
# shared C++ runtime alone is half of it. Nothing here is required. An archive goes before the shared
# library on the link line, which --as-needed then leaves out; where there is no archive, or none that
# links, the shared library stays. Modules have a C++ runtime of their own: what they and the program
# say to each other is plain C, and no exception crosses.
set(imnorm_self_contained ON)
if(CMAKE_CXX_FLAGS MATCHES "-fsanitize")
  set(imnorm_self_contained OFF)  # a sanitizer's runtime needs the shared one
endif()
option(IMNORM_SELF_CONTAINED "Link archives and the C++ runtime into the program where there are any"
       ${imnorm_self_contained})
include(CheckLibraryExists)

# Whether fmt (its archive, or fmt_library.cpp) and the C++ runtime go in: both or none, since a shared
# fmt needs the shared runtime. Sets IMNORM_STATIC_RUNTIME and imnorm_fmt_source. Not with a C library before 2.34, which keeps threads in a library of its own:
# a runtime linked in would look for them at start, when no module has brought them yet.
function(imnorm_check_static_runtime)
  set(folder ${PROJECT_BINARY_DIR}/CMakeFiles/static_runtime)
  file(WRITE ${folder}/main.cpp "#include <features.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#if !__GLIBC_PREREQ(2, 34)
#error threads are in a library of their own
#endif
int main(int argc, char** argv) {
  return int(fmt::format(\"{} {:.3f} {:g} {}\", argc, argc / 3.0, 1e30f * argc, argv[0]).size());
}
")
  get_target_property(fmt_type fmt::fmt TYPE)
  if(fmt_type STREQUAL STATIC_LIBRARY)
    set(fmt_source)
    set(fmt_use LINK_LIBRARIES fmt::fmt)
  else()
    set(fmt_source ${PROJECT_SOURCE_DIR}/scripts/cmake/fmt_library.cpp)
    get_target_property(includes fmt::fmt INTERFACE_INCLUDE_DIRECTORIES)
    set(fmt_use CMAKE_FLAGS "-DINCLUDE_DIRECTORIES=${includes}")
  endif()
  set(imnorm_fmt_source ${fmt_source} PARENT_SCOPE)
  try_compile(IMNORM_STATIC_RUNTIME ${folder}
    SOURCES ${folder}/main.cpp ${fmt_source} ${fmt_use}
    LINK_OPTIONS -static-libstdc++ -static-libgcc
    CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON)
endfunction()

# Links the archive of a library, if it is there; `symbol` is one that the program uses.
function(imnorm_link_archive program prefix name symbol)
  find_library(IMNORM_${prefix}_ARCHIVE NAMES lib${name}.a HINTS ${${prefix}_LIBDIR})
  mark_as_advanced(IMNORM_${prefix}_ARCHIVE)
  if(IMNORM_${prefix}_ARCHIVE)
    check_library_exists(${IMNORM_${prefix}_ARCHIVE} ${symbol} "" IMNORM_${prefix}_ARCHIVE_LINKS)
  endif()
  if(IMNORM_${prefix}_ARCHIVE_LINKS)
    target_link_libraries(${program} PRIVATE ${IMNORM_${prefix}_ARCHIVE})
  else()
    set_property(TARGET ${program} APPEND PROPERTY IMNORM_SHARED ${name})
  endif()
endfunction()

# Makes `program` as self-contained as this system allows. Its property IMNORM_SHARED lists what stays
# shared, beside the C library.
function(imnorm_self_contained program)
  set_property(TARGET ${program} PROPERTY IMNORM_SHARED spng z)  # Debian has no archive of libspng
  if(NOT IMNORM_SELF_CONTAINED)
    return()
  endif()
  target_link_options(${program} PRIVATE -Wl,--as-needed -Wl,--gc-sections)
  imnorm_link_archive(${program} JPEG jpeg jpeg_std_error)
  imnorm_link_archive(${program} WEBP webp WebPDecode)
  if(NOT IMNORM_PORTABLE)
    imnorm_check_static_runtime()
  endif()
  if(IMNORM_STATIC_RUNTIME)
    target_link_options(${program} PRIVATE -static-libstdc++ -static-libgcc)
    target_sources(${program} PRIVATE ${imnorm_fmt_source})
  else()
    set_property(TARGET ${program} APPEND PROPERTY IMNORM_SHARED fmt stdc++ gcc_s)
  endif()
  get_target_property(shared ${program} IMNORM_SHARED)
  message(STATUS "Shared libraries of ${program}: ${shared}")
endfunction()
