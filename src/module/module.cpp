#include "module/module.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <vector>

#ifndef IMNORM_LIBDIR
#define IMNORM_LIBDIR "lib"
#endif
#ifndef IMNORM_MODULE_DIR
#define IMNORM_MODULE_DIR "/usr/local/lib/imnorm"
#endif

namespace imnorm {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> Anchors() {
  std::vector<fs::path> anchors;
  std::error_code ignored;
  fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  if (!program.empty()) anchors.push_back(program.parent_path());
  Dl_info info;
  if (dladdr(reinterpret_cast<const void*>(&LoadModule), &info) != 0 && info.dli_fname) {
    fs::path object = fs::canonical(info.dli_fname, ignored);
    if (!object.empty() && object.parent_path() != program.parent_path()) {
      anchors.push_back(object.parent_path());
    }
  }
  return anchors;
}

std::vector<fs::path> Places() {
  std::vector<fs::path> places;
  if (const char* path = std::getenv("IMNORM_MODULE_PATH")) places.emplace_back(path);
  for (const fs::path& anchor : Anchors()) {
    for (const char* relative :
         {".", "modules", "../modules", "../" IMNORM_LIBDIR "/imnorm", "../lib/imnorm", "imnorm"}) {
      places.push_back((anchor / relative).lexically_normal());
    }
  }
  places.emplace_back(IMNORM_MODULE_DIR);
  return places;
}

}  // namespace

Result<void*> LoadModule(const std::string& file_name, const char* entry) {
  std::string tried;
  for (const fs::path& place : Places()) {
    const fs::path path = place / file_name;
    std::error_code ignored;
    if (!fs::is_regular_file(path, ignored)) {
      tried += fmt::format("{}{}", tried.empty() ? "" : ", ", place.native());
      continue;
    }
    void* module = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (module == nullptr) {
      return Fail(ErrorCode::kUnsupported, fmt::format("cannot load a module: {}", dlerror()));
    }
    void* symbol = dlsym(module, entry);
    if (symbol == nullptr) {
      return Fail(ErrorCode::kUnsupported,
                  fmt::format("{} is no module of this imnorm: {}", path.native(), dlerror()));
    }
    return symbol;
  }
  return Fail(ErrorCode::kUnsupported,
              fmt::format("{} is needed for this and was not found (looked in {}); set "
                          "IMNORM_MODULE_PATH to its folder",
                          file_name, tried));
}

}  // namespace imnorm
