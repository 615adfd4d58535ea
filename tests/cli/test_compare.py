"""imnorm compare: differences against numpy's, and causes on made cases, each on its own alone."""

import json
import unittest

import numpy as np
from PIL import Image

from imnorm_test import DONE, NOT_DONE, USAGE, ImnormTest, encode, jpeg, pixels, png, run
from made_differences import BY_VALUES, causes, make, turbojpeg

DIFFERENT = 1


class Compare(ImnormTest):
    def save(self, name, array):
        path = self.folder / name
        if name.endswith(".npz"):
            np.savez(path, a=array)
        else:
            np.save(path, array)
        return path

    def compare(self, *arguments, code=DIFFERENT, **options):
        result = run("compare", *arguments, **options)
        self.assert_exit(code, result)
        return json.loads(result.stdout)

    def random(self, shape=(4, 3, 9, 7), seed=0, dtype=np.float32):
        return np.random.default_rng(seed).normal(0, 2, shape).astype(dtype)

    def test_a_tensor_equals_itself_in_every_format(self):
        array = self.random()
        array[0, 0, 0, 0] = np.nan
        a, b = self.save("a.npy", array), self.save("b.npz", array)
        found = self.compare(a, b, code=DONE)
        self.assertTrue(found["equal"])
        self.assertEqual(found["ulp"], [{"up_to": 0, "values": array.size}])
        self.assertEqual((found["max_abs"], found["first"], found["worst"]), (0, None, None))

    def test_numbers_are_numpys(self):
        a, b = self.random(), self.random(seed=1)
        b[0] = a[0]
        b[2, 1, 3, 4] += 40
        found = self.compare(self.save("a.npy", a), self.save("b.npy", b))
        x, y = a.astype(np.float64), b.astype(np.float64)
        d = y - x
        self.assertEqual(found["max_abs"], abs(d).max())
        self.assertAlmostEqual(found["mean_abs"], abs(d).mean(), delta=1e-12)
        cosine = (x * y).sum() / np.sqrt((x * x).sum() * (y * y).sum())
        self.assertAlmostEqual(found["cosine"], cosine, delta=1e-12)
        self.assertEqual((found["rows"], found["rows_different"]), (4, 3))
        self.assertEqual(found["different"], (d != 0).sum())
        first = tuple(np.argwhere(d != 0)[0])
        place = found["first"]
        self.assertEqual((place["n"], place["c"], place["y"], place["x"]), first)
        self.assertEqual((place["a"], place["b"]), (x[first], y[first]))
        worst = found["worst"]
        self.assertEqual((worst["n"], worst["c"], worst["y"], worst["x"]), (2, 1, 3, 4))
        for c in range(3):
            self.assertAlmostEqual(found["channels"][c]["bias"], d[:, c].mean(), delta=1e-12)
            self.assertEqual(found["channels"][c]["max_abs"], abs(d[:, c]).max())

    def test_distances_in_representable_values_are_numpys(self):
        for dtype, bits in ((np.float32, np.int32), (np.float16, np.int16), (np.float64, np.int64)):
            a = self.random((1, 1, 40, 40), dtype=dtype)
            steps = np.random.default_rng(3).integers(0, 9, a.shape).astype(bits)
            b = (a.view(bits) + steps).view(dtype)
            found = self.compare(self.save("a.npy", a), self.save("b.npy", b))
            self.assertEqual(found["max_ulp"], steps.max())
            expected, low = {}, -1
            for most in (0, 1, 2, 4, 8):
                expected[most] = ((steps > low) & (steps <= most)).sum()
                low = most
            self.assertEqual({bin["up_to"]: bin["values"] for bin in found["ulp"]}, expected)
            self.compare(self.folder / "a.npy", self.folder / "b.npy", "--ulp", "8", code=DONE)
            self.compare(self.folder / "a.npy", self.folder / "b.npy", "--ulp", "7")
        # Across zero, and the zeros themselves.
        a = np.array([[0.0, 1e-45]], np.float32)
        b = np.array([[-0.0, -1e-45]], np.float32)
        found = self.compare(self.save("a.npy", a), self.save("b.npy", b))
        self.assertEqual((found["different"], found["max_ulp"]), (1, 2))
        a, b = np.array([[1, 250]], np.uint8), np.array([[3, 0]], np.uint8)
        self.assertEqual(self.compare(self.save("a.npy", a), self.save("b.npy", b))["max_ulp"], 250)

    def test_what_is_within_the_tolerance_is_equal(self):
        a = self.random()
        b = a + np.float32(1e-4)
        paths = self.save("a.npy", a), self.save("b.npy", b)
        self.compare(*paths)
        self.compare(*paths, "--atol", "2e-4", code=DONE)
        self.compare(*paths, "--atol", "5e-5")
        scaled = self.save("c.npy", a * np.float32(1.001))
        self.compare(paths[0], scaled, "--rtol", "2e-3", code=DONE)
        self.compare(paths[0], scaled, "--rtol", "5e-4")

    def test_nan_and_infinities_are_places_that_differ(self):
        a, b = self.random(), self.random()
        a[1, 0, 0, 0], b[2, 0, 0, 0], b[3, 1, 0, 0] = np.nan, np.inf, np.nan
        a[3, 2, 2, 2] = b[3, 2, 2, 2] = np.nan
        found = self.compare(self.save("a.npy", a), self.save("b.npy", b), "--atol", "1e9")
        self.assertEqual((found["not_finite"], found["different"]), (3, 3))
        self.assertEqual(found["max_abs"], 0)

    def test_shapes_types_and_layouts(self):
        a = self.random()
        path = self.save("a.npy", a)
        found = self.compare(path, self.save("b.npy", a[:, :, :, :5]))
        self.assertEqual((found["shapes_equal"], found["rows"]), (False, 0))
        found = self.compare(path, self.save("b.npy", a[:3]))
        self.assertEqual((found["shapes_equal"], found["rows"], found["different"]), (False, 3, 0))
        self.compare(path, self.save("b.npy", a.astype(np.float64)), code=DONE)
        found = self.compare(path, self.save("b.npy", np.moveaxis(a, 1, -1)))
        self.assertEqual((found["layouts_differ"], found["different"]), (True, 0))

    def test_a_tensor_is_made_again_by_its_manifest(self):
        self.write_pictures(5)
        self.write("pictures/zz.jpg", jpeg()[:700])
        pictures = self.folder / "pictures"
        for options in (["--dtype", "float16"], ["--layout", "nhwc"], ["--like", "torch"], []):
            out = self.normalize(pictures, "--preset", "imagenet", *options, "--force", code=1)
            found = self.compare(out, pictures, code=DONE)
            self.assertEqual((found["rows"], found["failed"], found["equal"]), (5, 1, True))
        array = np.lib.format.open_memmap(out, "r+")  # in place: it is still the manifest's
        array[3, 1, 20, 30] += 1
        array.flush()
        place = self.compare(out, pictures)["worst"]
        self.assertEqual((place["n"], place["c"], place["y"], place["x"]), (3, 1, 20, 30))
        self.assertTrue(place["path"].endswith("pictures/0003.jpg"))
        other = self.save("other.npy", np.load(out))
        self.assert_exit(USAGE, run("compare", other, pictures))
        self.compare(pictures, other, "--plan-a", "imagenet")

    def test_one_folder_under_two_plans(self):
        pictures = self.write_pictures(4, width=300, height=260)
        self.compare(pictures, "--plan-a", "imagenet", "--plan-b", "imagenet", code=DONE)
        found = self.compare(pictures, "--plan-a", "imagenet", "--like-b", "torch")
        self.assertEqual([d["cause"] for d in found["diagnoses"]], ["torch_resize"])
        self.assertEqual(found["a"]["shape"], [4, 3, 224, 224])
        found = self.compare(pictures, "--resize-a", "100", "--resize-b", "100", "--crop-b", "90")
        self.assertEqual((found["rows_of_other_shapes"], found["shapes_equal"]), (4, False))
        self.assert_exit(USAGE, run("compare", pictures))
        self.assert_exit(USAGE, run("compare", pictures, "--plan-a", "imagenett"))

    def test_the_same_at_any_number_of_threads(self):
        pictures = self.write_pictures(23)
        plans = ["--plan-a", "imagenet", "--plan-b", "imagenet", "--like-b", "torch"]
        texts = {run("compare", pictures, *plans, "-j", str(j)).stdout for j in (1, 2, 7)}
        self.assertEqual(len(texts), 1)

    def test_rows_of_other_pictures_are_told_by_their_names(self):
        self.write_pictures(4)
        a = self.normalize(self.folder / "pictures", "--preset", "imagenet", out="a.npy")
        (self.folder / "pictures" / "0000.jpg").unlink()
        b = self.normalize(self.folder / "pictures", "--preset", "imagenet", out="b.npy")
        found = self.compare(a, b)
        self.assertEqual((found["rows"], found["rows_of_other_names"]), (3, 3))

    def test_a_damaged_manifest_is_an_error_and_named(self):
        a, b = self.save("a.npy", self.random()), self.save("b.npy", self.random(seed=1))
        manifest = self.folder / "b.npy.manifest.json"
        for text in ("", "{", '{"schema": "imnorm.manifest/2"', '{"of": "another tool"}'):
            manifest.write_text(text)
            for command in (("compare", a, b), ("preview", b, "-o", self.folder / "sheet.png")):
                result = run(*command)
                self.assertNotIn(result.returncode, (DONE, DIFFERENT), text)
                self.assertIn(str(manifest), result.stderr)
            found = json.loads(run("inspect", b, "--emit", "json").stdout)
            self.assertIn(str(manifest), json.dumps(found))

    def test_what_cannot_be_compared_is_refused(self):
        a = self.save("a.npy", self.random())
        pictures = self.write_pictures(1)
        for arguments in ([a], [a, a, a], [pictures, pictures], [a, a, "--atol", "-1"],
                          [a, a, "--rtol", "nan"], [a, pictures], [a, a, "--plan-a", "imagenet"],
                          [a, self.folder / "none.npy"], [a, a, "--emit", "xml"]):
            result = run("compare", *arguments)
            self.assert_exit(USAGE, result)
            self.assertEqual(result.stdout, "")
        self.write("empty/x.txt", b"text")
        self.assert_exit(NOT_DONE, run("compare", a, self.folder / "empty", "--plan-b", "imagenet"))

    def test_a_table_names_the_cause(self):
        a = self.random((2, 3, 30, 30))
        b = a[:, ::-1]
        result = run("compare", self.save("a.npy", a), self.save("b.npy", b), "--emit", "table")
        self.assert_exit(DIFFERENT, result)
        for word in ("max abs", "worst (n, c, y, x)", "bias (B - A)", "cause: the channels of B"):
            self.assertIn(word, result.stdout)


    def test_the_worst_row_is_drawn_beside_its_difference(self):
        # Bytes of 0..255 in files without a plan: the colours are the values themselves.
        a = np.zeros((3, 3, 40, 400), np.uint8)
        a[:, :, :, :] = np.arange(400) * 255 // 399
        b = a.copy()
        b[0, 0, 5, 5] ^= 1
        b[1, 2, 20, 300] -= 51
        b[1, 1, 10, 100] += 10
        paths = self.save("a.npy", a), self.save("b.npy", b)
        out = self.folder / "diff.png"
        result = run("compare", *paths, "--image", out)
        self.assert_exit(DIFFERENT, result)
        self.assertIn("row 1 of A, of B, and the difference 5 times as bright", result.stderr)
        drawn = np.asarray(Image.open(out))
        self.assertEqual(drawn.shape, (40 + 16, 3 * 400 + 32, 3))
        panels = [drawn[8:48, 8 + i * 408 : 408 + i * 408].astype(int) for i in range(3)]
        frame = np.zeros((40, 400), bool)
        frame[14:27, 294:307] = True
        frame[15:26, 295:306] = False
        for panel, expected in zip(panels, (a[1], b[1], 5 * abs(a[1].astype(int) - b[1]))):
            self.assertTrue((panel[~frame] == np.moveaxis(expected, 0, -1)[~frame]).all())
            self.assertTrue((panel[frame] == (255, 60, 200)).all())
        again = run("compare", *paths, "--image", out)
        self.assert_exit(USAGE, again)
        self.assertIn("--force", again.stderr)
        self.assert_exit(DIFFERENT, run("compare", *paths, "--image", out, "--force"))
        for path in (paths[0], self.folder / "x.jpg"):
            self.assert_exit(USAGE, run("compare", *paths, "--image", path, "--force"))

    def test_nothing_is_drawn_of_equal_tensors(self):
        path = self.save("a.npy", self.random())
        self.assert_exit(DONE, run("compare", path, path, "--image", self.folder / "diff.png"))
        self.assertFalse((self.folder / "diff.png").exists())


class Causes(ImnormTest):
    """Each cause on its own made case, on no other, by values and with the pictures at hand."""

    def photos(self):
        for i, (width, height) in enumerate([(301, 233), (260, 341), (513, 297), (290, 290)]):
            picture = Image.fromarray(pixels(width, height, i))
            self.write(f"photos/{i}.jpg", encode(picture, "JPEG", quality=85))
        return self.folder / "photos"

    def test_each_cause_is_found_on_its_own_case_alone(self):
        found = set()
        for case in make(self.photos(), self.folder):
            with self.subTest(case.cause):
                by_values = [case.cause] if case.cause in BY_VALUES else []
                self.assertEqual(causes(case.tensor, case.ours), (by_values, DIFFERENT))
                self.assertEqual(causes(case.ours, case.tensor), (by_values, DIFFERENT))
                self.assertEqual(causes(case.tensor, case.pictures, *case.plan),
                                 ([case.cause], DIFFERENT))
                self.assertEqual(causes(case.ours, case.pictures, *case.plan), ([], DONE))
            found.add(case.cause)
        self.assertEqual(len(found), 12 if turbojpeg() else 11)

    def test_noise_has_no_cause(self):
        pictures = self.photos()
        ours = self.normalize(pictures, "--preset", "imagenet")
        noise = np.random.default_rng(5).normal(0, 0.05, (4, 3, 224, 224))
        other = self.folder / "noise.npy"
        np.save(other, (np.load(ours) + noise).astype(np.float32))
        self.assertEqual(causes(ours, other), ([], DIFFERENT))
        self.assertEqual(causes(other, pictures, "--plan-b", "imagenet"), ([], DIFFERENT))

    def test_half_precision_hides_no_scale(self):
        ours = self.normalize(self.photos(), "--preset", "imagenet")
        x = np.load(ours).astype(np.float64)
        mean = np.array([0.485, 0.456, 0.406]).reshape(3, 1, 1)
        std = np.array([0.229, 0.224, 0.225]).reshape(3, 1, 1)
        for cause, made in (("not_normalized", x * std + mean), ("normalized_twice", (x - mean) / std),
                            ("constants_of_bytes", (x * std + mean - mean * 255) / (std * 255))):
            np.save(self.folder / "half.npy", made.astype(np.float16))
            self.assertEqual(causes(ours, self.folder / "half.npy"), ([cause], DIFFERENT))

    def test_only_jpegs_that_differ_mean_another_decoder(self):
        pictures = self.photos()
        self.write("photos/9.png", png(300, 250))
        ours = self.normalize(pictures, "--preset", "imagenet")
        array = np.load(ours)
        # A decoder that nobody knows: a level more or less here and there.
        rng = np.random.default_rng(7)
        array[:4] += rng.integers(-1, 2, array[:4].shape) / np.float32(255 * 0.225)
        other = self.folder / "other.npy"
        np.save(other, array)
        self.assertEqual(causes(other, pictures, "--plan-b", "imagenet"),
                         (["other_jpeg_decoder"], DIFFERENT))


if __name__ == "__main__":
    unittest.main()
