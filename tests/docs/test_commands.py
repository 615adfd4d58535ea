"""Every command in README.md and docs/*.md is run, and prints what stands below it; so does Python."""

import contextlib
import doctest
import importlib.util
import io
import os
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

from documents import blocks, commands, documents, matches
from imnorm_test import DONE, SAMPLES, SOME_FAILED, SOURCE, ImnormTest, binary
from python_package import require_library

require_library()
import imnorm  # noqa: E402

PHOTOS = ("city", "coast", "garden")


class Commands(ImnormTest):
    def stage(self):
        """A folder as a reader's: sample_images, photos of three classes, imnorm to be called."""
        (self.folder / "sample_images").symlink_to(SAMPLES)
        for name in PHOTOS:
            shutil.copytree(SAMPLES / name, self.folder / "photos" / name)
        (self.folder / "bin").mkdir()
        (self.folder / "bin/imnorm").symlink_to(binary())
        (self.folder / "bin/python3").symlink_to(sys.executable)
        self.environment = {**os.environ, "SCHEMAS": str(SOURCE / "docs/schemas"), "PATH": f"{self.folder}/bin:{os.environ['PATH']}"}
        for name in ("COLUMNS", *(name for name in os.environ if name.startswith("SLURM_"))):
            self.environment.pop(name, None)

    def run_session(self, block):
        for command in commands(block):
            done = subprocess.run(
                ["bash", "-c", command.text], cwd=self.folder, env=self.environment,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                encoding="utf-8", timeout=120,
            )  # fmt: skip
            told = f"line {command.line}: {command.text}\n{done.stdout}"
            self.assertIn(done.returncode, (DONE, SOME_FAILED), told)
            if not matches(command.output, done.stdout.splitlines()):
                self.assertEqual("\n".join(command.output), done.stdout, told)
                self.fail(told)

    def run_python(self, block, names):
        """A program, or a session; both in the folder, with what earlier ones defined."""
        if ">>>" not in block.text:
            exec(compile(block.text, f"line {block.line}", "exec"), names)  # noqa: S102
            return
        test = doctest.DocTestParser().get_doctest(block.text, names, "block", None, block.line)
        said = io.StringIO()
        result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(
            test, out=said.write, clear_globs=False
        )
        names.update(test.globs)
        self.assertEqual(result.failed, 0, said.getvalue())

    def run_document(self, path):
        """How many blocks ran, and how many would not, for want of a library."""
        self.stage()
        ran, left = 0, 0
        names = {"__name__": "document"}
        with in_folder(self.folder):
            for block in blocks(path.read_text()):
                with self.subTest(document=path.name, line=block.line):
                    if block.is_session:
                        self.run_session(block)
                        ran += 1
                    elif block.kind == "python":
                        if "torch" in block.text and importlib.util.find_spec("torch") is None:
                            left += 1
                            continue
                        self.run_python(block, names)
                        ran += 1
        return ran, left

    def test_every_command_prints_what_stands_below_it(self):
        total = 0
        for path in documents():
            ran, left = self.run_document(path)
            total += ran
            if left:
                print(f"SKIPPED: {left} blocks of {path.name}: there is no torch", flush=True)
            shutil.rmtree(self.folder)
            self.folder.mkdir()
        self.assertGreater(total, 5)

    def test_no_command_of_imnorm_is_only_shown(self):
        for path in documents():
            for block in blocks(path.read_text()):
                for number, line in enumerate(block.lines, block.line):
                    first = (line.split() or [""])[0]
                    self.assertNotEqual(first, "imnorm", f"{path.name}:{number}: put \"$ \" before it")

    def test_other_output_is_found(self):
        self.stage()
        for text in ("    $ echo one\n    two\n", "    $ echo one\n", "    $ exit 2\n"):
            with self.assertRaises(AssertionError, msg=text):
                self.run_session(blocks(text)[0])
        self.run_session(blocks("    $ cat <<END; echo three\n    > one\n    > END\n    ...\n    three\n")[0])
        with self.assertRaises(AssertionError):
            self.run_python(blocks("```python\n>>> 1 + 1\n3\n```\n")[0], {})


@contextlib.contextmanager
def in_folder(folder):
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


if __name__ == "__main__":
    assert Path(imnorm.__file__).is_relative_to(SOURCE / "python")
    unittest.main()
