"""Random pictures through Python: the program's rows, torchvision's and transformers' tensors, bit for bit.

A few dozen pictures in a plain run, 1,000 in `scripts/test-slow python`, which has the newest
libraries; what is compared with nothing for want of a library is said.
"""

import os
import sys
import tempfile
import threading
import unittest
from pathlib import Path

import numpy as np
from PIL import Image

from imnorm_test import SLOW, ImnormTest, rows_of
from python_package import require_library
from random_pictures import write_pictures

require_library()
import imnorm  # noqa: E402

try:
    import torch
    import torchvision
except ImportError:
    torch = None
try:
    import transformers
except ImportError:
    transformers = None

COUNT = 1000 if SLOW else 40
MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
PILLOW = 13 if int(Image.__version__.split(".")[0]) >= 13 else 11
PROCESSORS = ("CLIP", "ViT", "Siglip", "ConvNext")


def plan_of(name, **settings):
    """With the order of passes of the Pillow that is installed."""
    plan = imnorm.Preprocessor(name, **settings).plan
    plan["resize"]["pillow"] = PILLOW
    return plan


def without(library, found):
    if found is None:
        if SLOW:
            sys.exit(f"{library} is not installed: scripts/test-slow python brings it")
        print(f"SKIPPED: nothing was compared with {library}, which is not installed", flush=True)
        raise unittest.SkipTest(library)


class Proofs(ImnormTest):
    @classmethod
    def setUpClass(cls):
        cls.root = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.root.cleanup)
        cls.paths = write_pictures(cls.root.name, COUNT)

    def program(self, *arguments):
        """The tensor that the program makes, its rows in the order of `paths`."""
        out = self.normalize(self.root.name, *arguments, "--force")
        self.assertEqual(
            [Path(self.root.name) / os.fsdecode(path) for path in rows_of(out)], self.paths
        )
        return np.load(out)

    def test_rows_are_the_programs_from_1_2_and_8_threads(self):
        for name, flags, settings in (
            ("imagenet", [], {}),
            ("clip", ["--dtype", "float16"], {"dtype": "float16"}),
            ("siglip", ["--like", "hf-fast", "--layout", "nhwc"], {"like": "hf-fast", "layout": "nhwc"}),
        ):
            expected = self.program("--preset", name, *flags)
            for threads in (1, 2, 8):
                rows = imnorm.Preprocessor(name, threads=threads, **settings)(self.paths)
                self.assertEqual(rows.tobytes(), expected.tobytes(), (name, threads))

    def test_rows_are_the_programs_from_2_and_8_threads_of_the_caller(self):
        expected = self.program("--preset", "imagenet")
        preprocess = imnorm.Preprocessor("imagenet")
        for count in (2, 8):
            rows = np.zeros_like(expected)

            def work(first, rows=rows, count=count):
                for i in range(first, len(self.paths), count):
                    preprocess.row(self.paths[i], out=rows[i])

            threads = [threading.Thread(target=work, args=(i,)) for i in range(count)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual(rows.tobytes(), expected.tobytes(), count)

    def test_tensors_are_torchvisions_also_from_4_workers(self):
        without("torchvision", torch)
        from imnorm.torch import ImageFolder

        t = torchvision.transforms
        for name, transform in (
            ("imagenet", t.Compose([t.Resize(256), t.CenterCrop(224), t.ToTensor(),
                                    t.Normalize(MEAN, STD)])),
            ("clip", t.Compose([t.Resize(224, t.InterpolationMode.BICUBIC), t.CenterCrop(224),
                                t.ToTensor(), t.Normalize((0.48145466, 0.4578275, 0.40821073),
                                                          (0.26862954, 0.26130258, 0.27577711))])),
        ):  # fmt: skip
            theirs = torchvision.datasets.ImageFolder(self.root.name, transform)
            ours = ImageFolder(self.root.name, plan_of(name))
            self.assertEqual(ours.samples, theirs.samples)
            loader = torch.utils.data.DataLoader(ours, 16, num_workers=4)
            at = 0
            for rows, labels in loader:
                for row, label in zip(rows, labels, strict=True):
                    expected, their_label = theirs[at]
                    self.assertEqual(int(label), their_label)
                    self.assertTrue(torch.equal(row, expected), (name, theirs.samples[at]))
                    at += 1
            self.assertEqual(at, COUNT)

    def test_tensors_are_those_of_transformers(self):
        without("transformers", transformers)
        from imnorm.huggingface import ImageProcessor

        for name in (f"{stem}ImageProcessor{end}" for stem in PROCESSORS for end in ("", "Pil")):
            theirs = getattr(transformers, name)()
            ours = ImageProcessor(theirs)
            for i in range(0, COUNT, 50):
                paths = self.paths[i : i + 50]
                pictures = [Image.open(path).convert("RGB") for path in paths]
                expected = theirs(pictures, return_tensors="np")["pixel_values"]
                got = ours(paths)["pixel_values"]
                for path, one, other in zip(paths, got, expected, strict=True):
                    self.assertEqual(one.tobytes(), other.tobytes(), (name, path))

    def test_another_row_is_found(self):
        expected = imnorm.Preprocessor("imagenet")(self.paths[:2])
        other = imnorm.Preprocessor("imagenet", std=[0.229, 0.224, 0.2250001])(self.paths[:2])
        self.assertNotEqual(other.tobytes(), expected.tobytes())


if __name__ == "__main__":
    unittest.main()
