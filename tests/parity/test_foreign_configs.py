#!/usr/bin/python3
"""imnorm normalize --preset CONFIG against independent readings of the same config, bit for bit."""
import os
import subprocess
import tempfile
import unittest

import numpy as np
from PIL import Image

import hf_reference
import timm_reference
from pillow_reference import LIVE

HERE = os.path.dirname(os.path.abspath(__file__))
IMNORM = os.environ["IMNORM"]

HF_CONFIGS = ["vit", "clip", "clip_legacy", "siglip", "nested_siglip", "dinov2", "convnext_224",
              "convnext_384", "deit", "deit_legacy"]
TIMM_CONFIGS = ["timm_resnet50", "timm_squash", "timm_border", "timm_oblong"]
OPEN_CLIP_CONFIGS = ["open_clip_shortest", "open_clip_longest", "open_clip_squash"]

# Odd margins both ways, upright and lying, smaller than every crop, one-pixel sides, the size asked.
SHAPES = [(500, 333), (333, 500), (257, 258), (259, 262), (64, 48), (1, 90), (224, 224), (640, 101)]


def write_pictures(folder):
    """Smooth colour with detail on it: every filter has work to do."""
    random = np.random.default_rng(7)
    for index, (width, height) in enumerate(SHAPES):
        y, x = np.mgrid[0:height, 0:width]
        planes = [127 + 90 * np.sin(x / 17 + c) * np.cos(y / 23 - c) for c in range(3)]
        pixels = np.stack(planes, 2) + random.normal(0, 24, (height, width, 3))
        picture = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
        picture.save(os.path.join(folder, f"{index:02}.png"))
    Image.open(os.path.join(folder, "00.png")).save(os.path.join(folder, "jpeg.jpg"), quality=90)


class ForeignConfigs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.pictures = os.path.join(cls.folder.name, "pictures")
        os.mkdir(cls.pictures)
        write_pictures(cls.pictures)
        cls.paths = [os.path.join(cls.pictures, name) for name in sorted(os.listdir(cls.pictures))]

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def normalized(self, config_path, flags):
        out = os.path.join(self.folder.name, "out.npy")
        subprocess.run([IMNORM, "normalize", self.pictures, "--preset", config_path, *flags, *LIVE,
                        "-o", out, "--force", "-q"], check=True, stdout=subprocess.DEVNULL)
        return np.load(out)

    def compare(self, name, reference, *flags):
        path = os.path.join(HERE, "configs", name + ".json")
        config = hf_reference.load_config(path)
        rows = self.normalized(path, flags)
        self.assertEqual(len(rows), len(self.paths))
        for picture, row in zip(self.paths, rows):
            with self.subTest(config=name, picture=os.path.basename(picture)):
                expected = reference(picture, config)
                self.assertEqual(row.shape, expected.shape)
                self.assertEqual(row.tobytes(), expected.tobytes(),
                                 f"worst difference {np.abs(row - expected).max()}")

    def test_hugging_face_configs_give_the_pillow_backends_bits(self):
        for name in HF_CONFIGS:
            self.compare(name, hf_reference.processed, "--like", "hf")

    def test_timm_configs_give_timms_bits(self):
        for name in TIMM_CONFIGS:
            self.compare(name, timm_reference.timm_processed)

    def test_open_clip_configs_give_open_clips_bits(self):
        for name in OPEN_CLIP_CONFIGS:
            self.compare(name, timm_reference.open_clip_processed)

    def test_a_config_with_an_unknown_step_is_refused_before_any_work(self):
        path = os.path.join(self.folder.name, "vivit.json")
        with open(path, "w", encoding="utf-8") as file:
            file.write('{"image_processor_type": "ViTImageProcessor", "do_zero_centering": true}')
        out = os.path.join(self.folder.name, "never.npy")
        run = subprocess.run([IMNORM, "normalize", self.pictures, "--preset", path, "-o", out],
                             capture_output=True, text=True, check=False)
        self.assertEqual(run.returncode, 2)
        self.assertIn("do_zero_centering", run.stderr)
        self.assertIn("vivit.json", run.stderr)
        self.assertFalse(os.path.exists(out))

    def test_transformers_itself_agrees(self):
        try:
            import transformers
        except ImportError:
            self.skipTest("transformers is not installed: compared with hf_reference.py only")
        for name in HF_CONFIGS:
            config = hf_reference.load_config(os.path.join(HERE, "configs", name + ".json"))
            config = config.get("image_processor", config)
            stem = hf_reference.stem_of(config)
            processor = getattr(transformers, stem + "ImageProcessor").from_dict(config)

            def reference(path, _, processor=processor):
                picture = Image.open(path).convert("RGB")
                return processor(picture, return_tensors="np", input_data_format="channels_last"
                                 )["pixel_values"][0]

            self.compare(name, reference, "--like", "hf")


if __name__ == "__main__":
    unittest.main()
