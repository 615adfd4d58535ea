"""`cmake --install` in a build tree where a part of what is installed was not built."""

import subprocess
import unittest
from pathlib import Path

from imnorm_test import ImnormTest, binary


class PartialBuild(ImnormTest):
    # ctest runs this one alone: it takes a file out of the build tree for a moment.
    def test_what_is_missing_is_built_before_anything_is_installed(self):
        build = Path(binary()).parent
        module = build / "modules/imnorm_zip.so"
        aside = self.folder / module.name
        aside.write_bytes(module.read_bytes())
        self.addCleanup(lambda: module.exists() or module.write_bytes(aside.read_bytes()))
        module.unlink()
        prefix = self.folder / "prefix"
        done = subprocess.run(
            ["cmake", "--install", build, "--prefix", prefix],
            capture_output=True,
            encoding="utf-8",
            timeout=300,
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("Not built yet", done.stdout)
        self.assertTrue(next(prefix.rglob(module.name)).exists())
        self.assertTrue((prefix / "bin/imnorm").exists())


if __name__ == "__main__":
    unittest.main()
