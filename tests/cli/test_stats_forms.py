"""The forms that statistics are written in: JSON or CSV by the name, lists ready to paste, odd names."""

import csv
import io
import json
import os
import subprocess
import unittest

from imnorm_test import DONE, NOT_DONE, binary, jpeg, run
from stats_reference import StatsTest


class Forms(StatsTest):
    def test_a_file_named_csv_in_any_case_holds_csv(self):
        folder = self.write_pictures(3)
        printed = run("stats", folder, "--emit", "csv").stdout
        whole = self.folder / "whole.json"
        self.assert_exit(DONE, run("stats", folder, "-o", whole))
        for name in ("x.csv", "x.CSV", "X.Csv"):
            for command in (("stats", folder), ("merge", whole)):
                with self.subTest(name=name, command=command[0]):
                    out = self.folder / name
                    self.assert_exit(DONE, run(*command, "-o", out, "--force"))
                    self.assertEqual(out.read_text(), printed)
        rows = list(csv.DictReader(io.StringIO(printed)))
        numbers = json.loads(whole.read_text())
        self.assertEqual([float(row["mean"]) for row in rows], numbers["mean"])
        self.assertEqual([float(row["std"]) for row in rows], numbers["std"])

    def test_csv_in_the_file_and_another_form_on_stdout(self):
        out = self.folder / "x.csv"
        result = run("stats", self.write_pictures(2), "-o", out, "--emit", "json")
        self.assert_valid(json.loads(result.stdout))
        self.assertTrue(out.read_text().startswith("channel,mean,"))

    def test_formats_of_rgb_tools_are_in_rgb_order_whatever_was_measured(self):
        picture = self.write("a.jpg", jpeg())
        for form in ("hf", "timm", "openvino"):
            for order in ((), ("--weight", "image", "--ddof", "1")):
                with self.subTest(form=form):
                    flags = (picture, "--emit", form, *order)
                    bgr = run("stats", *flags, "--channels", "bgr")
                    self.assert_exit(DONE, bgr)
                    self.assertEqual(bgr.stdout, run("stats", *flags).stdout)
        # Code is told which order it is in.
        shown = run("stats", picture, "--emit", "torchvision", "--channels", "bgr").stdout
        self.assertIn("# channels in bgr order", shown)

    def test_a_closed_stdout_under_its_name_is_3_before_any_work(self):
        picture = self.write("a.jpg", jpeg())
        whole = self.folder / "whole.json"
        self.assert_exit(DONE, run("stats", picture, "-o", whole))
        for command in (("stats", picture), ("merge", whole)):
            for name in ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"):
                for more in ((), ("--force",)):
                    with self.subTest(command=command[0], name=name):
                        done = subprocess.run(
                            ["sh", "-c", 'exec "$0" "$@" >&-', binary(), *command, "-o", name,
                             *more], stderr=subprocess.PIPE)
                        self.assertEqual(done.returncode, NOT_DONE)
                        self.assertIn(f"{name}: standard output is closed".encode(), done.stderr)
                        self.assertNotIn(b"measured", done.stderr)
        # What is open is written to, and so is what only looks the same.
        self.assertEqual(run("stats", picture, "-o", "/dev/stdout").stdout, whole.read_text())
        closed = subprocess.run(["sh", "-c", 'exec "$0" "$@" >&-', binary(), "stats", picture, "-o",
                                 "/dev/null"], stderr=subprocess.PIPE)
        self.assertEqual(closed.returncode, DONE, closed.stderr)

    def test_folders_of_any_bytes_stay_apart_as_classes(self):
        names = [b"cl\xffass", b"cl\\xffass", b"cl\\x5cxffass", b"CL\xffass", b"cl\xfeass",
                 "cl\N{REPLACEMENT CHARACTER}ass".encode(), "caf\u00e9".encode(), b"cafe\xcc\x81"]
        root = os.fsencode(self.folder / "set")
        for i, name in enumerate(names):
            os.makedirs(os.path.join(root, name))
            for k in range(i + 1):
                with open(os.path.join(root, name, b"%d.jpg" % k), "wb") as file:
                    file.write(jpeg(12 + i, 8, k))
        folder = self.folder / "set"
        whole = self.stats_text(folder, "--per-class")
        classes = json.loads(whole)["per_class"]
        self.assertEqual(len(classes), len(names))
        self.assertEqual(sorted(row["images"] for row in classes.values()),
                         list(range(1, len(names) + 1)))
        self.assertEqual(classes["cl\\xffass"]["images"], 1)
        self.assertEqual(classes["cl\\x5cxffass"]["images"], 2)
        parts = []
        for i in (1, 2, 3, 4):
            parts.append(self.folder / f"{i}.json")
            self.assert_exit(DONE, run("stats", folder, "--per-class", "--shard", f"{i}/4", "-o",
                                       parts[-1]))
        self.assertEqual(run("merge", *reversed(parts)).stdout, whole)

    def test_paths_of_any_bytes_are_utf8_in_csv_and_stay_apart(self):
        folder = os.fsencode(self.folder)
        for name in (b"a\xff.jpg", b"a\\xff.jpg", b'q",\n.jpg'):
            with open(os.path.join(folder, name), "wb") as file:
                file.write(jpeg(8, 8))
        rows = self.folder / "rows.csv"
        self.assert_exit(DONE, run("stats", self.folder, "--per-image", rows))
        table = csv.DictReader(io.StringIO(rows.read_bytes().decode(), newline=""))
        self.assertEqual(sorted(os.path.basename(row["path"]) for row in table),
                         ["a\\x5cxff.jpg", "a\\xff.jpg", 'q",\n.jpg'])


if __name__ == "__main__":
    unittest.main()
