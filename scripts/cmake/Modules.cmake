# Modules: what only some runs need, loaded when they need it (src/module). In the build tree they
# stand in modules/, in an installation in <libdir>/imnorm.
function(imnorm_module name)
  add_library(${name} MODULE ${ARGN})
  set_target_properties(${name} PROPERTIES
    PREFIX "" CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/modules)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/include)
  target_link_libraries(${name} PRIVATE imnorm_flags)
  install(TARGETS ${name} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/imnorm)
endfunction()

# Where an installation keeps them: from the program's folder, and as a last resort in full, for
# programs of others that link the library.
set_source_files_properties(${PROJECT_SOURCE_DIR}/src/module/module.cpp PROPERTIES COMPILE_DEFINITIONS
  "IMNORM_LIBDIR=\"${CMAKE_INSTALL_LIBDIR}\";IMNORM_MODULE_DIR=\"${CMAKE_INSTALL_FULL_LIBDIR}/imnorm\"")
