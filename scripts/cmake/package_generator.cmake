# Read by cpack for each kind of package: what differs between them.
if(CPACK_GENERATOR STREQUAL TGZ)
  set(CPACK_COMPONENT_INCLUDE_TOPLEVEL_DIRECTORY ON)
  set(CPACK_COMPONENTS_ALL runtime documents)
  set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
  string(TOLOWER ${CPACK_SYSTEM_NAME} system)
  set(CPACK_PACKAGE_FILE_NAME imnorm-${CPACK_PACKAGE_VERSION}-${system}-${CPACK_IMNORM_CPU})
endif()
if(CPACK_GENERATOR STREQUAL DEB)
  unset(CPACK_PACKAGE_DESCRIPTION_SUMMARY)  # each package begins with one of its own
endif()
