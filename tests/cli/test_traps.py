"""Command lines and surroundings that are legal but unusual: nothing is lost, nothing is silent."""

import fcntl
import json
import os
import signal
import subprocess
import unittest

import numpy as np
from PIL import Image

from imnorm_test import (
    DONE,
    NOT_DONE,
    SOME_FAILED,
    USAGE,
    ImnormTest,
    binary,
    encode,
    is_full,
    jpeg,
    png,
    run,
    start,
    wait_until,
)

HALF = ("--preset", "half")


class Traps(ImnormTest):
    def setUp(self):
        super().setUp()
        self.out = self.folder / "out.npy"

    def names(self):
        return sorted(os.listdir(self.folder))

    def write_tensor(self, dtype=np.uint8):
        rng = np.random.default_rng(3)
        tensor = rng.integers(0, 256, (5, 3, 8, 6)).astype(dtype)
        path = self.folder / "in.npy"
        np.save(path, tensor)
        return path, tensor

    def assert_usage(self, *arguments, says=()):
        result = run(*arguments)
        self.assert_exit(USAGE, result)
        for word in says:
            self.assertIn(word, result.stderr)

    def test_lists_of_extensions_and_globs_do_not_swallow_the_input_after_them(self):
        pictures = self.write_pictures(3)
        self.assertEqual(self.stats("--ext", "jpg,png", pictures)["images"], 3)
        self.assertEqual(self.stats("--exclude", "0000*", pictures)["images"], 2)
        twice = ("--exclude", "0000*", "--exclude", "0001*", pictures)
        self.assertEqual(self.stats(*twice)["images"], 1)

    def test_a_dry_run_of_a_tensor_writes_nothing(self):
        path, _ = self.write_tensor()
        result = run("normalize", path, "--method", "layer", "--dry-run", "-o", self.out)
        self.assert_exit(DONE, result)
        self.assertIn("[5, 3, 8, 6]", result.stdout)
        self.assertEqual(self.names(), ["in.npy"])

    def test_a_shard_of_a_tensor_is_refused_not_ignored(self):
        path, _ = self.write_tensor()
        self.assert_usage(
            "normalize", path, "--method", "layer", "--shard", "1/2", "-o", self.out, says=["--shard"]
        )

    def test_what_another_method_would_use_is_refused_not_ignored(self):
        pictures = self.write_pictures(2)
        file = self.folder / "r"
        for flags in (("--gamma", "1"), ("--beta", "0"), ("--affine", file), ("--eps", "0.1"),
                      ("--batch-size", "2"), ("--drop-last",), ("--groups", "3"), ("--eval",),
                      ("--momentum", "0.5"), ("--state-in", file), ("--state-out", file),
                      ("--report-norm", file)):
            for how in (("--preset", "half"), ("--method", "none", "--resize", "8x8")):
                with self.subTest(flags=flags, how=how):
                    self.assert_usage("normalize", pictures, *how, *flags, "-o", self.out,
                                      says=[flags[0], "--method"])
        self.assert_usage("normalize", pictures, "--method", "layer", "--resize", "8x8",
                          "--groups", "3", "-o", self.out, says=["--groups", "group"])
        self.assert_usage("normalize", pictures, "--method", "none", "--resize", "8x8",
                          "--scale", "2", "-o", self.out, says=["--scale", "none"])
        self.assertEqual(self.names(), ["pictures"])

    def test_a_report_that_exists_is_kept_unless_forced(self):
        report = self.write("report.json", b"mine")
        flags = ("--method", "batch", "--resize", "8x8", "--report-norm", report, "-o", self.out)
        pictures = self.write_pictures(3)
        self.assert_usage("normalize", pictures, *flags, says=["report.json", "--force"])
        self.assertEqual(report.read_bytes(), b"mine")
        self.assert_exit(DONE, run("normalize", pictures, *flags, "--force"))
        self.assertIn("schema", json.loads(report.read_bytes()))

    def test_statistics_and_numbers_of_ones_own_are_one_too_many(self):
        pictures = self.write_pictures(2)
        stats = self.folder / "stats.json"
        self.assert_exit(DONE, run("stats", pictures, "-o", stats))
        flags = ("--stats", stats, "--resize", "8x8", "-o", self.out)
        for more in (("--mean", "0", "--std", "1"), ("--std", "1")):
            self.assert_usage("normalize", pictures, *flags, *more, says=["--stats", "--mean"])

    def test_an_output_that_stands_is_refused_before_statistics_are_measured(self):
        pictures = self.write_pictures(2)
        self.write("pictures/bad.jpg", b"nothing")
        tensor, _ = self.write_tensor()
        self.out.write_bytes(b"mine")
        # A pass over the pictures would end with 3 here.
        flags = ("--stats", "auto", "--resize", "8x8", "--strict", "-o", self.out)
        self.assert_usage("normalize", pictures, *flags, says=["--force"])
        other = ("--stats", "auto", "--resize", "8x8", "--strict", "-o", self.folder / "new.npy",
                 "--manifest", self.out)
        self.assert_usage("normalize", pictures, *other, says=["--force"])
        self.assertEqual(self.out.read_bytes(), b"mine")
        self.assertEqual([n for n in self.names() if "partial" in n], [])

    def test_statistics_given_for_a_tensor_are_applied(self):
        path, tensor = self.write_tensor()
        planes = tensor.transpose(1, 0, 2, 3).reshape(3, -1) / 255
        want = (tensor / 255 - planes.mean(1)[:, None, None]) / planes.std(1)[:, None, None]
        auto = np.load(self.normalize(path, "--stats", "auto", out="auto.npy"))
        np.testing.assert_allclose(auto, want, atol=2e-6)
        measured = self.folder / "stats.json"
        self.assert_exit(DONE, run("stats", path, "-o", measured))
        from_file = np.load(self.normalize(path, "--stats", measured, out="file.npy"))
        np.testing.assert_array_equal(from_file, auto)

    def test_statistics_of_16_bit_pictures_are_on_the_scale_of_the_pass_that_uses_them(self):
        rng = np.random.default_rng(5)
        for i in range(3):
            picture = Image.fromarray(rng.integers(0, 65536, (20, 30), dtype=np.uint16))
            self.write(f"deep/{i}.png", encode(picture, "PNG"))
        deep = self.folder / "deep"
        values = np.load(self.normalize(deep, "--depth", "16", "--stats", "auto"))
        self.assertAlmostEqual(float(values.mean()), 0, places=4)
        self.assertAlmostEqual(float(values.std()), 1, places=4)
        measured = self.folder / "stats.json"
        self.assert_exit(DONE, run("stats", deep, "--depth", "16", "-o", measured))
        shallow = np.load(self.normalize(deep, "--stats", measured, out="shallow.npy"))
        self.assertAlmostEqual(float(shallow.mean()), 0, places=1)
        self.assertAlmostEqual(float(shallow.std()), 1, places=1)

    def test_a_named_manifest_that_exists_is_kept_unless_forced(self):
        pictures = self.write_pictures(1)
        notes = self.write("notes.txt", b"precious\n")
        flags = (*HALF, "-o", self.out, "--manifest", notes)
        self.assert_usage("normalize", pictures, *flags, says=["notes.txt", "--force"])
        self.assertEqual(notes.read_bytes(), b"precious\n")
        self.assertFalse(self.out.exists())
        self.assert_exit(DONE, run("normalize", pictures, *flags, "--force"))
        self.assertEqual(json.loads(notes.read_bytes())["rows"], 1)

    def test_a_manifest_that_is_the_output_is_refused(self):
        pictures = self.write_pictures(1)
        flags = (*HALF, "-o", self.out, "--manifest", self.out)
        self.assert_usage("normalize", pictures, *flags, says=["--manifest"])
        self.assertEqual(self.names(), ["pictures"])

    def test_outputs_that_cannot_be_written_are_found_before_the_work(self):
        pictures = self.write_pictures(1)
        nowhere = self.folder / "nowhere" / "x.json"
        flags = (*HALF, "-o", self.out, "--manifest", nowhere)
        for arguments in (["normalize", pictures, *flags], ["stats", pictures, "-o", nowhere]):
            result = run(*arguments)
            self.assert_exit(NOT_DONE, result)
            self.assertIn("nowhere", result.stderr)
            self.assertNotIn("1 of 1", result.stderr)
        self.assertEqual(self.names(), ["pictures"])

    def test_the_same_file_for_statistics_and_for_lines_a_picture_is_refused(self):
        same = self.folder / "x.json"
        flags = ("-o", same, "--per-image", same)
        self.assert_usage("stats", self.write_pictures(1), *flags, says=["--per-image"])
        self.assertEqual(self.names(), ["pictures"])

    def test_a_file_that_is_no_picture_needs_no_mask(self):
        self.write("pictures/a.png", png())
        self.write("pictures/notes.txt", b"words, words, words, words\n")
        self.write("masks/a.png", encode(Image.new("L", (64, 48), 255), "PNG"))
        result = run("stats", self.folder / "pictures", "--mask-dir", self.folder / "masks")
        self.assert_exit(DONE, result)
        self.assertIn("1 passed over", result.stderr)

    def test_messages_for_a_closed_stderr_do_not_get_into_the_output(self):
        self.write_pictures(2)
        for i in range(40):
            self.write(f"pictures/bad_{i:02}.jpg", b"\xff\xd8\xff\xe0 nothing")
        pictures = self.folder / "pictures"
        sound = self.normalize(pictures, *HALF, "-j", "1", code=SOME_FAILED)
        quiet = self.folder / "quiet.npy"
        command = 'exec "$0" normalize "$1" --preset half -j 1 -o "$2" 0<&- 1>&- 2>&-'
        done = subprocess.run(["sh", "-c", command, binary(), pictures, quiet])
        self.assertEqual(done.returncode, SOME_FAILED)
        self.assertEqual(quiet.read_bytes(), sound.read_bytes())

    def test_a_closed_stdout_is_3_not_a_silent_success(self):
        command = 'exec "$0" stats "$1" >&-'
        done = subprocess.run(
            ["sh", "-c", command, binary(), self.write_pictures(1)], stderr=subprocess.PIPE
        )
        self.assertEqual(done.returncode, NOT_DONE)
        self.assertIn(b"stdout", done.stderr)

    def test_a_non_blocking_stdout_gets_everything(self):
        reader, writer = os.pipe()
        fcntl.fcntl(writer, fcntl.F_SETFL, os.O_NONBLOCK)
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
        process = start("stats", self.write_pictures(3), "--histogram", "-q", stdout=writer)
        wait_until(lambda: is_full(writer), process)
        os.close(writer)
        with os.fdopen(reader, "rb") as pipe:
            text = pipe.read()
        _, stderr = process.communicate(timeout=60)
        self.assertEqual((process.returncode, stderr), (DONE, b""))
        self.assertEqual(json.loads(text)["images"], 3)

    def test_strict_reports_the_first_bad_picture_once_and_no_other(self):
        for i in range(8):
            self.write(f"pictures/{i}.jpg", b"\xff\xd8\xff\xe0 nothing")
        for threads in ("1", "8"):
            flags = ("--strict", "-j", threads, *HALF, "-o", self.out)
            result = run("normalize", self.folder / "pictures", *flags)
            self.assert_exit(NOT_DONE, result)
            self.assertEqual(len(result.stderr.strip().splitlines()), 1, result.stderr)
            self.assertRegex(result.stderr, r"0\.jpg: corrupt: .*--strict")

    def test_strict_with_a_missing_list_entry_is_3_since_the_command_line_was_right(self):
        listed = self.write("list.txt", b"not_here.jpg\n")
        result = run("stats", "--files-from", listed, "--strict")
        self.assert_exit(NOT_DONE, result)
        self.assertIn("not_here.jpg", result.stderr)

    def test_an_input_below_a_file_does_not_exist(self):
        picture = self.write("a.jpg", jpeg())
        self.assert_usage("stats", picture / "b.jpg", says=["b.jpg"])

    def test_an_empty_environment_variable_is_an_unset_one(self):
        self.assert_exit(DONE, run("stats", self.write_pictures(1), IMNORM_JPEG=""))

    def test_absurd_shard_counts_are_refused(self):
        self.assert_usage("stats", self.write_pictures(1), "--shard", "1/4294967297", says=["--shard"])

    def test_a_strided_slurm_array_counts_its_steps(self):
        pictures = self.write_pictures(4)
        seen = []
        for task in ("10", "15"):
            environment = {
                "SLURM_ARRAY_TASK_ID": task,
                "SLURM_ARRAY_TASK_MIN": "10",
                "SLURM_ARRAY_TASK_STEP": "5",
                "SLURM_ARRAY_TASK_COUNT": "2",
            }
            seen.append(self.stats(pictures, "--shard", "auto", **environment)["images"])
        self.assertEqual(seen, [2, 2])

    def test_progress_of_a_tensor_counts_its_samples(self):
        path, _ = self.write_tensor()
        result = run("stats", path, "--progress", "always")
        self.assertIn("5/5", result.stderr)
        flags = ("--mean", "0", "--std", "1", "--progress", "always", "-o", self.out)
        self.assertIn("5/5", run("normalize", path, *flags).stderr)

    def test_a_ribbon_of_a_picture_is_refused_before_it_takes_all_memory(self):
        self.write("pictures/tall.png", encode(Image.new("RGB", (1, 60000)), "PNG"))
        flags = ("--mean", "0,0,0", "--std", "1,1,1", "--resize", "256", "-o", self.out)
        result = run("normalize", self.folder / "pictures", *flags)
        self.assert_exit(NOT_DONE, result)
        self.assertIn("--crop", result.stderr)
        self.normalize(self.folder / "pictures", *flags[:-2], "--crop", "224")

    def test_a_second_run_on_the_same_output_is_refused_while_the_first_goes_on(self):
        picture = self.write("p.jpg", jpeg(600, 400))
        (self.folder / "many").mkdir()
        for i in range(3000):
            os.link(picture, self.folder / "many" / f"{i:05}.jpg")
        first = start("normalize", self.folder / "many", *HALF, "-j", "1", "-o", self.out)
        self.addCleanup(first.communicate)
        self.addCleanup(first.kill)
        wait_until((self.folder / "out.npy.partial").exists, first)
        second = run("normalize", picture, *HALF, "-o", self.out)
        self.assert_exit(NOT_DONE, second)
        self.assertIn("another run", second.stderr)
        self.assertIsNone(first.poll(), "the first run was over too soon")
        first.send_signal(signal.SIGTERM)
        self.assertEqual(first.wait(timeout=30), 128 + signal.SIGTERM)
        self.assertEqual(self.names(), ["many", "p.jpg"])

    def test_commands_are_plain_names_where_an_input_is_expected(self):
        self.write_pictures(2, under="normalize")
        result = run("stats", "normalize", cwd=self.folder)
        self.assert_exit(DONE, result)
        self.assertEqual(json.loads(result.stdout)["images"], 2)

    def test_negative_numbers_are_values_not_flags(self):
        flags = ("--mean", "-0.5,0,0", "--std", "1,1,1")
        values = np.load(self.normalize(self.write_pictures(1), *flags))
        self.assertGreaterEqual(values[:, 0].min(), 0.5)


if __name__ == "__main__":
    unittest.main()
