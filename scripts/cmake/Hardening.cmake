# What makes a defect harder to use, in builds that are to be delivered: stack protectors, checked
# copies (FORTIFY), probes of the stack, tables that are read-only before main, and jumps that only
# lead where one may (CET). Sanitizers do without, since they see more.
option(IMNORM_HARDENED "Harden Release builds" ON)
if(IMNORM_HARDENED AND CMAKE_BUILD_TYPE MATCHES "^(Release|MinSizeRel)$" AND
   NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize")
  include(CheckCXXCompilerFlag)
  foreach(flag -fstack-protector-strong -fstack-clash-protection -fcf-protection)
    string(MAKE_C_IDENTIFIER "IMNORM_HAS${flag}" known)
    check_cxx_compiler_flag(${flag} ${known})
    if(${known})
      target_compile_options(imnorm_flags INTERFACE ${flag})
    endif()
  endforeach()
  target_compile_options(imnorm_flags INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
  include(CheckPIESupported)
  check_pie_supported()
  add_link_options(LINKER:-z,relro,-z,now,-z,noexecstack)
endif()
