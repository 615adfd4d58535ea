# Run by cpack before it packs: what Debian wants in each of its packages, copyright and changelog.
if(NOT CPACK_GENERATOR STREQUAL DEB)
  return()
endif()
file(GLOB roots ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/*)
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
file(READ ${CPACK_IMNORM_SOURCE}/LICENSE license)
string(REGEX REPLACE "\n\n" "\n.\n" license "${license}")
string(REGEX REPLACE "\n([^\n])" "\n \\1" license "${license}")
foreach(root IN LISTS roots)
  get_filename_component(group ${root} NAME)
  string(TOUPPER ${group} upper)
  set(package ${CPACK_DEBIAN_${upper}_PACKAGE_NAME})
  if(NOT package)
    continue()
  endif()
  set(doc ${root}/usr/share/doc/${package})
  file(WRITE ${doc}/copyright
"Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: imnorm

Files: *
Copyright: 2026 the imnorm authors
License: Expat
 ${license}")
  file(WRITE ${doc}/changelog
"imnorm (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium

  * What changed for users: /usr/share/doc/imnorm/CHANGELOG.md.gz

 -- ${CPACK_DEBIAN_PACKAGE_MAINTAINER}  ${date}
")
  set(documents ${doc}/changelog)
  if(package STREQUAL imnorm)
    file(COPY ${CPACK_IMNORM_SOURCE}/CHANGELOG.md DESTINATION ${doc})
    list(APPEND documents ${doc}/CHANGELOG.md)
    file(WRITE ${root}/usr/share/lintian/overrides/imnorm
"# The library is the program's, in another form; it is no package of its own.
imnorm: package-name-doesnt-match-sonames libimnorm1
# cpack's own scripts call it beside the trigger.
imnorm: maintscript-calls-ldconfig *
# The module needs libarchive alone.
imnorm: library-not-linked-against-libc *
")
  endif()
  execute_process(COMMAND gzip -9nf ${documents} COMMAND_ERROR_IS_FATAL ANY)
  file(GLOB documents ${doc}/*)
  file(CHMOD ${documents} PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
endforeach()
