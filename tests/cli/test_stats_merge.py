"""Equal pictures give equal bytes: any threads, any order of the list, any shards."""

import json
import os
import random
import unittest

from imnorm_test import (
    DONE, NOT_DONE, SOME_FAILED, USAGE, jpeg, pictures_of_all_kinds, png, run,
)
from stats_reference import StatsTest


class Merging(StatsTest):
    def write_set(self):
        """About forty pictures of all kinds in two classes, some of them bad."""
        self.write_all(pictures_of_all_kinds(60, 45), "set/kinds")
        for i in range(12):
            self.write(f"set/plain/{i:02}.jpg", jpeg(40 + 3 * i, 30 + i, i))
        self.write("set/kinds/a_cut.jpg", jpeg()[:300])
        self.write("set/plain/05_bad.png", b"not a picture")
        self.write("set/top.png", png(9, 9))
        self.write("set/plain/passed_over.txt", b"no picture and none expected")
        return self.folder / "set"

    def shards(self, count, *arguments):
        parts = []
        for i in range(1, count + 1):
            part = self.folder / f"part-{i}-of-{count}.json"
            result = run("stats", *arguments, "--shard", f"{i}/{count}", "-o", part, "--force")
            self.assertIn(result.returncode, (DONE, SOME_FAILED, NOT_DONE), result.stderr)
            self.assert_valid(json.loads(part.read_text()))
            parts.append(part)
        return parts

    def assert_same_bytes(self, *arguments, counts=(2, 3, 5, 17)):
        whole = self.stats_text(*arguments, "-j", "1", code=SOME_FAILED)
        for threads in ("2", "7"):
            self.assertEqual(
                self.stats_text(*arguments, "-j", threads, code=SOME_FAILED), whole)
        for count in counts:
            parts = self.shards(count, *arguments)
            random.Random(count).shuffle(parts)
            merged = run("merge", *parts)
            self.assert_exit(SOME_FAILED, merged)
            self.assertEqual(merged.stdout, whole, f"{count} shards")
        return json.loads(whole)

    def test_threads_and_shards_change_no_byte(self):
        stats = self.assert_same_bytes(self.write_set())
        self.assertEqual(len(stats["failed"]), 2)

    def test_nor_with_classes_histograms_and_percentiles(self):
        stats = self.assert_same_bytes(
            self.write_set(), "--per-class", "--histogram", "--percentiles", "0.5,50,99.5",
            counts=(3, 17))
        self.assertEqual(sorted(stats["per_class"]), ["", "kinds", "plain"])

    def test_nor_after_a_preset_by_image_with_samples(self):
        self.assert_same_bytes(
            self.write_set(), "--preset", "imagenet", "--weight", "image", "--ddof", "1",
            "--sample", "38", "--seed", "5", counts=(5,))

    def test_nor_with_16_bit_samples(self):
        self.assert_same_bytes(self.write_set(), "--depth", "16", "--per-class", counts=(5,))

    def test_the_order_in_which_files_are_listed_changes_no_byte(self):
        folder = self.write_set()
        paths = [str(p) for p in sorted(folder.rglob("*.*")) if p.suffix != ".txt"]
        outputs = set()
        for seed in range(3):
            random.Random(seed).shuffle(paths)
            listed = self.write("list.txt", "\n".join(paths).encode())
            outputs.add(self.stats_text("--files-from", listed, code=SOME_FAILED))
            outputs.add(self.stats_text("--files-from", "-", "-0", code=SOME_FAILED,
                                        stdin="\0".join(paths)))
        self.assertEqual(len(outputs), 1)

    def test_partial_merges_merge_again(self):
        folder = self.write_set()
        parts = self.shards(5, folder)
        half = self.folder / "half.json"
        result = run("merge", parts[4], parts[1], "--allow-missing", "-o", half)
        self.assertIn(result.returncode, (DONE, SOME_FAILED))
        self.assertEqual(json.loads(half.read_text())["exact"]["shards"],
                         {"count": 5, "have": [2, 5]})
        merged = run("merge", half, parts[0], parts[3], parts[2])
        self.assertEqual(merged.stdout, self.stats_text(folder, code=SOME_FAILED))

    def test_the_unmerged_file_of_a_whole_run_merges_to_itself(self):
        folder = self.write_set()
        whole = self.folder / "whole.json"
        self.assert_exit(SOME_FAILED, run("stats", folder, "-o", whole))
        merged = run("merge", whole, "-o", self.folder / "again.json")
        self.assert_exit(SOME_FAILED, merged)
        self.assertEqual((self.folder / "again.json").read_bytes(), whole.read_bytes())

    def assert_refused(self, parts, *words):
        out = self.folder / "merged.json"
        result = run("merge", *parts, "-o", out)
        self.assert_exit(USAGE, result)
        self.assertEqual(result.stdout, "")
        self.assertFalse(out.exists())
        for word in words:
            self.assertIn(word, result.stderr)

    def test_missing_and_duplicate_shards_are_named(self):
        parts = self.shards(5, self.write_set())
        self.assert_refused([parts[0], parts[2], parts[4]], "2, 4", "--allow-missing")
        self.assert_refused(parts[:4], "5 of 5")
        self.assert_refused([*parts, parts[3]], "4/5", "twice")
        self.assertEqual(
            run("merge", parts[0], parts[2], "--allow-missing").returncode & ~1, DONE)

    def test_long_runs_of_missing_shards_are_named_by_their_ends(self):
        parts = self.shards(12, self.write_set())
        self.assert_refused([parts[4], parts[10]], "1 to 4, 6 to 10, 12 of 12")
        self.assert_refused([parts[0], *parts[3:]], "2, 3 of 12")

    def test_the_files_that_do_not_fit_together_are_named(self):
        first = self.shards(2, self.write_set())
        second = self.folder / "other.json"
        run("stats", self.folder / "set", "--shard", "2/2", "--ddof", "1", "-o", second)
        self.assert_refused([*first, second], str(first[0]), "other.json")
        self.assert_refused([first[0], first[1], first[0]], str(first[0]), "twice")
        third = self.folder / "third.json"
        run("stats", self.folder / "set", "--shard", "2/3", "-o", third)
        self.assert_refused([*first, third], str(first[0]), "third.json")

    def test_another_list_is_refused(self):
        first = self.shards(2, self.write_set())
        self.write("set/new.png", png())
        second = self.folder / "second.json"
        run("stats", self.folder / "set", "--shard", "2/2", "-o", second)
        self.assert_refused([first[0], second], "input lists")

    def test_another_plan_or_setting_is_refused_and_said(self):
        folder = self.write_set()
        first = self.shards(2, folder)[0]
        for flags, word in (
            (["--resize", "32"], "pixels"), (["--ddof", "1"], "ddof"), (["--scale", "1"], "scale"),
            (["--weight", "image"], "weight"), (["--std-of", "image-mean"], "std-of"),
            (["--channels", "gray"], "channels"), (["--depth", "16"], "samples"),
            (["--histogram"], "histogram"), (["--per-class"], "per-class"),
            (["--exif", "apply"], "plan"), (["--ignore-value", "3"], "pixels"),
        ):
            with self.subTest(flags=flags):
                second = self.folder / "second.json"
                run("stats", folder, *flags, "--shard", "2/2", "-o", second, "--force")
                self.assert_refused([first, second], word)

    def test_what_is_no_partial_is_refused_by_name(self):
        text = self.write("notes.json", b"{\"schema\": \"something else\"}")
        self.assert_refused([text], "notes.json")
        self.assert_refused([self.folder / "absent.json"], "absent.json")
        self.assert_refused([self.write("cut.json", b"{\"schema\": \"imnorm.st")], "cut.json")

    def test_the_output_is_not_overwritten_unasked(self):
        parts = self.shards(2, self.write_set())
        out = self.write("merged.json", b"mine")
        self.assert_exit(USAGE, run("merge", *parts, "-o", out))
        self.assertEqual(out.read_bytes(), b"mine")
        self.assert_exit(SOME_FAILED, run("merge", *parts, "-o", out, "--force"))
        self.assert_valid(json.loads(out.read_text()))

    def test_failures_of_all_shards_are_in_the_merge(self):
        folder = self.write_set()
        merged = run("merge", *self.shards(17, folder))
        names = [os.path.basename(f["path"]) for f in json.loads(merged.stdout)["failed"]]
        self.assertEqual(names, ["a_cut.jpg", "05_bad.png"])

    def test_without_a_good_picture_nothing_is_printed_or_written(self):
        folder = self.write("bad/a.jpg", b"nothing").parent
        out, rows = self.folder / "out.json", self.folder / "rows.jsonl"
        result = run("stats", folder, "-o", out, "--per-image", rows)
        self.assert_exit(NOT_DONE, result)
        self.assertEqual(result.stdout, "")
        self.assertFalse(out.exists())
        self.assertFalse(rows.exists())
        for flags in (["--channels", "native"], ["--emit", "json"], ["--emit", "torchvision"]):
            result = run("stats", folder, *flags)
            self.assert_exit(NOT_DONE, result)
            self.assertEqual(result.stdout, "")

    def test_a_shard_without_a_good_picture_is_kept_for_the_merge(self):
        self.write("set/a.jpg", b"nothing")
        self.write("set/b.jpg", jpeg())
        folder = self.folder / "set"
        parts = [self.folder / "1.json", self.folder / "2.json"]
        self.assert_exit(NOT_DONE, run("stats", folder, "--shard", "1/2", "-o", parts[0]))
        self.assert_exit(DONE, run("stats", folder, "--shard", "2/2", "-o", parts[1]))
        merged = run("merge", *parts)
        self.assert_exit(SOME_FAILED, merged)
        self.assertEqual(merged.stdout, self.stats_text(folder, code=SOME_FAILED))

    def test_a_merge_without_a_good_picture_is_like_the_run_itself(self):
        self.write("bad/a.jpg", b"nothing")
        self.write("bad/b.jpg", b"nothing")
        parts = []
        for i in (1, 2):
            parts.append(self.folder / f"{i}.json")
            run("stats", self.folder / "bad", "--shard", f"{i}/2", "-o", parts[-1])
        out = self.folder / "out.json"
        result = run("merge", *parts, "-o", out)
        self.assert_exit(NOT_DONE, result)
        self.assertEqual(result.stdout, "")
        self.assertFalse(out.exists())
        self.assertIn("2 failed", result.stderr)


if __name__ == "__main__":
    unittest.main()
