"""Tiles of a picture and its overview: against what transformers made of the same pictures.

The golden file says which release; its script stands beside it.
"""

import hashlib
import json
import unittest

import numpy as np

from imnorm_test import SOURCE, USAGE, ImnormTest, manifest_of, run
from integer_picture import integer_png

GOLDEN = json.loads((SOURCE / "tests/golden/tiles_golden.json").read_text())
PICTURES = ((97, 61, 1), (200, 30, 3), (300, 220, 5))


class Tiles(ImnormTest):
    def config(self, name="GotOcr2ImageProcessor", **settings):
        text = json.dumps({"image_processor_type": name, **settings})
        return self.write("preprocessor_config.json", text.encode())

    def tiles_config(self, **settings):
        return self.config(crop_to_patches=True, size={"height": 48, "width": 48}, **settings)

    def pictures(self):
        for picture in PICTURES:
            name = "-".join(map(str, picture))
            self.write(f"pictures/{name}.png", integer_png(*picture))
        return self.folder / "pictures"

    def made(self, folder, out, *flags):
        result = run("normalize", folder, "-o", out, "-q", "--force", *flags)
        self.assertEqual(result.returncode, 0, result.stderr)
        return out

    def test_tiles_and_numbers_are_those_of_transformers(self):
        for name, settings, picture, shape, beside, digest in GOLDEN["cases"]:
            with self.subTest(name=name, settings=settings, picture=picture):
                path = self.write("one.png", integer_png(*picture))
                config = self.config(name, **settings)
                out = self.made(path, self.folder / "one.npz", "--preset", config)
                with np.load(out) as arrays:
                    tiles = arrays["pixel_values"]
                    self.assertEqual(list(tiles.shape), shape)
                    self.assertEqual(hashlib.sha256(tiles.tobytes()).hexdigest(), digest)
                    for key, numbers in beside.items():
                        self.assertEqual(arrays[key].ravel().tolist(), numbers, key)

    def test_tiles_of_all_pictures_follow_each_other(self):
        folder, config = self.pictures(), self.tiles_config()
        for end in ("npz", "safetensors"):
            outs = [
                self.made(folder, self.folder / f"{j}.{end}", "--preset", config, "-j", j)
                for j in ("1", "3")
            ]
            self.assertEqual(outs[0].read_bytes(), outs[1].read_bytes())
        out = self.made(folder, self.folder / "all.npz", "--preset", config)
        row = 0
        with np.load(out) as arrays:
            for item, count in zip(manifest_of(out)["items"], arrays["num_patches"], strict=True):
                self.assertEqual((item["row"], item["rows"]), (row, count))
                row += count
                one = self.made(item["path"], self.folder / "one.npz", "--preset", config)
                with np.load(one) as alone:
                    rows = arrays["pixel_values"][item["row"] : row]
                    self.assertEqual(rows.tobytes(), alone["pixel_values"].tobytes())
            self.assertEqual(row, len(arrays["pixel_values"]))

    def test_the_overview_is_the_whole_picture_resized(self):
        folder, config = self.pictures(), self.tiles_config()
        out = self.made(folder, self.folder / "tiles.npz", "--preset", config)
        plain = self.config(size={"height": 48, "width": 48})
        whole = self.made(folder, self.folder / "whole.npy", "--preset", plain)
        with np.load(out) as arrays:
            last = np.cumsum(arrays["num_patches"]) - 1
            self.assertEqual(arrays["pixel_values"][last].tobytes(), np.load(whole).tobytes())

    def test_what_cannot_be_says_why(self):
        folder, config = self.pictures(), self.tiles_config()
        for flags, word in (
            (("-o", self.folder / "x.npy"), "safetensors"),
            (("-o", self.folder / "x.npz", "--crop", "48"), "--crop"),
        ):
            with self.subTest(flags=flags):
                result = run("normalize", folder, "--preset", config, *flags)
                self.assertEqual(result.returncode, USAGE, result.stderr)
                self.assertIn(word, result.stderr)


if __name__ == "__main__":
    unittest.main()
