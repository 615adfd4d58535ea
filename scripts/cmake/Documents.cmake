# Manual pages and completions, which the program prints itself: made when it is installed, as the
# component `documents`. What is built for another CPU cannot be asked, and goes without.
find_program(IMNORM_GZIP gzip)
mark_as_advanced(IMNORM_GZIP)

if(TARGET imnorm AND NOT CMAKE_CROSSCOMPILING AND NOT SKBUILD)
  set(imnorm_share "${CMAKE_INSTALL_DATADIR}")
  install(CODE "
set(imnorm \"$<TARGET_FILE:imnorm>\")
set(gzip \"${IMNORM_GZIP}\")
set(share \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${imnorm_share}\")
set(named \"\${CMAKE_INSTALL_PREFIX}/${imnorm_share}\")
" COMPONENT documents)
  install(SCRIPT ${CMAKE_CURRENT_LIST_DIR}/install_documents.cmake COMPONENT documents)
endif()
