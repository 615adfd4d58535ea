// Loads the archive module once.
#include "source/load_archive.h"

#include "module/module.h"

namespace imnorm {
namespace {

constexpr ModuleName kModule = {"imnorm_archive.so", kArchiveEntry, "reads tar and zip",
                                "IMNORM_BUILD_ARCHIVE_MODULE"};

Result<const ArchiveFunctions*> Load() {
  const Result<void*> entry = LoadModule(kModule);
  if (!entry) return Failed(entry);
  const auto* functions = reinterpret_cast<const ArchiveFunctions* (*)()>(*entry)();
  if (functions->api != kArchiveApi) return ForeignModule(kModule);
  return functions;
}

}  // namespace

Result<const ArchiveFunctions*> LoadArchive() {
  static const Result<const ArchiveFunctions*> functions = Load();
  return functions;
}

}  // namespace imnorm
