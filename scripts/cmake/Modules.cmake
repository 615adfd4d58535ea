# Modules: what only some runs need, loaded when they need it (src/module). In the build tree they
# stand in modules/, in an installation in <libdir>/imnorm.
function(imnorm_module name)
  add_library(${name} MODULE ${ARGN})
  set_target_properties(${name} PROPERTIES
    PREFIX "" CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/modules)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/include)
  target_link_libraries(${name} PRIVATE imnorm_flags)
  imnorm_product(${name})
  imnorm_portable(${name})
  set(component runtime)
  if(name STREQUAL imnorm_opencv)
    set(component opencv)  # a package of its own: OpenCV is larger than all else
  elseif(name MATCHES "^imnorm_(avif|heif|icc|jpeg2000|jpegxl)$")
    set(component formats)  # likewise, for the libraries that they bring
    set_property(GLOBAL APPEND PROPERTY imnorm_format_modules ${name})
  endif()
  install(TARGETS ${name} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/imnorm COMPONENT ${component})
endfunction()

# Where an installation keeps them, as seen from its program and from libimnorm.so: what
# src/module/module.cpp goes by, wherever the prefix is moved.
file(RELATIVE_PATH from_bindir ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR}/imnorm)
set_source_files_properties(${PROJECT_SOURCE_DIR}/src/module/module.cpp PROPERTIES COMPILE_DEFINITIONS
  "IMNORM_BINDIR=\"${CMAKE_INSTALL_BINDIR}\";IMNORM_LIBDIR=\"${CMAKE_INSTALL_LIBDIR}\";IMNORM_MODULES_FROM_BINDIR=\"${from_bindir}\";IMNORM_MODULES_FROM_LIBDIR=\"imnorm\"")
