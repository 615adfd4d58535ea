// Loads modules from the one folder where this build or its installation put them.
#include "module/module.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <link.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <system_error>

namespace imnorm {
namespace {

namespace fs = std::filesystem;

// Where an installation has programs, libraries, and modules as seen from either
// (scripts/cmake/Modules.cmake).
constexpr const char* kProgramFolder = IMNORM_BINDIR;
constexpr const char* kLibraryFolder = IMNORM_LIBDIR;
constexpr const char* kModulesFromPrograms = IMNORM_MODULES_FROM_BINDIR;
constexpr const char* kModulesFromLibraries = IMNORM_MODULES_FROM_LIBDIR;

// A sanitizer has to come first itself.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(RTLD_DEEPBIND)
constexpr int kAnswersFirst = 0;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr int kAnswersFirst = 0;
#else
constexpr int kAnswersFirst = RTLD_DEEPBIND;
#endif
#else
constexpr int kAnswersFirst = RTLD_DEEPBIND;
#endif

struct Object {
  fs::path folder;  // "" where the system does not tell
  bool is_program = false;
  std::error_code failed = {};
};

// The object that holds this code: the program, or libimnorm.so in somebody else's.
Object ThisObject() {
  std::error_code failed;
  Dl_info info;
  link_map* map = nullptr;
  const auto* here = reinterpret_cast<const void*>(&LoadModule);
  const bool known = dladdr1(here, &info, reinterpret_cast<void**>(&map), RTLD_DL_LINKMAP) != 0;
  // The loader has no name for the program itself.
  if (!known || map == nullptr || map->l_name == nullptr || map->l_name[0] == '\0') {
    const fs::path program = fs::read_symlink("/proc/self/exe", failed);
    return {program.parent_path(), true, failed};
  }
  const fs::path library = fs::canonical(map->l_name, failed);
  return {library.parent_path(), false, failed};
}

bool EndsWith(const fs::path& folder, const fs::path& tail) {
  const fs::path end = tail.lexically_normal();
  if (end == ".") return true;
  const auto parts = std::distance(end.begin(), end.end());
  const auto all = std::distance(folder.begin(), folder.end());
  return parts <= all && std::equal(end.begin(), end.end(), std::next(folder.begin(), all - parts));
}

constexpr const char* kBuildMark = "CMakeCache.txt";

bool IsBuildTree(const fs::path& folder) {
  std::error_code failed;
  return fs::is_regular_file(folder / kBuildMark, failed);
}

tl::unexpected<Error> Refuse(const ModuleName& module, const std::string& what) {
  return Fail(ErrorCode::kInstallation,
              fmt::format("{}, the module that {}, {}", module.file, module.use, what));
}

Result<fs::path> FolderOf(const ModuleName& module) {
  const char* told = std::getenv("IMNORM_MODULE_PATH");
  if (told != nullptr && *told != '\0') {
    const fs::path folder = told;
    if (folder.is_absolute()) return folder;
    return Refuse(module, fmt::format("is not looked for in {}: IMNORM_MODULE_PATH must be the "
                                      "absolute path of an installation's modules",
                                      told));
  }
  const Object object = ThisObject();
  if (object.failed) {
    return Refuse(module, fmt::format("is not found: the system does not tell where {} stands: {}",
                                      object.is_program ? "this program" : "this library",
                                      object.failed.message()));
  }
  const fs::path folder = ModuleFolder(object.folder, object.is_program);
  if (!folder.empty()) return folder;
  std::error_code failed;
  const fs::file_status mark = fs::status(object.folder / kBuildMark, failed);
  if (failed && mark.type() != fs::file_type::not_found) {
    return Refuse(module, fmt::format("is not found: {}: {}", (object.folder / kBuildMark).native(),
                                      failed.message()));
  }
  return Refuse(module,
                fmt::format("is missing: {} is neither in an installation of imnorm nor in a build "
                            "tree; keep {} with the modules that it was installed with, or set "
                            "IMNORM_MODULE_PATH to their folder",
                            object.is_program ? "this program" : "this library",
                            object.is_program ? "the program" : "the library"));
}

// Whether the system gives as much as loading takes at least.
bool HasMemory() {
  constexpr size_t kLeast = size_t{1} << 16;
  void* volatile taken = std::malloc(kLeast);
  std::free(taken);
  return taken != nullptr;
}

}  // namespace

std::string RemedyOf(const ModuleName& module) {
  const std::string build =
      fmt::format("build and install imnorm here again, with {}=ON", module.option);
  if (module.package == nullptr) return build;
  return fmt::format("install the Debian package {}, or {}; wheels and tarballs have none",
                     module.package, build);
}

bool HasModule(const ModuleName& module) {
  const Result<fs::path> folder = FolderOf(module);
  std::error_code failed;
  return folder && (fs::exists(*folder / module.file, failed) || failed);
}

fs::path ModuleFolder(const fs::path& object_folder, bool is_program) {
  if (object_folder.empty()) return "";
  if (IsBuildTree(object_folder)) return object_folder / "modules";
  if (EndsWith(object_folder, is_program ? kProgramFolder : kLibraryFolder)) {
    const char* modules = is_program ? kModulesFromPrograms : kModulesFromLibraries;
    return (object_folder / modules).lexically_normal();
  }
  const fs::path above = object_folder.parent_path();
  return IsBuildTree(above) ? above / "modules" : "";
}

Result<void*> LoadModule(const ModuleName& module) {
  const Result<fs::path> folder = FolderOf(module);
  if (!folder) return Failed(folder);
  const fs::path path = *folder / module.file;
  std::error_code failed;
  if (!fs::exists(path, failed) && !failed) {
    return Refuse(module,
                  fmt::format("is missing from {}; {}", folder->native(), RemedyOf(module)));
  }
  const int how = RTLD_NOW | RTLD_LOCAL | (module.answers_first ? kAnswersFirst : 0);
  void* loaded = dlopen(path.c_str(), how);
  // A loader without memory says of a file that it is not there: asked again, and not believed.
  if (loaded == nullptr) loaded = dlopen(path.c_str(), how);
  if (loaded == nullptr && !HasMemory()) {
    return Refuse(module, "does not load: the system has no memory left");
  }
  if (loaded == nullptr) {
    return Refuse(module, fmt::format("does not load: {}; install what this names, or {}",
                                      dlerror(), RemedyOf(module)));
  }
  void* entry = dlsym(loaded, module.entry);
  if (entry == nullptr) {
    return Refuse(module, fmt::format("is no module of imnorm: {} has no {}; {}", path.native(),
                                      module.entry, RemedyOf(module)));
  }
  return entry;
}

tl::unexpected<Error> ForeignModule(const ModuleName& module) {
  return Refuse(module, "belongs to another version of imnorm; " + RemedyOf(module));
}

}  // namespace imnorm
