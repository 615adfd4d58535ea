"""`imnorm normalize` and torchvision's transforms give the same bits, picture by picture."""

import os
import unittest

import numpy as np

from imnorm_test import (
    DONE,
    SAMPLES,
    SOME_FAILED,
    ImnormTest,
    failures_of,
    jpeg,
    pictures_of_all_kinds,
    png,
    rows_of,
    run,
)
from pillow_reference import LIVE
from torchvision_reference import TRANSFORMS, first_difference, row
from torchvision import transforms


PRESETS = [preset for preset in TRANSFORMS if preset != "none"]


class TorchvisionParity(ImnormTest):
    def test_at_least_eight_presets_of_other_sizes_filters_and_rules_are_compared(self):
        self.assertGreaterEqual(len(PRESETS), 8)

    def assert_equal_rows(self, out, transform, expected_rows):
        tensor, paths = np.load(out, mmap_mode="r"), rows_of(out)
        self.assertEqual(len(tensor), expected_rows)
        self.assertEqual(tensor.dtype, np.float32)
        for ours, path in zip(tensor, paths):
            with self.subTest(picture=os.path.basename(path)):
                self.assertIsNone(first_difference(np.array(ours), row(path, transform)))

    def test_the_sample_pictures_equal_torchvisions_for_every_preset(self):
        good = [p for p in SAMPLES.rglob("*.*") if p.parent.name != "damaged"]
        self.assertGreaterEqual(len(good), 20)
        for preset in PRESETS:
            out = self.normalize(SAMPLES, "--preset", preset, *LIVE, code=SOME_FAILED, out=f"{preset}.npy")
            self.assert_equal_rows(out, TRANSFORMS[preset], len(good))
            self.assertEqual(set(failures_of(out)), {p.name for p in SAMPLES.glob("damaged/*")})

    def test_every_kind_of_picture_equals_torchvisions(self):
        kinds = pictures_of_all_kinds(331, 263)
        folder = self.write_all(kinds)
        for preset in ("imagenet", "half", "clip"):
            out = self.normalize(folder, "--preset", preset, *LIVE, out=f"{preset}.npy")
            self.assert_equal_rows(out, TRANSFORMS[preset], len(kinds))

    def test_preset_none_is_the_pixels_over_255(self):
        kinds = pictures_of_all_kinds()
        out = self.normalize(self.write_all(kinds), "--preset", "none")
        self.assert_equal_rows(out, TRANSFORMS["none"], len(kinds))

    def test_odd_sizes_and_shapes_equal_torchvisions(self):
        # Tiny, thin, already right, just beside right, and halves that round to even.
        sizes = [
            (1, 1),
            (2, 3),
            (1, 300),
            (300, 1),
            (7, 512),
            (224, 224),
            (256, 256),
            (255, 257),
            (257, 255),
            (256, 289),
            (256, 290),
            (256, 291),
            (289, 256),
            (291, 256),
            (223, 900),
            (1000, 31),
            (512, 512),
            (640, 427),
            (333, 500),
            (511, 1021),
        ]
        for i, (width, height) in enumerate(sizes):
            self.write(f"pictures/{i:02}_{width}x{height}.png", png(width, height, i))
        for preset in ("imagenet", "half", "clip"):
            out = self.normalize(self.folder / "pictures", "--preset", preset, *LIVE, out=f"{preset}.npy")
            self.assert_equal_rows(out, TRANSFORMS[preset], len(sizes))

    def test_random_jpegs_equal_torchvisions(self):
        rng = np.random.default_rng(5)
        for i in range(40):
            width, height = (int(n) for n in rng.integers(8, 420, 2))
            options = {
                "quality": int(rng.integers(5, 101)),
                "subsampling": int(rng.integers(0, 3)),
                "progressive": bool(rng.random() < 0.3),
                "optimize": bool(rng.random() < 0.5),
            }
            self.write(f"pictures/{i:02}.jpg", jpeg(width, height, i, **options))
        out = self.normalize(self.folder / "pictures", "--preset", "imagenet", *LIVE)
        self.assert_equal_rows(out, TRANSFORMS["imagenet"], 40)

    def test_flags_make_the_transforms_that_they_name(self):
        folder = self.write_all({f"{i}.jpg": jpeg(180 + 37 * i, 300 - 29 * i, i) for i in range(5)})
        mean, std = [0.1234, 0.5, 0.9], [0.3, 0.0117, 1.7]
        transform = transforms.Compose(
            [
                transforms.Resize((61, 97)),
                transforms.CenterCrop((50, 80)),
                transforms.ToTensor(),
                transforms.Normalize(mean, std),
            ]
        )
        out = self.normalize(
            folder,
            *LIVE,
            "--resize",
            "97x61",
            "--crop",
            "80x50",
            "--mean",
            ",".join(map(str, mean)),
            "--std",
            ",".join(map(str, std)),
        )
        self.assert_equal_rows(out, transform, 5)

    def test_a_short_edge_with_a_bound_on_the_long_one_is_torchvisions_max_size(self):
        for i, (width, height) in enumerate([(90, 60), (60, 90), (200, 61), (77, 300), (64, 64)]):
            path = self.write(f"{i}.png", png(width, height, i))
            for size, bound in ((50, None), (50, 80), (33, 34), (100, 333)):
                transform = transforms.Compose(
                    [transforms.Resize(size, max_size=bound), transforms.ToTensor()]
                )
                resize = f"{size},max:{bound}" if bound else str(size)
                out = self.normalize(
                    path, "--preset", "none", "--resize", resize, *LIVE, "--force"
                )
                self.assert_equal_rows(out, transform, 1)

    def test_a_crop_larger_than_the_picture_pads_with_zero_as_torchvision_does(self):
        folder = self.write_all({f"{i}.png": png(30 + i, 41 - i, i) for i in range(6)})
        transform = transforms.Compose([transforms.CenterCrop((57, 48)), transforms.ToTensor()])
        out = self.normalize(folder, "--preset", "none", "--crop", "48x57")
        self.assert_equal_rows(out, transform, 6)

    def test_the_bytes_do_not_depend_on_the_number_of_threads(self):
        one, two, eight = (
            self.normalize(
                SAMPLES, "--preset", "imagenet", "-j", j, code=SOME_FAILED, out=f"{j}.npy"
            )
            for j in ("1", "2", "8")
        )
        self.assertEqual(one.read_bytes(), two.read_bytes())
        self.assertEqual(one.read_bytes(), eight.read_bytes())
        manifests = {
            out.with_name(out.name + ".manifest.json").read_bytes() for out in (one, two, eight)
        }
        self.assertEqual(len(manifests), 1)

    def test_the_bytes_do_not_depend_on_the_simd_target_or_the_jpeg_decoder(self):
        folder = self.write_all(pictures_of_all_kinds(301, 229))
        usual = self.normalize(folder, "--preset", "imagenet").read_bytes()
        turbo = self.normalize(folder, "--preset", "imagenet", "--jpeg", "turbo", out="turbo.npy")
        self.assertEqual(turbo.read_bytes(), usual)
        for target in ("SCALAR", "SSE4", "AVX2"):
            out = self.folder / f"{target}.npy"
            result = run("normalize", folder, "--preset", "imagenet", "-o", out, IMNORM_SIMD=target)
            if result.returncode == 2 and "IMNORM_SIMD" in result.stderr and target != "SCALAR":
                continue  # this CPU has it not
            self.assert_exit(DONE, result)
            self.assertEqual(out.read_bytes(), usual, target)


if __name__ == "__main__":
    unittest.main()
