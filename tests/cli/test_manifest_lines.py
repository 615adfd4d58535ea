"""--manifest-fd: a manifest is told as its rows go down a pipe."""

import json
import os
import subprocess
import unittest

from imnorm_test import SOME_FAILED, USAGE, ImnormTest, binary, jpeg, run

PLAN = ["--resize", "64x48", "--mean", "0.5", "--std", "0.25", "--dtype", "float32"]
ROW = 3 * 48 * 64 * 4


class ManifestLines(ImnormTest):
    def pictures(self):
        for i in range(12):
            self.write(f"p/{'cat' if i % 2 else 'dog'}/{i:02}.jpg", jpeg(40 + i, 30, seed=i))
        self.write("p/cat/05.jpg", b"\xff\xd8\xff\xe0nothing")
        self.write("p/dog/notes", b"no picture")
        return self.folder / "p"

    def start(self, *arguments, **options):
        read, write = os.pipe()
        process = subprocess.Popen(
            [binary(), "normalize", *map(str, arguments), "-o", "-", "--manifest-fd", str(write)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=[write],
            **options,
        )
        os.close(write)
        return process, os.fdopen(read)

    def test_lines_say_what_a_manifest_says(self):
        pictures = self.pictures()
        for options in ([], ["--format", "wds", "-j", "3"], ["--resize", "letterbox:64x48"]):
            with self.subTest(options):
                command = [pictures, *PLAN, *options]
                beside = self.folder / "m.json"
                whole = [*map(str, command), "-o", "-", "--manifest", str(beside), "--force"]
                result = subprocess.run([binary(), "normalize", *whole], capture_output=True)
                self.assertEqual(result.returncode, SOME_FAILED, result.stderr)
                process, lines = self.start(*command)
                data = process.stdout.read()
                head, *items, end = map(json.loads, lines)
                self.assertEqual(process.wait(), SOME_FAILED)
                process.stdout.close()
                process.stderr.close()
                lines.close()
                self.assertEqual(data, result.stdout)
                manifest = json.loads(beside.read_text())
                self.assertEqual(items[0].pop("shape"), [3, 48, 64])
                self.assertEqual(items, manifest.pop("items"))
                self.assertEqual({**head, **end}, manifest)

    def test_a_reader_begins_before_the_end(self):
        process, lines = self.start(self.pictures(), *PLAN, "-j", "1")
        first = [json.loads(lines.readline()) for _ in range(2)]
        self.assertEqual(first[0]["inputs"], 13)
        self.assertEqual(first[1]["row"], 0)
        self.assertIsNone(process.poll())
        self.assertEqual(len(process.stdout.read(ROW)), ROW)
        self.assertIsNone(process.poll())
        self.assertEqual(len(process.stdout.read()), 10 * ROW)
        self.assertIn('"rows":11', lines.read().splitlines()[-1])
        self.assertEqual(process.wait(), SOME_FAILED)
        process.stdout.close()
        process.stderr.close()
        lines.close()

    def test_a_manifest_that_nobody_reads_ends_the_run(self):
        process, lines = self.start(self.pictures(), *PLAN, "-j", "1")
        lines.close()
        process.stdout.read()
        self.assertEqual(process.wait(), 3)
        self.assertIn(b"manifest on descriptor", process.stderr.read())
        process.stdout.close()
        process.stderr.close()

    def test_where_it_makes_no_sense_it_is_refused(self):
        pictures = self.pictures()
        for arguments, word in [
            ([pictures, *PLAN, "-o", "-", "--manifest-fd", "97"], "no such descriptor"),
            ([pictures, *PLAN, "-o", "-", "--manifest-fd", "1"], "--manifest-fd 1"),
            ([pictures, *PLAN, "-o", "x.npy", "--manifest-fd", "2"], "standard output"),
            ([pictures, *PLAN[:2], "--method", "layer", "-o", "-", "--manifest-fd", "2"], "method"),
        ]:
            result = run("normalize", *arguments, cwd=self.folder)
            self.assert_exit(USAGE, result)
            self.assertIn(word, result.stderr)
            self.assertIn("--manifest-fd", result.stderr)


if __name__ == "__main__":
    unittest.main()
