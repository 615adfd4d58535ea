#!/usr/bin/python3
"""Half precision and quantised outputs of all 256 values equal torch's and numpy's conversions."""

import json
import unittest
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from imnorm_test import ImnormTest, encode, run

PRESETS = ("imagenet", "clip", "half", "dpn", "cifar100", "sam", "caffe", "tf", "siglip", "kinetics")
AS_THEY_ARE = ("--resize", "none", "--crop", "none")


def safetensor(path):
    """The only tensor of a safetensors file: its bytes, dtype word and shape."""
    data = Path(path).read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    ((_, entry),) = header.items()
    begin, end = entry["data_offsets"]
    return data[8 + length + begin : 8 + length + end], entry["dtype"], entry["shape"]


class ElementTypes(ImnormTest):
    def setUp(self):
        super().setUp()
        ramp = np.arange(256, dtype=np.uint8).reshape(16, 16)
        self.ramp = self.write("ramp.png", encode(Image.fromarray(np.dstack([ramp] * 3)), "PNG"))

    def values(self, preset):
        out = self.normalize(self.ramp, "--preset", preset, *AS_THEY_ARE, out=f"{preset}.npy")
        values = np.load(out)
        self.assertEqual(values.shape, (1, 3, 16, 16))
        return values

    def test_float16_is_torchs_half_and_numpys(self):
        for preset in PRESETS:
            values = self.values(preset)
            out = self.normalize(
                self.ramp, "--preset", preset, *AS_THEY_ARE, "--dtype", "float16",
                out=f"{preset}_half.npy",
            )  # fmt: skip
            ours = np.load(out)
            self.assertEqual(ours.dtype, np.float16)
            self.assertEqual(ours.tobytes(), torch.from_numpy(values).half().numpy().tobytes())
            self.assertEqual(ours.tobytes(), values.astype(np.float16).tobytes())

    def test_bfloat16_is_torchs(self):
        for preset in PRESETS:
            values = self.values(preset)
            out = self.normalize(
                self.ramp, "--preset", preset, *AS_THEY_ARE, "--dtype", "bfloat16",
                out=f"{preset}.safetensors",
            )  # fmt: skip
            data, dtype, shape = safetensor(out)
            self.assertEqual((dtype, shape), ("BF16", [1, 3, 16, 16]))
            theirs = torch.from_numpy(values).bfloat16().view(torch.int16).numpy()
            self.assertEqual(data, theirs.tobytes(), preset)

    def test_quantised_values_round_half_to_even_and_saturate(self):
        for preset in PRESETS:
            values = self.values(preset)
            for dtype, scale, zero in (
                ("int8", 0.0186584, -14),
                ("int8", 0.5, 0),  # many halves
                ("int8", 0.001, 3),  # nearly all saturate
                ("uint8", 0.0186584, 114),
                ("uint8", 2.0, 1),
                ("uint8", 0.003, 250),
            ):
                out = self.normalize(
                    self.ramp, "--preset", preset, *AS_THEY_ARE, "--dtype", dtype, "--qscale",
                    str(scale), "--qzero", str(zero), "--force",
                )  # fmt: skip
                limits = np.iinfo(dtype)
                steps = np.rint(values / np.float32(scale)).astype(np.float64) + zero
                theirs = np.clip(steps, limits.min, limits.max).astype(dtype)
                ours = np.load(out)
                self.assertEqual(ours.dtype, theirs.dtype)
                self.assertEqual(ours.tobytes(), theirs.tobytes(), f"{preset} {dtype} {scale}")

    def test_halves_go_to_the_even_neighbour(self):
        # mean 0, std 1, scale 1: values 0..255 over 2 end in .5 every other time.
        out = self.normalize(
            self.ramp, "--mean", "0,0,0", "--std", "1,1,1", "--scale", "1", "--dtype", "uint8",
            "--qscale", "2",
        )  # fmt: skip
        theirs = [0, 0, 1, 2, 2, 2, 3, 4, 4, 4]
        self.assertEqual(np.load(out)[0, 0].ravel()[:10].tolist(), theirs)

    def test_npy_has_no_bfloat16_and_says_which_format_has(self):
        result = run(
            "normalize", self.ramp, "--preset", "imagenet", "--dtype", "bfloat16", "-o",
            self.folder / "never.npy",
        )  # fmt: skip
        self.assert_exit(2, result)
        self.assertIn("safetensors", result.stderr)
        self.assertFalse((self.folder / "never.npy").exists())

    def test_method_none_as_uint8_needs_no_scale(self):
        out = self.normalize(self.ramp, "--method", "none", "--dtype", "uint8")
        self.assertEqual(np.load(out)[0, 1].ravel().tolist(), list(range(256)))


if __name__ == "__main__":
    unittest.main()
