# What `cmake --install` leaves: bin/imnorm, the headers, the static library, the
# shared one of the C interface, the modules beside it
# (scripts/cmake/Modules.cmake) and the package that find_package(imnorm) finds.
include(CMakePackageConfigHelpers)

# Our warning flags and the header-only libraries inside are no business of a consumer.
get_target_property(imnorm_needs imnorm_lib INTERFACE_LINK_LIBRARIES)
list(REMOVE_ITEM imnorm_needs $<LINK_ONLY:imnorm_flags>
     $<LINK_ONLY:nlohmann_json::nlohmann_json>)
set_target_properties(imnorm_lib PROPERTIES INTERFACE_LINK_LIBRARIES "${imnorm_needs}")

# Libraries that only pkg-config knows, for the package to find again: "JPEG=libjpeg" and so on.
set(imnorm_pkg_config_modules)
foreach(item ${imnorm_needs})
  if(item MATCHES "PkgConfig::([A-Z0-9_]+)")
    list(APPEND imnorm_pkg_config_modules ${CMAKE_MATCH_1}=${${CMAKE_MATCH_1}_MODULE_NAME})
  endif()
endforeach()

set(imnorm_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/imnorm)
install(TARGETS imnorm_lib imnorm_c EXPORT imnormTargets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT runtime
                NAMELINK_COMPONENT development)
install(EXPORT imnormTargets NAMESPACE imnorm:: DESTINATION ${imnorm_package_dir}
        COMPONENT development)
install(DIRECTORY include/imnorm DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
install(DIRECTORY docs/schemas/ DESTINATION ${CMAKE_INSTALL_DATADIR}/imnorm COMPONENT runtime)
if(TARGET imnorm)
  install(TARGETS imnorm RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT runtime)
endif()

configure_package_config_file(scripts/cmake/imnormConfig.cmake.in imnormConfig.cmake
                              INSTALL_DESTINATION ${imnorm_package_dir}
                              NO_SET_AND_CHECK_MACRO)
# Before 1.0 a minor version may change the interface.
write_basic_package_version_file(imnormConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/imnormConfig.cmake
              ${PROJECT_BINARY_DIR}/imnormConfigVersion.cmake
        DESTINATION ${imnorm_package_dir} COMPONENT development)
