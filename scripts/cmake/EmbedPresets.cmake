# Puts configs/*.json and configs/names/*.txt into the binary: a generated file of constant strings, so that presets need no
# file at run time and no parsing at start-up. Sets IMNORM_PRESETS_SOURCE.
file(GLOB imnorm_presets CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/configs/*.json)
list(SORT imnorm_presets)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${imnorm_presets})

set(imnorm_preset_entries "")
foreach(preset_file IN LISTS imnorm_presets)
  cmake_path(GET preset_file STEM preset_stem)
  file(READ ${preset_file} preset_json)
  string(JSON preset_name GET "${preset_json}" name)
  string(JSON preset_summary GET "${preset_json}" summary)
  string(JSON preset_source GET "${preset_json}" source)
  if(NOT preset_name STREQUAL preset_stem)
    message(FATAL_ERROR "${preset_file}: its name is \"${preset_name}\"")
  endif()
  string(APPEND imnorm_preset_entries
    "    {R\"~(${preset_name})~\",\n     R\"~(${preset_summary})~\",\n"
    "     R\"~(${preset_source})~\",\n     R\"~(${preset_json})~\"},\n")
endforeach()

# Names that other libraries have for such plans; in pieces, since compilers need not take longer
# strings than 64 KB.
file(GLOB imnorm_name_lists CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/configs/names/*.txt)
list(SORT imnorm_name_lists)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${imnorm_name_lists})
set(imnorm_name_entries "")
foreach(name_list IN LISTS imnorm_name_lists)
  file(READ ${name_list} name_text)
  string(LENGTH "${name_text}" name_bytes)
  string(APPEND imnorm_name_entries "    {")
  foreach(begin RANGE 0 ${name_bytes} 16000)
    string(SUBSTRING "${name_text}" ${begin} 16000 name_piece)
    string(APPEND imnorm_name_entries "R\"~(${name_piece})~\"\n     ")
  endforeach()
  string(APPEND imnorm_name_entries "},\n")
endforeach()

set(imnorm_presets_text "// Made from configs/*.json by scripts/cmake/EmbedPresets.cmake.
#include \"plan/presets.h\"

namespace imnorm {
namespace {

constexpr EmbeddedPreset kPresets[] = {
${imnorm_preset_entries}};

}  // namespace

std::span<const EmbeddedPreset> EmbeddedPresets() { return kPresets; }

namespace {

constexpr std::string_view kNameLists[] = {
${imnorm_name_entries}};

}  // namespace

std::span<const std::string_view> EmbeddedNameLists() { return kNameLists; }

}  // namespace imnorm
")
set(IMNORM_PRESETS_SOURCE ${CMAKE_CURRENT_BINARY_DIR}/generated/presets.cpp)
# By way of a second file, so that an unchanged text does not compile anew.
file(WRITE ${IMNORM_PRESETS_SOURCE}.new "${imnorm_presets_text}")
configure_file(${IMNORM_PRESETS_SOURCE}.new ${IMNORM_PRESETS_SOURCE} COPYONLY)
