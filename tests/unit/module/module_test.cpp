// Where modules are looked for: one folder, told by where the program or the library stands.
#include "module/module.h"

#include <catch2/catch.hpp>

#include "support/folder.h"

using imnorm::ModuleFolder;

TEST_CASE("an installation's modules are found from its program and from its library", "[module]") {
  const auto from_program = ModuleFolder("/opt/imnorm/bin", true);
  CHECK(from_program.native().starts_with("/opt/imnorm/lib"));
  CHECK(from_program.filename() == "imnorm");
  CHECK(ModuleFolder(from_program.parent_path(), false) == from_program);
}

TEST_CASE("a program or library anywhere else has no modules", "[module]") {
  CHECK(ModuleFolder("/opt/imnorm", true).empty());
  CHECK(ModuleFolder("/opt/imnorm/sbin", true).empty());
  CHECK(ModuleFolder("/opt/imnorm/bin", false).empty());
  CHECK(ModuleFolder("/", true).empty());
  CHECK(ModuleFolder("", true).empty());
}

TEST_CASE("a build tree's modules are found from its root and from one folder below", "[module]") {
  const imnorm::Folder folder;
  folder.Write("CMakeCache.txt", "# a cache\n");
  const std::filesystem::path root = folder.path();
  CHECK(ModuleFolder(root, true) == root / "modules");
  CHECK(ModuleFolder(root / "tests", true) == root / "modules");
  CHECK(ModuleFolder(root / "tests/deeper", true).empty());
}
