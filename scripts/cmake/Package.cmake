# What `cpack` makes: Debian packages (-G DEB: imnorm, libimnorm-dev, imnorm-opencv, imnorm-formats) of the
# components that are installed, or one tarball (-G TGZ) to unpack anywhere. scripts/package
# configures for either and runs it. Included last.
set(CPACK_PACKAGE_NAME imnorm)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_VENDOR "the imnorm authors")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "exact image preprocessing and dataset statistics")
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_STRIP_FILES ON)
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_CURRENT_LIST_DIR}/package_generator.cmake)
set(CPACK_IMNORM_SOURCE ${PROJECT_SOURCE_DIR})
set(CPACK_IMNORM_CPU ${CMAKE_SYSTEM_PROCESSOR})

# One tarball of what runs; the static library and its headers are for systems with its libraries.
set(CPACK_ARCHIVE_COMPONENT_INSTALL ON)
set(CPACK_ARCHIVE_FILE_EXTENSION tar.gz)
set(CPACK_ARCHIVE_THREADS 0)

# Debian. Who builds is the maintainer, as in every other package that is built at home.
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(imnorm_builder "$ENV{DEBFULLNAME} <$ENV{DEBEMAIL}>")  # as Debian's own tools have it
if(imnorm_builder MATCHES "^ | <>$")
  set(imnorm_builder "the imnorm authors <imnorm@localhost.localdomain>")
endif()
set(CPACK_DEBIAN_PACKAGE_MAINTAINER ${imnorm_builder})
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/debian_files.cmake)

set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME imnorm)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION graphics)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SUGGESTS "imnorm-opencv, imnorm-formats")
# For who links libimnorm.so: the interface is that of its soname, which later releases add to.
file(WRITE ${PROJECT_BINARY_DIR}/debian/shlibs "libimnorm 1 imnorm (>= ${PROJECT_VERSION})\n")
file(WRITE ${PROJECT_BINARY_DIR}/debian/triggers "activate-noawait ldconfig\n")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_CONTROL_EXTRA
    "${PROJECT_BINARY_DIR}/debian/shlibs;${PROJECT_BINARY_DIR}/debian/triggers")
set(CPACK_COMPONENT_RUNTIME_DESCRIPTION
"exact image preprocessing and dataset statistics
Folders of pictures in, normalised tensors or exact per-channel mean and
standard deviation out. The numbers are those of torchvision, Pillow and
Hugging Face to the last bit; damaged files are never counted as good.

This package holds the program imnorm, the library of its C interface, and
the modules that read TIFF, .npz and archives.")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libimnorm-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "imnorm (= ${PROJECT_VERSION}), libexpected-dev, libfmt-dev, libjpeg-dev, libspng-dev, libwebp-dev, pkg-config, zlib1g-dev")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION
"exact image preprocessing and dataset statistics (development)
Headers, the static library, and what find_package(imnorm) finds: the C++
library, and its C interface for every language that can call C.")

set(CPACK_DEBIAN_OPENCV_PACKAGE_NAME imnorm-opencv)
set(CPACK_DEBIAN_OPENCV_PACKAGE_SECTION graphics)
set(CPACK_DEBIAN_OPENCV_PACKAGE_DEPENDS "imnorm (= ${PROJECT_VERSION})")
set(CPACK_COMPONENT_OPENCV_DESCRIPTION
"exact image preprocessing and dataset statistics (OpenCV's resize)
The module of imnorm that resizes by OpenCV itself: what the options
--like opencv and --like albumentations and the presets of YOLO need.")

set(CPACK_DEBIAN_FORMATS_PACKAGE_NAME imnorm-formats)
set(CPACK_DEBIAN_FORMATS_PACKAGE_SECTION graphics)
set(CPACK_DEBIAN_FORMATS_PACKAGE_DEPENDS "imnorm (= ${PROJECT_VERSION})")
set(CPACK_COMPONENT_FORMATS_DESCRIPTION
"exact image preprocessing and dataset statistics (more formats)
The modules of imnorm that read JPEG 2000, JPEG XL, AVIF and HEIC, and the one
that applies ICC profiles (--icc srgb).")

set(CPACK_COMPONENTS_ALL runtime documents development)
if(TARGET imnorm_opencv)
  list(APPEND CPACK_COMPONENTS_ALL opencv)
endif()
get_property(imnorm_format_modules GLOBAL PROPERTY imnorm_format_modules)
if(imnorm_format_modules)
  list(APPEND CPACK_COMPONENTS_ALL formats)
endif()
# `documents` goes into the runtime's package: a group gives its package the name of its own.
set(CPACK_COMPONENT_RUNTIME_GROUP runtime)
set(CPACK_COMPONENT_DOCUMENTS_GROUP runtime)
set(CPACK_COMPONENT_DEVELOPMENT_GROUP development)
set(CPACK_COMPONENT_OPENCV_GROUP opencv)
set(CPACK_COMPONENT_FORMATS_GROUP formats)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
include(CPack)
