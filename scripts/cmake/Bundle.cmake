# IMNORM_BUNDLE: an installation that holds what other systems may lack, for the tarball. The shared
# libraries that program and modules need, but for those of the C and C++ runtime, are copied beside
# the modules. They are found by DT_RPATH, which, unlike DT_RUNPATH, also holds for what a library
# needs in turn, so that the copies stay as the system has them.
option(IMNORM_BUNDLE "Install the shared libraries that are needed, too: see scripts/package" OFF)
if(NOT IMNORM_BUNDLE)
  return()
endif()

set(imnorm_bundled)
foreach(target imnorm imnorm_c imnorm_tiff imnorm_zip imnorm_archive imnorm_digest imnorm_sandbox)
  if(NOT TARGET ${target})
    continue()
  endif()
  set(from \$ORIGIN)
  if(target STREQUAL imnorm)
    file(RELATIVE_PATH from ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR}/imnorm)
    set(from \$ORIGIN/${from})
  elseif(target STREQUAL imnorm_c)
    set(from \$ORIGIN/imnorm)
  endif()
  set_target_properties(${target} PROPERTIES INSTALL_RPATH ${from})
  target_link_options(${target} PRIVATE -Wl,--disable-new-dtags)
  string(APPEND imnorm_bundled " \"$<TARGET_FILE:${target}>\"")
endforeach()

install(CODE "
file(GET_RUNTIME_DEPENDENCIES RESOLVED_DEPENDENCIES_VAR needed LIBRARIES ${imnorm_bundled}
     PRE_EXCLUDE_REGEXES \"^(linux-vdso|ld-linux|libc|libm|libdl|librt|libpthread|libstdc[+][+]|libgcc_s|libresolv)[.-]\")
foreach(library IN LISTS needed)
  file(INSTALL \${library} DESTINATION \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_LIBDIR}/imnorm\"
       FOLLOW_SYMLINK_CHAIN)
endforeach()
" COMPONENT runtime)
