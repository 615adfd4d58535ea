"""The words of the command line: what is refused, and how it is said."""

import unittest

from imnorm_test import DONE, USAGE, ImnormTest, jpeg, run


class Words(ImnormTest):
    def assert_refused(self, *arguments, words):
        result = run(*arguments)
        self.assert_exit(USAGE, result)
        self.assertEqual(result.stdout, "")
        self.assertEqual(len(result.stderr.strip().splitlines()), 1, result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)

    def test_an_unknown_command_is_named_with_those_there_are(self):
        self.assert_refused("train", "x.npy", words=["unknown command", "train", "normalize"])
        self.assert_refused("normalise", words=["unknown command", 'did you mean "normalize"'])

    def test_without_any_argument_it_prints_short_help_and_is_wrong_usage(self):
        result = run()
        self.assert_exit(USAGE, result)
        self.assertEqual(result.stdout, "")
        lines = result.stderr.splitlines()
        self.assertLess(len(lines), 25)
        self.assertTrue(all(len(line) <= 80 for line in lines))
        for word in ("Usage: imnorm ", "stats", "merge", "normalize", "inspect", "compare", "verify", "preview", "report", "presets", "--help"):
            self.assertIn(word, result.stderr)

    def test_an_unknown_flag_before_the_command_is_named(self):
        self.assert_refused("--verison", words=["--verison", "did you mean --version"])
        self.assert_refused("-q", "stats", words=["-q"])

    def test_help_shows_the_command_as_it_is_typed(self):
        for command in ("stats", "merge", "normalize", "inspect", "compare", "verify", "preview", "report", "presets"):
            self.assertIn(f"Usage: imnorm {command} ", run(command, "--help").stdout)

    def test_of_an_option_given_twice_the_last_counts(self):
        self.write("a/x.jpg", jpeg(30, 20))
        self.write("a/y.png", jpeg(30, 20))
        self.write("a/z.tif", jpeg(30, 20))
        stats = self.stats(self.folder / "a", "--crop", "9", "--ddof", "0", "--crop", "8x5",
                           "--ddof", "1", "-j", "2", "-j", "1", "-q", "-q")
        self.assertEqual((stats["pixels"], stats["ddof"]), (3 * 40, 1))
        # What is a list grows.
        more = ("--exclude", "x*", "--exclude", "y*")
        self.assertEqual(self.stats(self.folder / "a", *more)["images"], 1)
        more = ("--ext", "jpg", "--ext", "png")
        self.assertEqual(self.stats(self.folder / "a", *more)["images"], 2)

    def test_a_list_with_spaces_is_refused_with_the_word_to_write(self):
        path = self.write("a.jpg", jpeg())
        for written in (["0.5", "0.4", "0.3"], ["0.5,", "0.4,", "0.3"], ["0.5,0.4", "0.3"]):
            for flag in ("--mean", "--std"):
                self.assert_refused("normalize", path, flag, *written, "-o", "x.npy",
                                    words=[f"{flag} 0.5,0.4,0.3"])
        self.assert_refused("normalize", "--mean", "-1", "-2", path, words=["--mean -1,-2"])
        self.assert_refused("stats", path, "--ignore-value", "0", "0", "0", words=["0,0,0"])
        for flag in ("--resize", "--crop"):
            self.assert_refused("stats", flag, "224", "200", path, words=[f"{flag} 224x200"])
        # A file may be called so.
        self.write("0.5", jpeg())
        out = self.folder / "out.npy"
        flags = ["--resize", "8x8", "--mean", "0.5", "0.5", "--std", "1", "-o", out]
        self.assert_exit(DONE, run("normalize", *flags, cwd=self.folder))

    def test_a_count_below_0_is_refused_not_a_very_large_one(self):
        path = self.write("a.jpg", jpeg())
        for flag in ("--sample", "--seed", "--num-shards"):
            self.assert_refused("stats", path, flag, "-3", words=[flag, "-3", "whole number"])

    def test_a_number_is_read_as_written_or_refused_with_what_would_be_one(self):
        path = self.write("a.jpg", jpeg())
        for flags in (["-j", "x"], ["-j", "1.5"], ["--max-pixels", "1e6"], ["--ddof", "one"],
                      ["--sample", "0x10"], ["--sample", "99999999999999999999"], ["-j", ""]):
            self.assert_refused("stats", path, *flags, words=[flags[1], "whole number"])
        for flags in (["--scale", "x"], ["--until", "1%"], ["--scale", "1e999"]):
            self.assert_refused("stats", path, *flags, words=[flags[0], flags[1], "number"])
        # No octal numbers: 010 pixels are 10, not 8.
        nine = self.write("nine.jpg", jpeg(3, 3))
        self.assert_exit(DONE, run("stats", nine, "--max-pixels", "010"))


if __name__ == "__main__":
    unittest.main()
