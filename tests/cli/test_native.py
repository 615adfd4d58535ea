"""normalize --channels native: bands as they are stored, against numpy and Pillow, band by band."""

import json
import unittest

import numpy as np
from PIL import Image

import stats_reference
from imnorm_test import NOT_DONE, SOME_FAILED, USAGE, ImnormTest, encode, jpeg, manifest_of, run

SIGNED, FLOATS = 2, 3
# What a TIFF stores -> (its sample format, what the file is read as).
STORED = {
    "uint8": (1, "uint8"), "uint16": (1, "uint16"), "uint32": (1, "float64"),
    "int8": (SIGNED, "float32"), "int16": (SIGNED, "float32"), "int32": (SIGNED, "float64"),
    "float16": (FLOATS, "float32"), "float32": (FLOATS, "float32"), "float64": (FLOATS, "float64"),
}  # fmt: skip
SCALE = {"uint8": 255.0, "uint16": 65535.0}


def bands_of(dtype, bands, shape=(31, 23), seed=1):
    """Samples [height][width][bands] over much of a type's range."""
    random = np.random.default_rng(seed)
    if np.dtype(dtype).kind == "f":
        return random.normal(3, 20, (*shape, bands)).astype(dtype)
    limits = np.iinfo(dtype)
    return random.integers(limits.min, limits.max, (*shape, bands), dtype, endpoint=True)


def tiff(array, **options):
    return stats_reference.tiff(array, STORED[array.dtype.name][0], **options)


def png(array):
    return encode(Image.fromarray(np.ascontiguousarray(array)), "PNG")


def words(values):
    return ",".join(map(str, values))


def expected(array, mean, std, scale):
    """As torchvision computes, each operation in float32; [bands][height][width]."""
    x = array.astype(np.float32).transpose(2, 0, 1)
    column = lambda values: np.float32(values).reshape(-1, 1, 1)
    return (x / np.float32(scale) - column(mean)) / column(std)


class Native(ImnormTest):
    def made(self, *paths, code=0, **options):
        flags = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
        out = self.normalize(*paths, "--channels", "native", *flags, "--force", code=code)
        return np.load(out)

    def test_every_type_and_number_of_bands_is_numpys(self):
        for dtype, (_, read_as) in STORED.items():
            for bands in (1, 2, 4, 13):
                for planar in (1, 2) if bands > 1 else (1,):
                    with self.subTest(dtype=dtype, bands=bands, planar=planar):
                        array = bands_of(dtype, bands)
                        order = "<>"[bands % 2]
                        path = self.write("a.tif", tiff(array, planar=planar, order=order))
                        mean, std = np.linspace(-2, 3, bands), np.linspace(0.5, 4, bands)
                        if dtype in SCALE:
                            mean = np.linspace(0.1, 0.9, bands)
                        rows = self.made(path, mean=words(mean), std=words(std))
                        want = expected(array, mean, std, SCALE.get(dtype, 1.0))
                        np.testing.assert_array_equal(rows, want[None])
                        native = manifest_of(self.folder / "out.npy")["plan"]["native"]
                        self.assertEqual(native, {"channels": bands, "type": read_as})

    def test_packed_samples_are_read_in_either_program(self):
        for bits in (9, 10, 12, 14, 15):
            for bands in (1, 3):
                array = np.random.default_rng(bits).integers(0, 2**bits, (17, 13, bands), np.uint16)
                path = self.write("a.tif", tiff(array, bits=bits))
                rows = self.made(path, method="none")
                np.testing.assert_array_equal(rows[0], array.transpose(2, 0, 1).astype(np.float32))
                stats = json.loads(run("stats", path, "--channels", "native").stdout)
                np.testing.assert_allclose(
                    stats["mean"], array.mean((0, 1)) / 65535, rtol=1e-12
                )

    def test_statistics_of_wide_types_are_exact(self):
        for dtype in ("int32", "uint32", "float64", "float16"):
            array = bands_of(dtype, 3)
            stats = json.loads(run("stats", self.write("a.tif", tiff(array)),
                                   "--channels", "native").stdout)  # fmt: skip
            values = array.reshape(-1, 3).astype(np.longdouble)
            np.testing.assert_allclose(stats["mean"], values.mean(0).astype(float), rtol=1e-14)
            np.testing.assert_allclose(stats["std"], values.std(0).astype(float), rtol=1e-13)
            np.testing.assert_array_equal(stats["max"], array.max((0, 1)).astype(float))

    def test_bands_are_resized_as_pillow_resizes_each(self):
        for dtype, mode in (("uint8", "L"), ("float32", "F"), ("int16", "F"), ("float64", "F")):
            array = bands_of(dtype, 5, (40, 52))
            path = self.write("a.tif", tiff(array))
            for name in ("nearest", "box", "bilinear", "hamming", "bicubic", "lanczos"):
                for size in ((20, 17), (70, 90), (52, 17), (11, 40)):
                    resample = getattr(Image.Resampling, name.upper())
                    planes = array.astype(np.uint8 if mode == "L" else np.float32)
                    want = np.stack([
                        np.asarray(Image.fromarray(planes[:, :, c], mode).resize(size, resample))
                        for c in range(5)
                    ])  # fmt: skip
                    rows = self.made(path, resize=f"{size[0]}x{size[1]}", filter=name,
                                     method="none", pillow=11)  # fmt: skip
                    np.testing.assert_array_equal(rows[0], want.astype(np.float32), f"{dtype} {name}")

    def test_floats_are_resized_as_torch_resizes_them(self):
        try:
            import torch
        except ImportError:
            print("SKIPPED: torch is not installed", flush=True)
            self.skipTest("torch is not installed")
        for dtype in ("float32", "int16"):
            array = bands_of(dtype, 5, (45, 33))
            path = self.write("a.tif", tiff(array))
            planes = torch.from_numpy(array.astype(np.float32)).permute(2, 0, 1)[None]
            for mode in ("bilinear", "bicubic"):
                for height, width in ((20, 31), (60, 70), (11, 90)):
                    want = torch.nn.functional.interpolate(
                        planes.contiguous(), (height, width), mode=mode, antialias=True
                    )[0].numpy()
                    rows = self.made(path, like="torch-float", filter=mode, method="none",
                                     resize=f"{width}x{height}")  # fmt: skip
                    # Releases differ in their last bits; imnorm has those of 2.15.
                    np.testing.assert_allclose(rows[0], want, atol=1e-5 * abs(array).max())

    def test_uint16_bands_are_resized_as_grey_pictures_of_16_bits(self):
        array = bands_of("uint16", 3, (40, 52))
        path = self.write("a.tif", tiff(array, planar=2))
        rows = self.made(path, resize=24, crop=20, mean=0.5, std=0.25)
        for c in range(3):
            grey = self.write(f"{c}.png", png(array[:, :, c]))
            out = self.normalize(grey, "--channels", "gray", "--depth", "16", "--resize", "24",
                                 "--crop", "20", "--mean", "0.5", "--std", "0.25", out="g.npy",
                                 )  # fmt: skip
            np.testing.assert_array_equal(rows[0, c], np.load(out)[0, 0])
            out.unlink()

    def test_nodata_becomes_the_mean(self):
        for dtype, hole in (("float32", -9999.0), ("int16", -9999), ("uint16", 7), ("uint8", 0)):
            array = bands_of(dtype, 2, (40, 40))
            array[array == hole] += 1
            array[3:30, 5:35, 0] = hole
            array[3:9, 5:35, 1] = hole
            path = self.write("a.tif", tiff(array, nodata=str(hole)))
            mean = (0.25, 0.5) if dtype in SCALE else (12.5, -3)
            rows = self.made(path, mean=words(mean), std=2)
            scale = SCALE.get(dtype, 1.0)
            filled = array.astype(np.float64)
            for c in range(2):
                value = mean[c] * scale
                filled[:, :, c][array[:, :, c] == hole] = np.rint(value) if scale > 1 else value
            np.testing.assert_array_equal(rows[0], expected(filled, mean, [2, 2], scale))
            self.assertLess(abs(rows[0, 0, 10, 10]), 1 / scale if scale > 1 else 1e-9)
            self.assertEqual(manifest_of(self.folder / "out.npy")["notes"], {"nodata_filled": 1})
            # Nothing of it is mixed into what stands beside it.
            small = self.made(path, resize="10x10", mean=words(mean), std=2)
            low, high = rows.min(), rows.max()
            self.assertTrue((small >= low).all() and (small <= high).all())

    def test_one_run_takes_one_kind_whatever_the_order_and_the_shard(self):
        kinds = {"a": bands_of("uint16", 5), "b": bands_of("uint16", 5, seed=2),
                 "c": bands_of("uint16", 4), "d": bands_of("uint8", 5), "e": bands_of("float32", 5)}  # fmt: skip
        for name, array in kinds.items():
            self.write(f"p/{name}.tif", tiff(array, planar=2))
        self.write("p/f.jpg", jpeg(23, 31))
        rows = self.made(self.folder / "p", mean=0.5, std=0.25, code=SOME_FAILED)
        self.assertEqual(rows.shape, (2, 5, 31, 23))
        items = manifest_of(self.folder / "out.npy")["items"]
        reasons = [i["reason"] for i in items if "error" in i]
        self.assertEqual(len(reasons), 4)
        self.assertIn("4 x uint16, where the first good picture has 5 x uint16", reasons[0])
        shard = self.normalize(self.folder / "p", "--channels", "native", "--mean", "0.5", "--std",
                               "0.25", "--shard", "2/3", out="s.npy", code=NOT_DONE)  # fmt: skip
        self.assertFalse(shard.exists())  # pictures 3 and 4 are of other kinds than the first

    def test_statistics_of_a_run_normalise_it_to_0_and_1(self):
        for dtype in ("uint16", "float32", "int32"):
            array = bands_of(dtype, 6, (50, 60))
            path = self.write("a.tif", tiff(array, planar=2))
            for stats in ("auto", self.folder / "s.json"):
                if stats != "auto":
                    done = run("stats", path, "--channels", "native", "-o", stats, "--force")
                    self.assert_exit(0, done)
                rows = self.made(path, stats=stats).astype(np.float64)
                self.assertLess(abs(rows.mean((0, 2, 3))).max(), 1e-5)
                self.assertLess(abs(rows.std((0, 2, 3)) - 1).max(), 1e-5)

    def test_layers_normalise_bands(self):
        for dtype in ("uint8", "uint16", "float32"):
            arrays = [bands_of(dtype, 6, seed=seed) for seed in range(4)]
            for i, array in enumerate(arrays):
                self.write(f"p/{i}.tif", tiff(array, planar=2))
            x = np.stack(arrays).transpose(0, 3, 1, 2) / SCALE.get(dtype, 1.0)
            for method, axes in (("batch", (0, 2, 3)), ("instance", (2, 3)), ("layer", (1, 2, 3))):
                rows = self.made(self.folder / "p", method=method)
                mean, var = x.mean(axes, keepdims=True), x.var(axes, keepdims=True)
                np.testing.assert_allclose(
                    rows, (x - mean) / np.sqrt(var + 1e-5), atol=3e-5, err_msg=f"{dtype} {method}"
                )

    def test_a_row_is_made_again_by_its_manifest(self):
        for dtype in STORED:
            self.write("p/a.tif", tiff(bands_of(dtype, 5)))
            rows = self.made(self.folder / "p", mean=0.5, std=2, resize="9x7")
            out = self.folder / "out.npy"
            found = run("compare", out, self.folder / "p")
            self.assert_exit(0, found)
            self.assertTrue(json.loads(found.stdout)["equal"], dtype)
            again = self.normalize(self.folder / "p", "--config", f"{out}.manifest.json", "--force",
                                   out="again.npy")  # fmt: skip
            np.testing.assert_array_equal(np.load(again), rows)

    def test_where_no_picture_is_good_each_says_why(self):
        for name in "ab":
            self.write(f"p/{name}.tif", b"II*\0" + bytes(60))
        result = run("normalize", self.folder / "p", "--channels", "native", "--mean", "1,2,3,4,5",
                     "--std", "1", "--scale", "1", "-o", self.folder / "x.npy")  # fmt: skip
        self.assert_exit(NOT_DONE, result)
        for name in "ab":
            self.assertIn(f"{name}.tif: corrupt", result.stderr)

    def test_nodata_beyond_the_range_of_floats_is_their_end(self):
        array = bands_of("float32", 1)
        array[3, 4] = np.finfo(np.float32).min
        path = self.write("a.tif", tiff(array, nodata="-3.4028234663852887e+38"))
        self.assertEqual(self.made(path, mean=12, std=2)[0, 0, 3, 4], 0)
        array[3, 4] = -np.inf
        path = self.write("a.tif", tiff(array, nodata="-1e300"))
        self.assertEqual(self.made(path, mean=12, std=2)[0, 0, 3, 4], 0)

    def test_samples_that_are_no_numbers_and_pads_are_told(self):
        array = bands_of("float32", 2)
        array[4, 5] = [np.nan, np.inf]
        path = self.write("a.tif", tiff(array))
        rows = self.made(path, mean=1, std=2, crop=40)
        self.assertEqual(rows.shape, (1, 2, 40, 40))
        self.assertTrue((rows[0, :, 0] == 0).all())
        self.assertEqual(np.isnan(rows).sum(), 1)
        self.assertEqual(manifest_of(self.folder / "out.npy")["notes"]["samples_not_finite"], 2)
        self.made(path, method="batch")
        self.assertEqual(manifest_of(self.folder / "out.npy")["notes"]["samples_not_finite"], 2)

    def test_colour_pictures_are_what_they_are_without_native(self):
        self.write("p/a.png", png(np.random.default_rng(1).integers(0, 255, (20, 30, 3), np.uint8)))
        self.write("p/b.jpg", jpeg(30, 20))
        plain = np.load(self.normalize(self.folder / "p", "--mean", "0.5", "--std", "0.3"))
        np.testing.assert_array_equal(self.made(self.folder / "p", mean=0.5, std=0.3), plain)

    def test_what_does_not_go_with_bands_is_refused(self):
        path = self.write("a.tif", tiff(bands_of("float32", 5)))
        for flags, words in (
            (["--preset", "imagenet"], "3 values for 5 channels"),
            (["--mean", "1,2", "--std", "1"], "2 values for 5 channels"),
            (["--mean", "0", "--std", "1", "--like", "torch", "--resize", "8"], "8-bit"),
        ):
            result = run("normalize", path, "--channels", "native", *flags, "-o",
                         self.folder / "x.npy")  # fmt: skip
            self.assert_exit(USAGE, result)
            self.assertIn(words, result.stderr)
            self.assertFalse((self.folder / "x.npy").exists())
        self.assert_exit(USAGE, run("stats", path, "--channels", "native", "--resize", "8"))


if __name__ == "__main__":
    unittest.main()
