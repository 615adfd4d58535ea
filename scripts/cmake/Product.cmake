# What is installed is the target `product`. `cmake --install` stops at the first file that was not
# built, with a part of the installation in place; so what is missing is built first, as `make
# install` does. Included before any other install rule, since rules run in their order.
add_custom_target(product)

# Counts targets to the product.
function(imnorm_product)
  add_dependencies(product ${ARGN})
  foreach(target ${ARGN})
    set_property(TARGET product APPEND PROPERTY IMNORM_FILES $<TARGET_FILE:${target}>)
  endforeach()
endfunction()

install(CODE [[
set(product "$<TARGET_GENEX_EVAL:product,$<TARGET_PROPERTY:product,IMNORM_FILES>>")
foreach(file IN LISTS product)
  if(NOT EXISTS "${file}")
    message(STATUS "Not built yet: ${file}")
    execute_process(COMMAND ${CMAKE_COMMAND} --build "$<TARGET_PROPERTY:product,BINARY_DIR>"
                            --target product --config "$<CONFIG>"
                    COMMAND_ERROR_IS_FATAL ANY)
    break()
  endif()
endforeach()
]] ALL_COMPONENTS)
