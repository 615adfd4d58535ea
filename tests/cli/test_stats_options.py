"""What `imnorm stats` is asked for: which pixels, which pictures, in which form."""

import csv
import json
import os
import pty
import subprocess
import unittest

import cv2
import numpy as np
from PIL import Image

from imnorm_test import DONE, SOME_FAILED, USAGE, binary, encode, jpeg, pixels, png, run
from stats_reference import StatsTest, Sums, tiff


def on_terminal(*arguments):
    """Runs imnorm with stdout on a terminal; returns its exit code and what the terminal got."""
    main, terminal = pty.openpty()
    with subprocess.Popen([binary(), *map(str, arguments)], stdin=subprocess.DEVNULL,
                          stdout=terminal, stderr=subprocess.DEVNULL) as process:
        os.close(terminal)
        text = b""
        try:
            while chunk := os.read(main, 65536):
                text += chunk
        except OSError:  # how Linux says that the other side was closed
            pass
        os.close(main)
    return process.returncode, text.decode().replace("\r\n", "\n")


class Pixels(StatsTest):
    def test_pixels_of_an_ignored_value_do_not_count(self):
        array = pixels(40, 30, 1)
        array[5:9, 3:20] = 0
        array[12:15, 2:9] = [255, 0, 255]
        path = self.write("a.png", encode(Image.fromarray(array), "PNG"))
        flat = array.reshape(-1, 3)
        for flag, value in (("0", [0, 0, 0]), ("255,0,255", [255, 0, 255])):
            kept = flat[(flat != value).any(axis=1)]
            self.assert_sums(self.stats(path, "--ignore-value", flag), Sums([kept]))
        bgr = self.stats(path, "--ignore-value", "255,0,255", "--channels", "bgr")
        self.assert_sums(bgr, Sums([flat[(flat != [255, 0, 255]).any(axis=1)][:, ::-1]]))

    def test_a_band_of_its_own_order_is_ignored_in_that_order(self):
        array = pixels(20, 20, 2)
        array[:5] = [10, 20, 30]
        path = self.write("a.png", encode(Image.fromarray(array), "PNG"))
        kept = array.reshape(-1, 3)[(array.reshape(-1, 3) != [10, 20, 30]).any(axis=1)]
        stats = self.stats(path, "--ignore-value", "30,20,10", "--channels", "bgr")
        self.assert_sums(stats, Sums([kept[:, ::-1]]))

    def test_a_picture_of_nothing_but_ignored_pixels_adds_no_numbers(self):
        self.write("set/a.png", encode(Image.new("RGB", (8, 8)), "PNG"))
        array = pixels(9, 9, 1)
        self.write("set/b.png", encode(Image.fromarray(array), "PNG"))
        stats = self.stats(self.folder / "set", "--ignore-value", "0")
        flat = array.reshape(-1, 3)
        self.assert_sums(stats, Sums([flat[(flat != 0).any(axis=1)]]))
        self.assertEqual(stats["images"], 2)

    def test_masks_of_the_same_name_choose_the_pixels(self):
        rng = np.random.default_rng(0)
        kept = []
        for name, mask_name in (("x/a.png", "x/a.png"), ("x/b.jpg", "x/b.png"), ("c.png", "c.png")):
            data = jpeg(33, 21, 4) if name.endswith("jpg") else png(33, 21, len(kept))
            path = self.write(f"set/{name}", data)
            mask = rng.integers(0, 3, (21, 33)).astype(np.uint8) * 100
            self.write(f"masks/{mask_name}", encode(Image.fromarray(mask), "PNG"))
            kept.append(np.asarray(Image.open(path).convert("RGB"))[mask != 0])
        stats = self.stats(self.folder / "set", "--mask-dir", self.folder / "masks")
        self.assert_sums(stats, Sums(kept))
        self.assertIn("masked", stats["pixels_are"])

    def test_a_missing_or_misfit_mask_fails_its_picture_by_name(self):
        good = self.write("set/a.png", png(10, 10))
        self.write("set/b.png", png(10, 10))
        self.write("set/c.png", png(10, 10))
        self.write("masks/a.png", encode(Image.new("L", (10, 10), 255), "PNG"))
        self.write("masks/c.png", encode(Image.new("L", (5, 10), 255), "PNG"))
        stats = self.stats(self.folder / "set", "--mask-dir", self.folder / "masks",
                           code=SOME_FAILED)
        self.assert_sums(stats, Sums([np.asarray(Image.open(good))]))
        self.assertIn("mask", stats["failed"][0]["reason"])
        self.assertIn("5x10", stats["failed"][1]["reason"])

    def test_transparent_pixels_have_no_weight_with_alpha_mask(self):
        array = pixels(30, 25, 3, 4)
        array[..., 3] = np.where(array[..., 0] > 120, array[..., 3], 0)
        self.write("set/a.png", encode(Image.fromarray(array), "PNG"))
        solid = self.write("set/b.jpg", jpeg(17, 13))
        stats = self.stats(self.folder / "set", "--alpha", "mask")
        kept = array.reshape(-1, 4)
        self.assert_sums(stats, Sums([kept[kept[:, 3] != 0][:, :3],
                                      np.asarray(Image.open(solid))]))
        self.assertIn("transparent", stats["pixels_are"])

    def test_a_filter_that_cannot_be_obeyed_is_refused(self):
        path = self.write("a.png", png())
        for flags in (["--ignore-value", "1,2"], ["--ignore-value", "0", "--resize", "8"],
                      ["--alpha", "mask", "--crop", "8"], ["--mask-dir", self.folder / "no"],
                      ["--ignore-value", "-1"], ["--ignore-value", "0.5"]):
            with self.subTest(flags=flags):
                self.assert_exit(USAGE, run("stats", path, *flags))


class Samples(StatsTest):
    def setUp(self):
        super().setUp()
        rng = np.random.default_rng(1)
        for i in range(60):
            color = tuple(int(v) for v in rng.integers(90, 130, 3))
            self.write(f"set/{i:03}.png", encode(Image.new("RGB", (4 + i % 3, 5), color), "PNG"))

    def names(self, *flags):
        rows = self.folder / "rows.jsonl"
        self.stats(self.folder / "set", "--per-image", rows, "--force", *flags)
        lines = rows.read_text().splitlines()
        return [os.path.basename(json.loads(line)["path"]) for line in lines]

    def test_a_sample_is_the_same_for_any_threads_and_a_larger_one_holds_it(self):
        small = self.names("--sample", "10", "--seed", "7", "-j", "1")
        self.assertEqual(small, self.names("--sample", "10", "--seed", "7", "-j", "7"))
        self.assertEqual(len(small), 10)
        self.assertEqual(small, sorted(small))
        self.assertLess(set(small), set(self.names("--sample", "25", "--seed", "7")))
        self.assertNotEqual(small, self.names("--sample", "10", "--seed", "8"))

    def test_the_subset_is_the_documented_one_on_every_machine(self):
        # SplitMix64 with Lemire's bounded draw, written out again.
        state = 7
        mask = (1 << 64) - 1

        def draw():
            nonlocal state
            state = (state + 0x9E3779B97F4A7C15) & mask
            z = state
            z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
            z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
            return z ^ (z >> 31)

        def below(bound):
            while True:
                product = draw() * bound
                if product & mask >= (1 << 64) % bound:
                    return product >> 64

        order = list(range(60))
        for i in range(10):
            j = i + below(60 - i)
            order[i], order[j] = order[j], order[i]
        self.assertEqual(self.names("--sample", "10", "--seed", "7"),
                         [f"{i:03}.png" for i in sorted(order[:10])])

    def test_a_sample_says_what_it_was_drawn_from(self):
        stats = self.stats(self.folder / "set", "--sample", "10", "--seed", "7")
        self.assertEqual(stats["sampled"], {"from": 60, "seed": 7})
        self.assertEqual(stats["standard_error"]["of"], "list")
        whole = self.stats(self.folder / "set", "--sample", "60")
        self.assertEqual(whole["standard_error"]["mean"], [0, 0, 0])

    def test_until_stops_when_the_errors_are_below_and_not_before(self):
        loose = self.stats(self.folder / "set", "--until", "0.2", "--seed", "3")
        self.assertLess(loose["images"], 60)
        for c in range(3):
            self.assertLessEqual(loose["standard_error"]["mean"][c], 0.2 * loose["mean"][c])
            self.assertLessEqual(loose["standard_error"]["std"][c], 0.2 * loose["std"][c])
        tight = self.stats(self.folder / "set", "--until", "0.0001", "--seed", "3")
        self.assertEqual(tight["images"], 60)
        same = [self.stats_text(self.folder / "set", "--until", "0.2", "--seed", "3", "-j", j)
                for j in ("1", "2", "7")]
        self.assertEqual(len(set(same)), 1)

    def test_standard_errors_are_those_between_pictures(self):
        stats = self.stats(self.folder / "set", "--weight", "image")
        means = [np.asarray(Image.open(p)).reshape(-1, 3).mean(axis=0) / 255
                 for p in sorted((self.folder / "set").iterdir())]
        np.testing.assert_allclose(stats["standard_error"]["mean"],
                                   np.std(means, axis=0, ddof=1) / np.sqrt(60), rtol=1e-9)

    def test_contradictions_are_refused(self):
        for flags in (["--sample", "0"], ["--until", "0"], ["--until", "1.5"],
                      ["--until", "0.1", "--sample", "3"], ["--until", "0.1", "--shard", "1/2"]):
            with self.subTest(flags=flags):
                self.assert_exit(USAGE, run("stats", self.folder / "set", *flags))


class Forms(StatsTest):
    def setUp(self):
        super().setUp()
        self.paths = [self.write(f"set/{kind}/{i}.png", png(20 + i, 15, i))
                      for i, kind in enumerate(("cat", "cat", "dog", "owl"))]
        self.set = self.folder / "set"

    def test_every_class_has_the_numbers_of_its_own_run(self):
        stats = self.stats(self.set, "--per-class")
        self.assertEqual(list(stats["per_class"]), ["cat", "dog", "owl"])
        for name, numbers in stats["per_class"].items():
            alone = self.stats(self.set / name)
            for key in ("images", "mean", "std", "min", "max", "mean_of_image_std"):
                self.assertEqual(numbers[key], alone[key], (name, key))
            self.assertEqual(numbers["pixels"], alone["pixels"])

    def test_rows_of_pictures_come_as_json_lines_or_csv(self):
        lines, table = self.folder / "rows.jsonl", self.folder / "rows.csv"
        self.stats(self.set, "--per-image", lines)
        self.stats(self.set, "--per-image", table)
        rows = [json.loads(line) for line in lines.read_text().splitlines()]
        with open(table, newline="") as file:
            cells = list(csv.DictReader(file))
        self.assertEqual(len(rows), 4)
        for path, row, cell in zip(self.paths, rows, cells, strict=True):
            sums = Sums([np.asarray(Image.open(path))])
            self.assertEqual(row["path"], str(path))
            self.assertEqual(cell["path"], str(path))
            self.assertEqual(row["mean"], [float(sums.mean(c) / 255) for c in range(3)])
            self.assertEqual([float(v) for k, v in cell.items() if k.startswith("mean")],
                             row["mean"])
            self.assertEqual([float(v) for k, v in cell.items() if k.startswith("std")],
                             row["std"])
        self.assert_exit(USAGE, run("stats", self.set, "--per-image", lines))
        self.assertEqual(len(lines.read_text().splitlines()), 4)

    def test_picture_sizes_are_counted(self):
        sizes = self.stats(self.set)["sizes"]
        self.assertEqual(sizes["width"], {"min": 20, "median": 21.5, "max": 23})
        self.assertEqual(sizes["height"], {"min": 15, "median": 15, "max": 15})
        self.assertEqual(sizes["images_by_pixels_from"], [[256, 4]])

    def test_every_form_holds_the_very_doubles_of_the_json(self):
        stats = self.stats(self.set)
        form = {}
        for name in ("json", "torchvision", "hf", "timm", "opencv", "openvino", "csv"):
            result = run("stats", self.set, "--emit", name)
            self.assert_exit(DONE, result)
            form[name] = result.stdout
        self.assertEqual(json.loads(form["json"]), stats)
        from torchvision import transforms  # what is printed is to be pasted

        pasted = eval(form["torchvision"].strip(), {"transforms": transforms})
        self.assertEqual(list(pasted.mean), stats["mean"])
        self.assertEqual(list(pasted.std), stats["std"])
        hf = json.loads(form["hf"])
        self.assertEqual((hf["image_mean"], hf["image_std"]), (stats["mean"], stats["std"]))
        timm = json.loads(form["timm"])["pretrained_cfg"]
        self.assertEqual((timm["mean"], timm["std"]), (stats["mean"], stats["std"]))
        for number in stats["mean"]:
            self.assertIn(repr(number), form["csv"])
        for number in stats["mean"]:
            self.assertIn(f"{number * 255:.12f}"[:9], form["opencv"])
            self.assertIn(f"{number * 255:.12f}"[:9], form["openvino"])

    def test_the_opencv_form_runs_whatever_the_samples_and_the_bands_are(self):
        rng = np.random.default_rng(5)
        for dtype, bands in ((np.uint8, 1), (np.uint8, 3), (np.uint8, 5), (np.uint16, 1),
                             (np.uint16, 3), (np.uint16, 2), (np.float32, 3), (np.float32, 7)):
            with self.subTest(dtype=dtype.__name__, bands=bands):
                image = rng.uniform(0, 200, (9, 8, bands)).astype(dtype)
                kind = 3 if dtype == np.float32 else 1
                path = self.write(f"{dtype.__name__}{bands}.tif", tiff(image, kind))
                result = run("stats", path, "--channels", "native", "--emit", "opencv")
                self.assert_exit(DONE, result)
                names = {"cv2": cv2, "np": np, "image": image}
                exec(result.stdout, names)
                blob = names["blob"]
                self.assertEqual(blob.shape, (1, bands, 9, 8))
                self.assertEqual(blob.dtype, np.float32)
                flat = image.astype(np.float64)
                expected = (flat - flat.mean((0, 1))) / flat.std((0, 1))
                np.testing.assert_allclose(blob[0].transpose(1, 2, 0), expected, atol=1e-4)

    def test_a_misspelt_form_gets_the_nearest(self):
        result = run("stats", self.set, "--emit", "torchvison")
        self.assert_exit(USAGE, result)
        self.assertIn('did you mean "torchvision"', result.stderr)

    def test_a_form_beside_a_file_goes_to_stdout(self):
        out = self.folder / "out.json"
        result = run("stats", self.set, "-o", out, "--emit", "torchvision")
        self.assert_exit(DONE, result)
        self.assertIn("Normalize(", result.stdout)
        self.assert_valid(json.loads(out.read_text()))
        quiet = run("stats", self.set, "-o", self.folder / "two.json")
        self.assertEqual(quiet.stdout, "")
        merged = run("merge", out, "--emit", "torchvision")
        self.assertEqual(merged.stdout, result.stdout)
        wrong = run("stats", self.set, "--emit", "torchvison")
        self.assert_exit(USAGE, wrong)
        self.assertIn("torchvision", wrong.stderr)

    def test_a_terminal_gets_a_table_with_sparklines_where_histograms_are(self):
        self.write("set/dog/bad.png", b"nothing")
        code, plain = on_terminal("stats", self.set)
        self.assertEqual(code, SOME_FAILED)
        for word in ("red", "green", "blue", "mean", "std", "bad.png", "4"):
            self.assertIn(word, plain)
        self.assertNotIn("█", plain)
        _, drawn = on_terminal("stats", self.set, "--histogram")
        self.assertRegex(drawn, "(?m)^green +.[▁-█ ]*[▁-█]{4}")

    def test_a_table_shows_percentiles_and_classes_where_they_were_asked_for(self):
        stats = self.stats(self.set, "--percentiles", "2.5", "--per-class")
        _, table = on_terminal("stats", self.set, "--percentiles", "2.5", "--per-class")
        wanted = next(p["values"] for p in stats["percentiles"] if p["percent"] == 2.5)
        header = next(line for line in table.splitlines() if "p2.5" in line).split()
        for line, value in zip(
                [x for x in table.splitlines() if x.startswith(("red", "green", "blue"))][-3:],
                wanted):
            self.assertEqual(line.split()[header.index("p2.5")], f"{value:.4g}")
        for name, numbers in stats["per_class"].items():
            row = next(line.split() for line in table.splitlines() if line.startswith(f"{name} "))
            self.assertEqual(row[1], str(numbers["images"]))
            self.assertEqual(row[2:], [f"{n:.4g}" for n in numbers["mean"] + numbers["std"]])
        _, plain = on_terminal("stats", self.set)
        self.assertNotIn("class", plain)
        self.assertNotIn("p50", plain)

    def test_a_table_says_what_its_numbers_are_not_of(self):
        _, whole = on_terminal("stats", self.set)
        self.assertTrue(whole.startswith("4 images, "), whole)
        self.assertNotIn("shard", whole)
        _, part = on_terminal("stats", self.set, "--shard", "1/3")
        self.assertTrue(part.startswith("1 image, "), part)
        self.assertIn("1 of 3 shards", part)
        _, sample = on_terminal("stats", self.set, "--sample", "2")
        self.assertIn("sampled from 4", sample)

    def test_a_terminal_gets_json_where_it_was_asked_for(self):
        code, text = on_terminal("stats", self.set, "--emit", "json")
        self.assertEqual((code, text), (DONE, run("stats", self.set).stdout))


class StatsForNormalize(StatsTest):
    def test_auto_is_stats_and_then_the_file_to_the_byte(self):
        for i in range(9):
            self.write(f"set/{i}.jpg", jpeg(64, 48, i))
        self.write("set/bad.jpg", b"nothing")
        folder = self.folder / "set"
        words = np.random.default_rng(2).integers(0, 65535, (48, 64, 3), np.uint16)
        self.assertTrue(cv2.imwrite(str(folder / "words.png"), words))
        for flags in ([], ["--channels", "bgr"], ["--channels", "gray"], ["--resize", "32x24"],
                      ["--depth", "16"]):
            with self.subTest(flags=flags):
                file = self.folder / "stats.json"
                self.assert_exit(SOME_FAILED, run("stats", folder, *flags, "-o", file, "--force"))
                outputs = []
                for source in ("auto", file):
                    out = self.normalize(folder, *flags, "--stats", source, "--force",
                                         code=SOME_FAILED)
                    outputs.append(out.read_bytes())
                self.assertEqual(outputs[0], outputs[1])
                planes = np.load(out).astype(np.float64)
                np.testing.assert_allclose(planes.mean(axis=(0, 2, 3)), 0, atol=1e-5)
                np.testing.assert_allclose(planes.std(axis=(0, 2, 3)), 1, atol=1e-5)


if __name__ == "__main__":
    unittest.main()
