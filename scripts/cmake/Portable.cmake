# IMNORM_PORTABLE: a product for other systems than the one that builds it, as a wheel is. The C++
# runtime stays the system's, since an archive of it wants the C library that it was made for
# (arc4random: glibc 2.36). What goes into libimnorm.so and the modules is what can (Debian's archives of
# libjpeg-turbo, bzip2 and LERC are no code for shared libraries) and what is worth it: the shared libarchive
# brings libxml2 and ICU, 35 MB, for formats that are not read here. auditwheel takes in the rest.
option(IMNORM_PORTABLE "Link for other systems than this: see scripts/wheel" OFF)
if(IMNORM_PORTABLE)
  set(imnorm_archive_libraries libarchive.a nettle lzma zstd bz2 z)
  set(imnorm_zip_libraries ${imnorm_archive_libraries})
endif()

# Links `target` so. Nothing of what goes in is exported, nor found by others of the same name in the
# process.
function(imnorm_portable target)
  if(NOT IMNORM_PORTABLE)
    return()
  endif()
  target_link_options(${target} PRIVATE -Wl,--as-needed -Wl,--gc-sections -Wl,--exclude-libs,ALL)
  foreach(name ${${target}_libraries})
    find_library(IMNORM_PORTABLE_${name} NAMES ${name})
    mark_as_advanced(IMNORM_PORTABLE_${name})
    if(IMNORM_PORTABLE_${name})
      target_link_libraries(${target} PRIVATE ${IMNORM_PORTABLE_${name}})
    endif()
  endforeach()
  if(target MATCHES "^imnorm(_c)?$" AND NOT IMNORM_STATIC_RUNTIME)
    get_target_property(fmt_type fmt::fmt TYPE)
    if(NOT fmt_type STREQUAL STATIC_LIBRARY)
      target_sources(${target} PRIVATE ${PROJECT_SOURCE_DIR}/scripts/cmake/fmt_library.cpp)
    endif()
  endif()
endfunction()

# The licences of what is linked in go along.
if(IMNORM_PORTABLE)
  install(FILES LICENSE RENAME imnorm
          DESTINATION ${CMAKE_INSTALL_DATADIR}/imnorm/licenses COMPONENT runtime)
  foreach(package libjpeg-dev libjpeg62-turbo-dev libwebp-dev zlib1g-dev libspng-dev libtiff-dev
          libarchive-dev nettle-dev liblzma-dev libzstd-dev libbz2-dev liblerc-dev libjbig-dev
          libdeflate-dev libseccomp-dev libfmt-dev nlohmann-json3-dev libhwy-dev libcli11-dev libexpected-dev)
    if(EXISTS /usr/share/doc/${package}/copyright)
      install(FILES /usr/share/doc/${package}/copyright RENAME ${package}
              DESTINATION ${CMAKE_INSTALL_DATADIR}/imnorm/licenses COMPONENT runtime)
    endif()
  endforeach()
endif()
