"""Several views of a picture, padded rows, masks and sizes: against what transformers made of the
same pictures.

The golden file says which release; its script stands beside it.
"""

import hashlib
import json
import unittest

import numpy as np

from imnorm_test import SOURCE, USAGE, ImnormTest, manifest_of, run
from integer_picture import integer_png

GOLDEN = json.loads((SOURCE / "tests/golden/views_golden.json").read_text())
PICTURES = ((97, 61, 1), (200, 30, 3), (300, 220, 5))


def as_told(array, dtype):
    """[dtype, sides above 1, numbers or digest] as in the golden file."""
    if dtype == "bfloat16":  # written as float32, which holds it
        array = (array.view(np.uint32) >> 16).astype(np.uint16).view(np.int16)
    name = "bfloat16" if dtype == "bfloat16" else array.dtype.name
    values = array.ravel().tolist() if array.size <= 16 else hashlib.sha256(array).hexdigest()
    return [name, [side for side in array.shape if side > 1], values]


def is_ones(dtype, shape, values):
    ones = np.ones(shape, dtype)
    if ones.size <= 16:
        return values == ones.ravel().tolist()
    return values == hashlib.sha256(ones).hexdigest()


class Views(ImnormTest):
    def config(self, name, **settings):
        text = json.dumps({"image_processor_type": name, **settings})
        return self.write("preprocessor_config.json", text.encode())

    def made(self, source, out, *flags):
        result = run("normalize", source, "-o", out, "-q", "--force", *flags)
        self.assertEqual(result.returncode, 0, result.stderr)
        return out

    def pictures(self):
        for picture in PICTURES:
            name = "-".join(map(str, picture))
            self.write(f"pictures/{name}.png", integer_png(*picture))
        return self.folder / "pictures"

    def test_every_tensor_is_that_of_transformers(self):
        for name, settings, picture, tensors in GOLDEN["cases"]:
            with self.subTest(name=name, settings=settings, picture=picture):
                path = self.write("one.png", integer_png(*picture))
                flags = ("--preset", self.config(name, **settings))
                flags += ("--dtype", "float32") if name.startswith("Llama4") else ()
                out = self.folder / "one.npz"
                if tensors is None:
                    result = run("normalize", path, "-o", out, "-q", "--force", *flags)
                    self.assertNotEqual(result.returncode, 0)
                    continue
                self.made(path, out, *flags)
                with np.load(out) as arrays:
                    for key, (dtype, shape, values) in tensors.items():
                        if key not in arrays and key.endswith("mask"):
                            self.assertTrue(is_ones(dtype, shape, values), key)
                            continue
                        sides = [side for side in shape if side > 1]
                        array = arrays[key if key in arrays else "data"]
                        self.assertEqual(as_told(array, dtype), [dtype, sides, values], key)

    def test_masks_and_numbers_of_all_pictures_follow_each_other(self):
        folder = self.pictures()
        config = self.config("Siglip2ImageProcessor", max_num_patches=64)
        outs = [
            self.made(folder, self.folder / f"{j}.safetensors", "--preset", config, "-j", j)
            for j in ("1", "3")
        ]
        self.assertEqual(outs[0].read_bytes(), outs[1].read_bytes())
        out = self.made(folder, self.folder / "all.npz", "--preset", config)
        with np.load(out) as arrays:
            self.assertEqual(arrays["pixel_values"].shape, (3, 64, 768))
            self.assertEqual(arrays["pixel_attention_mask"].dtype, np.int32)
            shapes = arrays["spatial_shapes"]
            self.assertEqual(arrays["pixel_attention_mask"].sum(1).tolist(), shapes.prod(1).tolist())
            for item, shape in zip(manifest_of(out)["items"], shapes.tolist(), strict=True):
                self.assertEqual(item["rows"], 1)
                self.assertEqual(item["patches"], {"rows": shape[0], "columns": shape[1]})
                row = arrays["pixel_values"][item["row"]]
                self.assertFalse(row[shape[0] * shape[1] :].any())

    def test_a_mask_goes_where_there_is_a_place_for_it(self):
        folder = self.pictures()
        config = self.config(
            "DetrImageProcessor",
            size={"shortest_edge": 80, "longest_edge": 130},
            pad_size={"height": 140, "width": 150},
        )
        plain = self.made(folder, self.folder / "plain.npy", "--preset", config)
        with np.load(self.made(folder, self.folder / "all.npz", "--preset", config)) as arrays:
            self.assertEqual(arrays["pixel_values"].tobytes(), np.load(plain).tobytes())
            mask = arrays["pixel_mask"]
            self.assertEqual(mask.shape, (3, 140, 150))
            outside = np.broadcast_to(mask[:, None] == 0, arrays["pixel_values"].shape)
            self.assertFalse(arrays["pixel_values"][outside].any())
        flags = ("--preset", config, "--layout", "nhwc")
        with np.load(self.made(folder, self.folder / "last.npz", *flags)) as arrays:
            self.assertEqual(arrays["pixel_mask"].tobytes(), mask.tobytes())

    def test_quantised_pads_are_the_zero_point(self):
        path = self.write("one.png", integer_png(97, 61, 1))
        config = self.config("SamImageProcessor")
        out = self.made(
            path, self.folder / "q.npy", "--preset", config, "--dtype", "int8", "--qscale", "0.02",
            "--qzero", "3",
        )  # fmt: skip
        self.assertEqual(set(np.load(out)[0, :, 700:].ravel().tolist()), {3})

    def test_a_size_on_the_command_line_takes_the_place_of_all_resizes(self):
        folder = self.pictures()
        config = self.config("SmolVLMImageProcessor", do_image_splitting=False)
        out = self.made(folder, self.folder / "x.npy", "--preset", config, "--resize", "40x30")
        self.assertEqual(np.load(out).shape, (3, 3, 30, 40))
        result = run("normalize", folder, "--preset", config, "--resize", "40x30", "--print-plan")
        self.assertNotIn("first", json.loads(result.stdout))

    def test_what_cannot_be_says_why(self):
        folder = self.pictures()
        padded = self.config("SamImageProcessor")
        for flags, word in (
            (("--crop", "48"), "pads with zeros"),
            (("--resize", "2000x20"), "more than the 1024x1024"),
        ):
            with self.subTest(flags=flags):
                out = self.folder / "x.npy"
                result = run("normalize", folder, "--preset", padded, "-o", out, *flags)
                self.assertNotEqual(result.returncode, 0)
                self.assertIn(word, result.stderr)
        nougat = self.config("NougatImageProcessor")
        for flags in (("--depth", "16"), ("--channels", "gray")):
            result = run("normalize", folder, "--preset", nougat, "-o", self.folder / "x.npy", *flags)
            self.assertEqual(result.returncode, USAGE, result.stderr)


if __name__ == "__main__":
    unittest.main()
