"""Rows of patches: against what transformers made of the same pictures, and against their order.

The golden file says which release; its script stands beside it.
"""

import hashlib
import json
import unittest
from pathlib import Path

import numpy as np

from imnorm_test import SOURCE, USAGE, ImnormTest, manifest_of, run
from integer_picture import integer_png

GOLDEN = json.loads((SOURCE / "tests/golden/patches_golden.json").read_text())
PICTURES = ((97, 61, 1), (200, 30, 3), (300, 220, 5))
LIMITS = {"shortest_edge": 3136, "longest_edge": 50000}


def safetensors_of(path):
    """Name -> array of a .safetensors file, and its bytes."""
    data = Path(path).read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    types = {"F32": np.float32, "I64": np.int64, "U8": np.uint8, "F16": np.float16}
    arrays = {}
    for name, part in header.items():
        if name == "__metadata__":
            continue
        begin, end = (8 + length + at for at in part["data_offsets"])
        arrays[name] = np.frombuffer(data[begin:end], types[part["dtype"]]).reshape(part["shape"])
    return arrays


def merged_rows(planes, size, merge, frames):
    """The rows of [3, h, w], as their order is defined: blocks, then patches, then elements."""
    channels, height, width = planes.shape
    rows = []
    for top in range(0, height, size * merge):
        for left in range(0, width, size * merge):
            for down in range(merge):
                for across in range(merge):
                    y, x = top + down * size, left + across * size
                    patch = planes[:, y : y + size, x : x + size]
                    rows.append(np.repeat(patch[:, None], frames, axis=1).reshape(-1))
    return np.stack(rows)


class Patches(ImnormTest):
    def config(self, name="Qwen2VLImageProcessor", **settings):
        text = json.dumps({"image_processor_type": name, **settings})
        return self.write("preprocessor_config.json", text.encode())

    def pictures(self, *pictures):
        for picture in pictures:
            name = "-".join(map(str, picture))
            self.write(f"pictures/{name}.png", integer_png(*picture))
        return self.folder / "pictures"

    def made(self, folder, out, *flags):
        result = run("normalize", folder, "-o", out, "-q", "--force", *flags)
        self.assertEqual(result.returncode, 0, result.stderr)
        return out

    def test_rows_and_grids_are_those_of_transformers(self):
        for name, settings, picture, shape, grid, digest in GOLDEN["cases"]:
            with self.subTest(name=name, settings=settings, picture=picture):
                path = self.write("one.png", integer_png(*picture))
                out = self.made(
                    path, self.folder / "one.npz", "--preset", self.config(name, **settings)
                )
                with np.load(out) as arrays:
                    rows = arrays["pixel_values"]
                    self.assertEqual(list(rows.shape), shape)
                    self.assertEqual(arrays["image_grid_thw"].tolist(), [grid])
                    self.assertEqual(hashlib.sha256(rows.tobytes()).hexdigest(), digest)

    def test_rows_of_all_pictures_follow_each_other_and_the_manifest_tells_them_apart(self):
        folder = self.pictures(*PICTURES)
        config = self.config(size=LIMITS)
        out = self.made(folder, self.folder / "all.safetensors", "--preset", config)
        arrays = safetensors_of(out)
        manifest = manifest_of(out)
        self.assertEqual(manifest["shape"], list(arrays["pixel_values"].shape))
        self.assertEqual(manifest["rows"], len(arrays["pixel_values"]))
        row = 0
        for item, grid in zip(manifest["items"], arrays["image_grid_thw"], strict=True):
            self.assertEqual(item["row"], row)
            self.assertEqual(item["rows"], grid.prod())
            self.assertEqual([1, *item["patches"].values()], grid.tolist())
            row += item["rows"]
            alone = self.made(item["path"], self.folder / "one.npz", "--preset", config)
            with np.load(alone) as one:
                rows = arrays["pixel_values"][item["row"] : row]
                self.assertEqual(rows.tobytes(), one["pixel_values"].tobytes())
        self.assertEqual(row, manifest["rows"])

    def test_a_row_is_a_patch_of_the_planes(self):
        folder = self.pictures((97, 61, 1))
        config = self.config(size=LIMITS, merge_size=3, temporal_patch_size=2, patch_size=5)
        out = self.made(folder, self.folder / "rows.npz", "--preset", config)
        plan = json.loads(run("normalize", "--preset", config, "--print-plan").stdout)
        with np.load(out) as arrays:
            rows, (_, down, across) = arrays["pixel_values"], arrays["image_grid_thw"][0]
        plan["resize"] = {
            "kind": "exact", "width": int(across) * 5, "height": int(down) * 5,
            "filter": "bicubic", "engine": "torch",
        }  # fmt: skip
        del plan["patches"]
        whole = self.write("plan.json", json.dumps(plan).encode())
        planes = np.load(self.made(folder, self.folder / "p.npy", "--config", whole))[0]
        self.assertEqual(rows.tobytes(), merged_rows(planes, 5, 3, 2).tobytes())

    def test_the_bytes_are_the_same_whatever_the_threads(self):
        folder = self.pictures(*[(30 + 17 * i, 200 - 13 * i, i) for i in range(12)])
        config = self.config(size=LIMITS)
        for end in ("npz", "safetensors"):
            files = [
                self.made(folder, self.folder / f"{j}.{end}", "--preset", config, "-j", j)
                for j in ("1", "3")
            ]
            self.assertEqual(files[0].read_bytes(), files[1].read_bytes())

    def test_a_bad_picture_has_no_rows(self):
        folder = self.pictures(*PICTURES)
        self.write("pictures/broken.png", integer_png(50, 40)[:300])
        self.write("pictures/long.png", integer_png(4100, 20))  # above 200:1
        out = self.folder / "some.npz"
        result = run("normalize", folder, "-o", out, "--preset", self.config(size=LIMITS))
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn("longer than 200:1", result.stderr)
        with np.load(out) as arrays:
            self.assertEqual(len(arrays["image_grid_thw"]), 3)
            self.assertEqual(len(arrays["pixel_values"]), arrays["image_grid_thw"].prod(1).sum())
            self.assertEqual(len(arrays["paths"]), 3)

    def test_shards_of_the_list_join_to_the_whole_and_their_manifests_too(self):
        folder = self.pictures(*PICTURES)
        config = self.config(size=LIMITS)
        whole = self.made(folder, self.folder / "whole.npz", "--preset", config)
        parts = [
            self.made(folder, self.folder / f"{i}.npz", "--preset", config, "--shard", f"{i}/2")
            for i in (1, 2)
        ]
        with np.load(whole) as all_of, np.load(parts[0]) as a, np.load(parts[1]) as b:
            for name in ("pixel_values", "image_grid_thw"):
                joined = np.concatenate([a[name], b[name]])
                self.assertEqual(joined.tobytes(), all_of[name].tobytes())
        merged = self.folder / "merged.json"
        result = run("merge", *[f"{part}.manifest.json" for part in parts], "-o", merged)
        self.assertEqual(result.returncode, 0, result.stderr)
        rows = [item["row"] for item in json.loads(merged.read_text())["items"]]
        self.assertEqual(rows, [item["row"] for item in manifest_of(whole)["items"]])

    def test_what_holds_no_patches_says_what_does(self):
        folder = self.pictures((97, 61, 1))
        config = self.config(size=LIMITS)
        for flags, word in (
            (("-o", self.folder / "x.npy"), "safetensors"),
            (("-o", self.folder / "x.wds", "--format", "wds"), "npz"),
            (("-o", self.folder / "x.npz", "--shard-size", "2"), "--shard"),
            (("-o", self.folder / "x.npz", "--layout", "nhwc"), "--layout"),
            (("-o", self.folder / "x.npz", "--method", "layer"), "--method"),
            (("-o", self.folder / "x.npz", "--crop", "100"), "multiples of 28"),
        ):
            with self.subTest(flags=flags):
                result = run("normalize", folder, "--preset", config, *flags)
                self.assertEqual(result.returncode, USAGE, result.stderr)
                self.assertIn(word, result.stderr)
        self.assertFalse(list(self.folder.glob("x.*")))

    def test_half_floats_and_bytes_have_the_same_order(self):
        folder = self.pictures((97, 61, 1))
        config = self.config(size=LIMITS)
        full = safetensors_of(
            self.made(folder, self.folder / "f.safetensors", "--preset", config)
        )["pixel_values"]
        half = safetensors_of(
            self.made(
                folder, self.folder / "h.safetensors", "--preset", config, "--dtype", "float16"
            )
        )["pixel_values"]
        self.assertEqual(half.tobytes(), full.astype(np.float16).tobytes())


if __name__ == "__main__":
    unittest.main()
