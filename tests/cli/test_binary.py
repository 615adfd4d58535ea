"""What the program is linked with and made of: start-up and CPUs depend on it."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import imnorm_test


class Binary(unittest.TestCase):
    def test_heavy_libraries_are_not_loaded_at_start(self):
        linked = subprocess.run(["ldd", imnorm_test.binary()], capture_output=True, text=True).stdout
        self.assertIn("libc.so", linked)
        for name in ("opencv", "gdal", "libhwy", "libtiff", "libarchive", "libtbb"):
            self.assertNotIn(name, linked)

    def test_it_needs_no_shared_library_beside_those_the_build_could_not_put_in(self):
        # ctest passes what CMake found no archive of; everything else is in the binary or in a
        # module, and a library that creeps in costs every start.
        shared = os.environ.get("IMNORM_SHARED")
        if shared is None:
            self.skipTest("SKIPPED: not a self-contained build")
        needed = subprocess.run(
            ["readelf", "-d", imnorm_test.binary()], capture_output=True, text=True, check=True
        ).stdout
        names = set(re.findall(r"NEEDED.*\[(?:lib)?([^.\]]+)\.so", needed))
        c_library = {"c", "m", "ld-linux-x86-64", "ld-linux-aarch64"}
        self.assertIn("c", names)
        self.assertEqual(names - c_library - set(shared.split()), set())

    def test_no_code_of_ours_runs_before_main_beside_what_cli11_brings(self):
        if "IMNORM_SHARED" not in os.environ:
            self.skipTest("SKIPPED: not a self-contained build")
        build = Path(imnorm_test.binary()).parent
        for path, allowed in (
            (build / "libimnorm.a", []),
            (build / "imnorm", ["parse"]),  # <iostream>, CLI11's validators
        ):
            symbols = subprocess.run(
                ["nm", path], capture_output=True, text=True, check=True
            ).stdout
            found = re.findall(r" [tT] (_GLOBAL__sub_I_.*)", symbols)
            # .cc: libstdc++'s own; {fmt} 10 has one of its own where it is linked in.
            ours = [s for s in found if not s.endswith((".cc", ".cold")) and "3fmt" not in s]
            self.assertEqual(len(ours), len(allowed), f"{path}: {ours}")
            for symbol, name in zip(ours, allowed):
                self.assertRegex(symbol, name)
            # The compiler's CPU check is a constructor as well.
            self.assertNotIn("__cpu_indicator_init", symbols)

    def test_it_exports_nothing_that_a_module_could_take_for_its_own(self):
        # Modules have a C++ runtime, a libjpeg and so on of their own. What the program exported
        # would replace them.
        if "stdc++" in os.environ.get("IMNORM_SHARED", "stdc++").split():
            self.skipTest("SKIPPED: the C++ runtime is a shared library here")
        symbols = subprocess.run(
            ["nm", "-D", "--defined-only", imnorm_test.binary()],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for line in symbols.splitlines():
            self.assertIn("@GLIBC", line)  # variables of the C library, which a program holds

    def test_no_vnni_instruction_is_in_the_encoding_that_avx_512_cpus_may_lack(self):
        # Highway 1.0.3 compiles its AVX3_DL target with AVX-VNNI allowed, which Ice Lake and Zen 4
        # do not have: their VNNI is the EVEX one (first byte 62).
        if shutil.which("objdump") is None:
            self.skipTest("SKIPPED: objdump is not installed")
        code = subprocess.run(
            ["objdump", "-d", imnorm_test.binary()], capture_output=True, text=True
        ).stdout
        vex = re.findall(r"^\s*[0-9a-f]+:\s+c4 .*\bvpdp.*$", code, re.MULTILINE)
        self.assertEqual(vex, [])


if __name__ == "__main__":
    unittest.main()
