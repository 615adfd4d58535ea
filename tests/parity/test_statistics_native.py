"""`imnorm stats --channels native`: every band of every kind as the file stores it."""

import json
import unittest

import numpy as np
from PIL import Image

from imnorm_test import NOT_DONE, SOME_FAILED, USAGE, encode, jpeg, pixels, run
from stats_reference import StatsTest, Sums, number_of, tiff


def bands(seed, dtype, count, width=23, height=17):
    rng = np.random.default_rng(seed)
    if dtype == np.float32:
        return rng.normal(0, 1e3, (height, width, count)).astype(dtype)
    return rng.integers(0, np.iinfo(dtype).max, (height, width, count), dtype, endpoint=True)


class NativeStatistics(StatsTest):
    def native(self, *arguments, **options):
        return self.stats(*arguments, "--channels", "native", **options)

    def write_tiffs(self, arrays):
        for i, array in enumerate(arrays):
            self.write(f"pictures/{i}.tif", tiff(array, 3 if array.dtype == np.float32 else 1))
        return self.folder / "pictures"

    def test_bands_of_bytes_words_and_floats_have_pythons_sums(self):
        for dtype, samples in ((np.uint8, "uint8"), (np.uint16, "uint16"), (np.float32, "float")):
            for count in (1, 2, 4, 5, 9):
                with self.subTest(samples=samples, bands=count):
                    array = bands(count, dtype, count)
                    path = self.write("a.tif", tiff(array, 3 if samples == "float" else 1))
                    stats = self.native(path)
                    self.assert_sums(stats, Sums([array]))
                    self.assertEqual(stats["samples"], samples)
                    self.assertEqual(stats["channel_order"], "native")
                    self.assertEqual(len(stats["channels"]), count)

    def test_more_bands_than_have_pairs_keep_their_sums(self):
        array = bands(1, np.uint8, 80, 5, 4)
        stats = self.native(self.write("a.tif", tiff(array)))
        self.assertNotIn("covariance", stats)
        flat = array.reshape(-1, 80).astype(int)
        self.assertEqual(list(map(int, stats["exact"]["sum"])), flat.sum(axis=0).tolist())

    def test_a_float_set_is_exact_in_any_order_and_any_shards(self):
        arrays = [bands(i, np.float32, 3) for i in range(11)]
        arrays[4][0, 0] = 1e16
        arrays[7][:] = 1e-3
        arrays[9][3, 3] = -1e16
        folder = self.write_tiffs(arrays)
        whole = self.stats_text(folder, "--channels", "native", "-j", "1")
        self.assertEqual(whole, self.stats_text(folder, "--channels", "native", "-j", "7"))
        self.assert_sums(json.loads(whole), Sums(arrays))
        parts = []
        for i in range(1, 6):
            part = self.folder / f"{i}.json"
            part.write_text(
                self.stats_text(folder, "--channels", "native", "--shard", f"{i}/5")
            )
            parts.append(part)
        self.assertEqual(run("merge", *parts[::-1]).stdout, whole)

    def test_nan_and_infinity_in_float_pictures_are_counted_and_named(self):
        arrays = [bands(i, np.float32, 2) for i in range(3)]
        bad = arrays[1].copy()
        bad[0, 0, 0], bad[1, 1, 1], bad[2, 2, 1] = np.nan, np.inf, -np.inf
        stats = self.native(self.write_tiffs([arrays[0], bad, arrays[2]]))
        nonfinite = stats["nonfinite"]
        self.assertEqual(nonfinite["pixels"], 3)
        self.assertEqual(nonfinite["nan"], [1, 0])
        self.assertEqual(nonfinite["positive_infinity"], [0, 1])
        self.assertEqual(nonfinite["negative_infinity"], [0, 1])
        self.assertEqual([f["index"] for f in nonfinite["first"]], [1])
        self.assertTrue(nonfinite["first"][0]["path"].endswith("1.tif"))
        kept = bad.reshape(-1, 2)[np.isfinite(bad.reshape(-1, 2)).all(axis=1)]
        self.assert_sums(stats, Sums([arrays[0], kept, arrays[2]]))

    def test_the_first_good_picture_of_the_list_decides_and_others_fail_by_reason(self):
        five = bands(1, np.uint16, 5)
        self.write("pictures/0.tif", b"II*\0 cut")
        self.write("pictures/1.tif", tiff(five))
        self.write("pictures/2.tif", tiff(bands(2, np.uint16, 4)))
        self.write("pictures/3.tif", tiff(bands(3, np.uint8, 5)))
        self.write("pictures/4.jpg", jpeg())
        stats = self.native(self.folder / "pictures", code=SOME_FAILED)
        self.assert_sums(stats, Sums([five]))
        self.assertEqual([f["index"] for f in stats["failed"]], [0, 2, 3, 4])
        reasons = [f["reason"] for f in stats["failed"]]
        self.assertIn("4 x uint16, where the first good picture has 5 x uint16", reasons[1])
        self.assertIn("5 x uint8", reasons[2])
        self.assertIn("3 x uint8", reasons[3])

    def test_every_shard_measures_what_the_first_good_picture_of_the_list_says(self):
        folder = self.write_tiffs([bands(0, np.uint8, 2), bands(1, np.uint8, 4),
                                   bands(2, np.uint8, 4), bands(3, np.uint8, 2)])
        whole = self.stats_text(folder, "--channels", "native", code=SOME_FAILED)
        parts = []
        for i in range(1, 5):
            parts.append(self.folder / f"{i}.json")
            run("stats", folder, "--channels", "native", "--shard", f"{i}/4", "-o", parts[-1])
        merged = run("merge", *parts)
        self.assert_exit(SOME_FAILED, merged)
        self.assertEqual(merged.stdout, whole)

    def test_grey_and_colour_files_are_what_they_are(self):
        grey = Image.fromarray(pixels(31, 20, 2)[..., 0])
        rgb = Image.fromarray(pixels(31, 20, 3))
        for kind in ("PNG", "JPEG", "TIFF", "BMP"):
            for picture, channels in ((grey, 1), (rgb, 3)):
                with self.subTest(kind=kind, channels=channels):
                    path = self.write("a.pic", encode(picture, kind))
                    with Image.open(path) as opened:
                        decoded = np.asarray(opened).reshape(20, 31, channels)
                    self.assert_sums(self.native(path), Sums([decoded]))

    def test_16_bit_samples_are_kept_unless_depth_8_is_asked_for(self):
        array = bands(5, np.uint16, 1)
        path = self.write("a.png", encode(Image.fromarray(array[..., 0]), "PNG"))
        self.assert_sums(self.native(path), Sums([array]))
        self.assert_sums(self.native(path, "--depth", "8"), Sums([array >> 8]))

    def test_bands_that_are_no_picture_name_the_flag_that_measures_them(self):
        bands = np.zeros((4, 5, 5), np.uint8)
        path = self.write("bands.tif", tiff(bands))
        result = run("stats", path)
        self.assert_exit(NOT_DONE, result)
        self.assertIn("--channels native", result.stderr)

    def test_a_fourth_band_is_no_alpha(self):
        array = bands(6, np.uint8, 4)
        array[..., 3][::2] = 0
        path = self.write("a.tif", tiff(array))
        self.assert_sums(self.native(path, "--alpha", "mask"), Sums([array]))

    def test_an_ignored_value_may_be_negative_in_float_pictures(self):
        array = bands(7, np.float32, 1)
        array[3:9, 2:5] = -9999
        path = self.write("a.tif", tiff(array, 3))
        kept = array[array != -9999].reshape(-1, 1)
        self.assert_sums(self.native(path, "--ignore-value", "-9999"), Sums([kept]))

    def test_each_band_may_have_its_ignored_value(self):
        array = bands(8, np.uint16, 5)
        array[2, 3] = [1, 2, 3, 4, 65535]
        path = self.write("a.tif", tiff(array))
        flat = array.reshape(-1, 5)
        kept = flat[(flat != [1, 2, 3, 4, 65535]).any(axis=1)]
        self.assert_sums(self.native(path, "--ignore-value", "1,2,3,4,65535"), Sums([kept]))
        self.assert_exit(
            USAGE, run("stats", path, "--channels", "native", "--ignore-value", "1,2,3"))

    def test_per_picture_rows_of_floats_are_their_own_numbers(self):
        arrays = [bands(i, np.float32, 2) for i in range(3)]
        rows = self.folder / "rows.jsonl"
        self.native(self.write_tiffs(arrays), "--per-image", rows)
        for line, array in zip(rows.read_text().splitlines(), arrays, strict=True):
            row = json.loads(line)
            self.assertEqual(row["mean"], [float(Sums([array]).mean(c)) for c in range(2)])

    def test_signed_bands_are_measured_exactly(self):
        array = np.random.default_rng(4).integers(-32768, 32767, (9, 8, 3)).astype(np.int16)
        stats = self.native(self.write("a.tif", tiff(array, 2)))
        self.assertEqual([number_of(t) for t in stats["exact"]["sum"]],
                         [int(v) for v in array.reshape(-1, 3).astype(int).sum(axis=0)])

    def test_what_native_excludes_is_said(self):
        path = self.write("a.tif", tiff(bands(1, np.float32, 2), 3))
        for flags, word in ((["--histogram"], "--histogram"), (["--resize", "8"], "--resize"),
                            (["--crop", "4"], "--crop"), (["--preset", "imagenet"], "--preset")):
            with self.subTest(flags=flags):
                result = run("stats", path, "--channels", "native", *flags)
                self.assert_exit(USAGE, result)
                self.assertIn(word, result.stderr)

    def test_a_printed_native_plan_reads_back(self):
        path = self.write("a.tif", tiff(bands(1, np.uint8, 5)))
        printed = run("stats", path, "--channels", "native", "--print-plan")
        plan = json.loads(printed.stdout)
        self.assertEqual((plan["channels"], plan["depth"]), ("native", 16))
        file = self.write("plan.json", printed.stdout.encode())
        self.assert_sums(self.stats(path, "--preset", file), Sums([bands(1, np.uint8, 5)]))


if __name__ == "__main__":
    unittest.main()
