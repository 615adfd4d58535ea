"""Exit codes: 0 all done, 1 some failed, 2 usage, 3 not done."""

import os
import unittest

from imnorm_test import (
    DONE,
    NOT_DONE,
    SOME_FAILED,
    USAGE,
    ImnormTest,
    failures_of,
    jpeg,
    rows_of,
    run,
)


class ExitCodes(ImnormTest):
    def out(self):
        return self.folder / "out.npy"

    def assert_usage(self, *arguments, says=()):
        result = run(*arguments)
        self.assert_exit(USAGE, result)
        self.assertEqual(result.stdout, "")
        for word in says:
            self.assertIn(word, result.stderr)

    def test_all_good_is_0(self):
        pictures = self.write_pictures(3)
        self.assert_exit(DONE, run("normalize", pictures, "--preset", "half", "-o", self.out()))
        self.assert_exit(DONE, run("stats", pictures))

    def test_some_bad_is_1_and_each_is_named_with_its_reason(self):
        pictures = self.write_pictures(3)
        good = jpeg()
        self.write("pictures/cut.jpg", good[: len(good) // 2])
        self.write("pictures/empty.png", b"")
        result = run("normalize", pictures, "--preset", "half", "-o", self.out())
        self.assert_exit(SOME_FAILED, result)
        for name in ("cut.jpg", "empty.png"):
            lines = [line for line in result.stderr.splitlines() if name in line]
            self.assertEqual(len(lines), 1, result.stderr)
            self.assertRegex(lines[0], rf"{name}: \w+.*\w")
        self.assertEqual(len(rows_of(self.out())), 3)
        self.assertEqual(failures_of(self.out())["cut.jpg"], "corrupt")
        stats = run("stats", pictures)
        self.assert_exit(SOME_FAILED, stats)
        self.assertIn("cut.jpg", stats.stderr)

    def test_no_good_picture_is_3_and_nothing_is_written(self):
        self.write("pictures/bad.jpg", b"\xff\xd8\xff\xe0 not much of a picture")
        result = run("normalize", self.folder / "pictures", "--preset", "half", "-o", self.out())
        self.assert_exit(NOT_DONE, result)
        self.assertEqual(sorted(os.listdir(self.folder)), ["pictures"])
        self.assert_exit(NOT_DONE, run("stats", self.folder / "pictures"))

    def test_where_nothing_was_found_it_is_said_even_if_quiet(self):
        folder = self.folder / "empty"
        folder.mkdir()
        half = ("--preset", "half", "-o", self.folder / "x.npy")
        for command in (("stats",), ("normalize", *half)):
            result = run(*command, folder, "-q")
            self.assert_exit(NOT_DONE, result)
            self.assertRegex(result.stderr, "^imnorm: .*empty.*no picture")
        self.write("empty/notes.txt", b"text")
        result = run("stats", folder, "-q")
        self.assertIn("1 other file", result.stderr)
        self.write("empty/a.jpg", jpeg())
        result = run("stats", folder, "-q", "--ext", "tif")
        self.assert_exit(NOT_DONE, result)
        self.assertIn("--ext", result.stderr)
        result = run("stats", "--files-from", self.write("list", b"\n"), "-q")
        self.assertIn("--files-from", result.stderr)
        part = run("stats", folder, "-q", "--shard", "1/1000", "-o", self.folder / "part.json")
        self.assert_exit(NOT_DONE, part)
        self.assertIn("1/1000", part.stderr)

    def test_an_empty_folder_is_3(self):
        (self.folder / "empty").mkdir()
        self.assert_exit(NOT_DONE, run("stats", self.folder / "empty"))
        result = run("normalize", self.folder / "empty", "--preset", "half", "-o", self.out())
        self.assert_exit(NOT_DONE, result)
        self.assertFalse(self.out().exists())

    def test_a_missing_input_on_the_command_line_is_2_before_any_work(self):
        pictures = self.write_pictures(2)
        missing = self.folder / "not_here"
        self.assert_usage(
            "normalize", pictures, missing, "--preset", "half", "-o", self.out(), says=["not_here"]
        )
        self.assertFalse(self.out().exists())
        self.assert_usage("stats", pictures, missing, says=["not_here"])

    def test_a_named_file_that_is_no_picture_is_a_failed_input(self):
        text = self.write("notes.txt", b"no picture at all, only words\n")
        good = self.write("good.jpg", jpeg())
        result = run("stats", text, good)
        self.assert_exit(SOME_FAILED, result)
        self.assertIn("notes.txt", result.stderr)

    def test_normalize_without_values_is_2_and_names_the_flags(self):
        pictures = self.write_pictures(1)
        self.assert_usage(
            "normalize", pictures, "-o", self.out(), says=["--preset", "--mean", "--std"]
        )

    def test_no_command_and_no_input_are_2(self):
        self.assert_usage()
        self.assert_usage("stats")
        self.assert_usage("normalize", "--preset", "half", "-o", self.out())

    def test_normalize_without_an_output_is_2_and_names_the_flag(self):
        self.assert_usage("normalize", self.write_pictures(1), "--preset", "half", says=["-o"])

    def test_an_unknown_flag_is_2_with_the_nearest_spelling(self):
        self.assert_usage("stats", self.write_pictures(1), "--exlude", "x", says=["--exclude"])

    def test_an_unknown_preset_is_2_with_the_nearest_spelling(self):
        self.assert_usage(
            "normalize",
            self.write_pictures(1),
            "--preset",
            "imagnet",
            "-o",
            self.out(),
            says=["imagnet", "imagenet"],
        )
        self.assert_usage("presets", "clipp", says=["clip"])

    def test_an_unknown_command_is_2_with_the_nearest_spelling(self):
        self.assert_usage("normalise", says=["normalize"])

    def test_an_unknown_flag_value_is_2_with_the_nearest_spelling(self):
        pictures = self.write_pictures(1)
        self.assert_usage(
            "normalize",
            pictures,
            "--preset",
            "half",
            "--filter",
            "bicubik",
            "-o",
            self.out(),
            says=["--filter", "bicubic"],
        )
        self.assert_usage(
            "normalize",
            pictures,
            "--preset",
            "half",
            "--like",
            "torchvison",
            "-o",
            self.out(),
            says=["--like", "torchvision"],
        )

    def test_values_out_of_range_are_2(self):
        pictures = self.write_pictures(1)
        for flags in (
            ["--std", "0,1,1", "--mean", "0,0,0"],
            ["--mean", "0.5,0.5", "--std", "1,1"],
            ["--preset", "half", "--resize", "0"],
            ["--preset", "half", "--crop", "-3"],
            ["--preset", "half", "-j", "-1"],
            ["--preset", "half", "--resize", "12xx"],
            ["--mean", "a,b,c", "--std", "1,1,1"],
            ["--preset", "half", "--max-pixels", "0"],
            ["--mean", "nan,0,0", "--std", "1,1,1"],
            ["--mean", "0,0,0"],
        ):
            with self.subTest(flags=flags):
                self.assert_usage("normalize", pictures, *flags, "-o", self.out())
                self.assertFalse(self.out().exists())

    def test_an_unknown_simd_target_is_2(self):
        result = run("stats", self.write_pictures(1), IMNORM_SIMD="avx9")
        self.assert_exit(USAGE, result)
        self.assertIn("avx9", result.stderr)

    def test_pictures_of_different_sizes_without_a_resize_name_the_file_and_the_flag(self):
        self.write("pictures/a.jpg", jpeg(40, 30))
        self.write("pictures/b.jpg", jpeg(50, 30))
        result = run("normalize", self.folder / "pictures", "--preset", "none", "-o", self.out())
        self.assertNotEqual(result.returncode, DONE)
        self.assertIn("b.jpg", result.stderr)
        self.assertIn("--resize", result.stderr)

    def test_strict_stops_at_the_first_bad_picture_and_leaves_nothing(self):
        pictures = self.write_pictures(4)
        self.write("pictures/0000_first.jpg", b"\xff\xd8\xff damage")
        result = run("normalize", pictures, "--preset", "half", "--strict", "-o", self.out())
        self.assertIn(result.returncode, (SOME_FAILED, NOT_DONE))
        self.assertIn("0000_first.jpg", result.stderr)
        self.assertEqual(sorted(os.listdir(self.folder)), ["pictures"])

    def test_strict_without_a_bad_picture_is_0(self):
        pictures = self.write_pictures(3)
        self.assert_exit(
            DONE, run("normalize", pictures, "--preset", "half", "--strict", "-o", self.out())
        )

    def test_a_picture_over_max_pixels_is_refused_by_its_header(self):
        self.write("pictures/small.jpg", jpeg(20, 20))
        self.write("pictures/large.jpg", jpeg(200, 100))
        result = run(
            "normalize",
            self.folder / "pictures",
            "--preset",
            "half",
            "--max-pixels",
            "5000",
            "-o",
            self.out(),
        )
        self.assert_exit(SOME_FAILED, result)
        line = next(line for line in result.stderr.splitlines() if "large.jpg" in line)
        self.assertIn("--max-pixels", line)


if __name__ == "__main__":
    unittest.main()
