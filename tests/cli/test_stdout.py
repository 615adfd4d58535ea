"""- as an output: a raw tensor or JSON into a pipe, and what cannot go there."""

import json
import os
import pty
import signal
import subprocess
import unittest

import numpy as np

from imnorm_test import (
    DONE, NOT_DONE, SOME_FAILED, USAGE, ImnormTest, binary, is_full, jpeg, manifest_of, run, start,
    wait_until,
)

HALF = ("--preset", "half")


class Stdout(ImnormTest):
    def setUp(self):
        super().setUp()
        self.pictures = self.write_pictures(23)
        self.write("pictures/0007_bad.jpg", b"nothing")

    def piped(self, *arguments, code=SOME_FAILED):
        """The bytes that come out of a pipe; nothing may be left in the folder of the run."""
        place = self.folder / "place"
        place.mkdir(exist_ok=True)
        done = subprocess.run([binary(), "normalize", *map(str, arguments), "-o", "-"], cwd=place,
                              capture_output=True, stdin=subprocess.DEVNULL, timeout=120,
                              env={**os.environ, "TMPDIR": str(place)})
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(os.listdir(place), [])
        return done.stdout

    def file(self, *arguments, code=SOME_FAILED):
        return self.normalize(*arguments, "--force", code=code, out="out.raw").read_bytes()

    def test_the_bytes_are_those_of_a_raw_file_for_any_threads(self):
        for flags in (HALF, (*HALF, "--layout", "nhwc", "--dtype", "float16"),
                      ("--method", "none", "--dtype", "uint8"), ("--stats", "auto"),
                      ("--method", "batch"), ("--method", "instance", "--batch-size", "5")):
            expected = self.file(self.pictures, *flags)
            for threads in ("1", "2", "7"):
                with self.subTest(flags=flags, threads=threads):
                    self.assertEqual(self.piped(self.pictures, *flags, "-j", threads), expected)
        self.assertEqual(self.piped(self.pictures, *HALF, "--format", "raw"),
                         self.file(self.pictures, *HALF))

    def test_a_tensor_goes_there_too(self):
        path = self.folder / "in.npy"
        np.save(path, np.random.default_rng(1).normal(0, 1, (40, 3, 9, 8)).astype(np.float32))
        for flags in (("--mean", "0.5", "--std", "2"), ("--method", "layer"),
                      ("--stats", "auto", "--layout", "nhwc")):
            expected = self.file(path, *flags, code=DONE)
            self.assertEqual(self.piped(path, *flags, "-j", "7", code=DONE), expected)

    def test_the_manifest_is_written_where_it_is_asked_for(self):
        manifest = self.folder / "m.json"
        data = self.piped(self.pictures, *HALF, "--manifest", manifest)
        written = json.loads(manifest.read_bytes())
        self.assertEqual(len(data), 4 * np.prod(written["shape"]))
        self.assertEqual((written["rows"], written["failed"], written["format"]), (23, 1, "raw"))
        out = self.normalize(self.pictures, *HALF, code=SOME_FAILED, out="out.raw")
        self.assertEqual(written, manifest_of(out))

    def test_formats_whose_header_needs_the_count_are_refused_and_the_message_says_so(self):
        for kind in ("npy", "safetensors"):
            result = run("normalize", self.pictures, *HALF, "-o", "-", "--format", kind)
            self.assert_exit(USAGE, result)
            self.assertIn("count", result.stderr)
            self.assertIn("raw", result.stderr)

    def test_a_terminal_gets_no_tensor(self):
        controller, terminal = pty.openpty()
        done = subprocess.run([binary(), "normalize", self.pictures, *HALF, "-o", "-"],
                              stdout=terminal, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        os.close(terminal)
        os.close(controller)
        self.assertEqual(done.returncode, USAGE)
        self.assertIn(b"terminal", done.stderr)

    def test_a_closed_pipe_is_quiet_and_a_full_device_is_not(self):
        reader, writer = os.pipe()
        process = start("normalize", self.pictures, *HALF, "-o", "-", "-q", stdout=writer)
        os.close(writer)
        os.read(reader, 100)
        os.close(reader)
        _, stderr = process.communicate(timeout=60)
        self.assertNotIn(b"ipe", stderr)
        self.assertGreater(process.returncode, 3)
        with open("/dev/full", "wb") as full:
            process = start("normalize", self.pictures, *HALF, "-o", "-", stdout=full)
            _, stderr = process.communicate(timeout=60)
        self.assertEqual(process.returncode, NOT_DONE)
        self.assertIn(b"No space left", stderr)

    def test_a_signal_stops_it_also_where_the_reader_sleeps(self):
        place = self.folder / "place"
        place.mkdir()
        for number, flags in ((signal.SIGINT, HALF), (signal.SIGTERM, ("--method", "batch"))):
            reader, writer = os.pipe()
            process = start("normalize", *[self.pictures] * 20, *flags, "-o", "-", "-q", "-j", "3",
                            stdout=writer, TMPDIR=str(place))
            wait_until(lambda: is_full(writer), process)
            os.close(writer)
            process.send_signal(number)
            process.communicate(timeout=20)
            os.close(reader)
            self.assertEqual(process.returncode, 128 + number)
            self.assertEqual(os.listdir(place), [])

    def test_without_a_good_picture_nothing_comes(self):
        bad = self.write("bad/a.jpg", b"nothing").parent
        self.assertEqual(self.piped(bad, *HALF, code=NOT_DONE), b"")

    def test_statistics_and_merges_go_to_stdout_as_json(self):
        good = self.write("good/a.jpg", jpeg()).parent
        place = self.folder / "place"
        place.mkdir()
        expected = run("stats", good).stdout
        result = run("stats", good, "-o", "-", cwd=place)
        self.assert_exit(DONE, result)
        self.assertEqual(result.stdout, expected)
        whole = self.write("whole.json", expected.encode())
        self.assertEqual(run("merge", whole, "-o", "-", cwd=place).stdout, expected)
        self.assertEqual(os.listdir(place), [])
        self.assert_exit(USAGE, run("stats", good, "-o", "-", "--emit", "csv", cwd=place))

    def test_no_other_file_is_called_minus(self):
        for flags in (["stats", self.pictures, "--per-image", "-"],
                      ["normalize", self.pictures, *HALF, "-o", "x.npy", "--manifest", "-"],
                      ["normalize", self.pictures, "--method", "batch", "-o", "x.npy",
                       "--report-norm", "-"],
                      ["normalize", self.pictures, "--method", "batch", "-o", "x.npy",
                       "--state-out", "-"]):
            result = run(*flags, cwd=self.folder)
            self.assert_exit(USAGE, result)
            self.assertIn("a file", result.stderr)
            self.assertEqual(sorted(os.listdir(self.folder)), ["pictures"])


if __name__ == "__main__":
    unittest.main()
