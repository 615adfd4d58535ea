"""What the program is linked with and made of: start-up and CPUs depend on it."""

import re
import shutil
import subprocess
import unittest

import imnorm_test


class Binary(unittest.TestCase):
    def test_heavy_libraries_are_not_loaded_at_start(self):
        linked = subprocess.run(["ldd", imnorm_test.binary()], capture_output=True, text=True).stdout
        self.assertIn("libjpeg", linked)
        for name in ("opencv", "gdal", "libhwy", "libtiff", "libarchive"):
            self.assertNotIn(name, linked)

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
