"""The Python package: its examples, what it takes, what it says, what it survives."""

import doctest
import importlib
import io
import json
import os
import pickle
import subprocess
import sys
import unittest

import numpy as np
from PIL import Image

from imnorm_test import SAMPLES, SOURCE, ImnormTest, jpeg, pictures_of_all_kinds, pixels, png
from python_package import require_library

require_library()
import imnorm  # noqa: E402

PACKAGE = SOURCE / "python" / "imnorm"


def python(code, *arguments, **environment):
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], capture_output=True, encoding="utf-8",
        timeout=120, env={**os.environ, **environment},
    )  # fmt: skip


class Examples(ImnormTest):
    def test_those_of_docstrings_run(self):
        (self.folder / "sample_images").symlink_to(SAMPLES)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.folder)
        attempted = 0
        for path in sorted(PACKAGE.glob("*.py")):
            text = path.read_text()
            if ">>>" not in text or path.stem in ("torch", "huggingface", "webdataset"):
                continue  # those three: with their libraries, in test_torch.py
            name = "imnorm" if path.stem == "__init__" else f"imnorm.{path.stem}"
            result = doctest.testmod(importlib.import_module(name))
            self.assertEqual(result.failed, 0, name)
            attempted += result.attempted
        self.assertGreater(attempted, 15)


class Package(ImnormTest):
    def test_import_brings_neither_numpy_nor_the_library(self):
        code = "import sys, imnorm; print(sorted({'numpy', 'ctypes'} & set(sys.modules)))"
        self.assertEqual(python(code).stdout, "[]\n")

    def test_every_public_name_is_there_and_typed(self):
        for name in imnorm.__all__:
            self.assertTrue(callable(getattr(imnorm, name)), name)
        for name in set(dir(imnorm)) & set(imnorm._MODULES):
            self.assertTrue((PACKAGE / f"{name}.py").exists(), name)
        self.assertTrue((PACKAGE / "py.typed").exists())
        with self.assertRaises(AttributeError):
            imnorm.nothing

    def test_a_missing_library_is_said(self):
        result = python("import imnorm; imnorm.presets()", IMNORM_LIBRARY="/nowhere/libimnorm.so")
        self.assertIn("ImportError: no libimnorm (/nowhere/libimnorm.so", result.stderr)

    def test_the_program_is_the_module_run(self):
        result = subprocess.run(
            [sys.executable, "-m", "imnorm", "stats", str(self.folder / "nothing")],
            capture_output=True, encoding="utf-8", timeout=60,
        )  # fmt: skip
        self.assertEqual(result.returncode, 2)
        self.assertIn("nothing", result.stderr)


class Plans(ImnormTest):
    def test_a_name_a_file_a_dict_and_a_plan_are_one(self):
        whole = imnorm.Preprocessor("clip").plan
        again = imnorm.Preprocessor(whole)
        self.assertEqual(again.plan, whole)
        hf = {
            "image_processor_type": "CLIPImageProcessor", "do_resize": True, "resample": 3,
            "size": {"shortest_edge": 224}, "do_center_crop": True, "crop_size": 224,
            "do_normalize": True, "image_mean": [0.1, 0.2, 0.3], "image_std": [1, 1, 1],
        }  # fmt: skip
        path = self.write("preprocessor_config.json", json.dumps(hf).encode())
        from_file, from_dict = imnorm.Preprocessor(path), imnorm.Preprocessor(hf)
        self.assertEqual(from_dict.plan["values"], from_file.plan["values"])
        self.assertEqual(from_dict.plan["values"]["mean"], [0.1, 0.2, 0.3])

    def test_settings_go_over_it(self):
        p = imnorm.Preprocessor("imagenet", like="hf", dtype=np.float16, layout="nhwc",
                                channels="bgr", exif="apply", std=[1, 2, 4])  # fmt: skip
        self.assertEqual((p.plan["like"], p.plan["exif"], p.dtype), ("hf", "apply", "float16"))
        self.assertEqual(p.shape, (224, 224, 3))
        self.assertEqual(p.plan["values"]["mean"], [0.406, 0.456, 0.485])
        self.assertEqual(p.plan["values"]["std"], [1, 2, 4])
        with self.assertRaisesRegex(imnorm.BadArgumentError, "float32"):
            imnorm.Preprocessor("imagenet", dtype="float31")
        with self.assertRaisesRegex(ValueError, "std 0"):
            imnorm.Preprocessor("imagenet", std=[0, 1, 1])

    def test_what_is_wrong_is_said(self):
        with self.assertRaisesRegex(imnorm.NotFoundError, "imagenet"):
            imnorm.Preprocessor("imagnet")
        with self.assertRaises(imnorm.BadConfigError):
            imnorm.Preprocessor({"schema": "imnorm.plan/1", "lke": "hf"})
        with self.assertRaises(ValueError):
            imnorm.Preprocessor("imagenet", threads=-1)


class Pictures(ImnormTest):
    def test_of_every_kind_one_picture_gives_one_row(self):
        preprocess = imnorm.Preprocessor("imagenet")
        array = pixels(90, 70)
        data = png(90, 70)
        path = self.write("a.png", data)
        expected = preprocess(data)
        self.assertEqual((expected.shape, expected.dtype), ((1, 3, 224, 224), np.float32))
        wide = np.zeros((70, 200, 3), np.uint8)
        wide[:, 40:130] = array
        for picture in (
            str(path), path, bytearray(data), memoryview(data), np.frombuffer(data, np.uint8),
            array, np.asfortranarray(array), wide[:, 40:130], array[::-1][::-1],
            Image.fromarray(array), Image.open(path), [path], (data,), array[None],
        ):  # fmt: skip
            np.testing.assert_array_equal(preprocess(picture), expected)
        np.testing.assert_array_equal(preprocess.row(path), expected[0])

    def test_pil_pictures_of_all_modes_are_their_files(self):
        preprocess = imnorm.Preprocessor("imagenet", exif="ignore")
        compared = 0
        for name, data in pictures_of_all_kinds().items():
            picture = Image.open(io.BytesIO(data))
            row = preprocess.row(data)
            if picture.mode == "P" and "transparency" in picture.info:
                picture = picture.convert("RGBA")
            np.testing.assert_array_equal(preprocess.row(picture), row, name)
            compared += 1
        self.assertGreater(compared, 20)
        deep = np.arange(64 * 64, dtype=np.uint16).reshape(64, 64) * 16
        np.testing.assert_array_equal(
            preprocess.row(Image.fromarray(deep)), preprocess.row((deep >> 8).astype(np.uint8))
        )

    def test_alpha_is_the_plans_business(self):
        plan = imnorm.Preprocessor("imagenet").plan
        plan["alpha"] = "white"
        rgba = pixels(64, 64, 3, 4)
        file = io.BytesIO()
        Image.fromarray(rgba).save(file, "PNG")
        white = imnorm.Preprocessor(plan)
        np.testing.assert_array_equal(white(rgba), white(file.getvalue()))
        dropping = imnorm.Preprocessor("imagenet")
        self.assertFalse(np.array_equal(dropping(rgba), white(rgba)))
        self.assertEqual((dropping.notes, white.notes), ({"alpha_dropped": 1}, {}))

    def test_what_is_no_picture_is_refused(self):
        preprocess = imnorm.Preprocessor("imagenet")
        for wrong in (
            np.zeros((8, 8, 3), np.float32), np.zeros((8, 8, 5), np.uint8), 7, None, [3.5],
            np.zeros((0, 8, 3), np.uint8), np.zeros((8, 0, 3), np.uint8), b"", b"words",
            np.zeros((2, 2, 8, 8, 3), np.uint8),
        ):  # fmt: skip
            with self.assertRaises(imnorm.ImnormError, msg=repr(wrong)[:60]):
                preprocess(wrong)
        with self.assertRaises(FileNotFoundError):
            preprocess(self.folder / "nothing.jpg")
        self.assertEqual(preprocess([]).shape, (0, 3, 224, 224))

    def test_shapes_that_pictures_decide(self):
        preprocess = imnorm.Preprocessor("none")
        self.assertIsNone(preprocess.shape)
        self.assertEqual(preprocess([png(31, 17)] * 2).shape, (2, 3, 17, 31))
        self.assertEqual(preprocess.row(pixels(9, 5)).shape, (3, 5, 9))
        with self.assertRaises(imnorm.BadArgumentError):
            preprocess([png(31, 17), png(17, 31)])
        with self.assertRaises(imnorm.BadArgumentError):
            preprocess([])

    def test_a_probe(self):
        found = imnorm.probe(self.write("a.jpg", jpeg(40, 30, progressive=True)))
        self.assertEqual(found, ("jpeg", 40, 30, 3, 8, False, True, 1, 1))


class Out(ImnormTest):
    def test_is_written_and_nothing_else(self):
        preprocess = imnorm.Preprocessor("clip")
        held = np.full((4, 3, 224, 224), 7, np.float32)
        given = preprocess([png(), png(seed=1)], out=held[1:3])
        self.assertIs(given.base, held)
        np.testing.assert_array_equal(given, preprocess([png(), png(seed=1)]))
        self.assertTrue((held[[0, 3]] == 7).all())

    def test_of_another_kind_is_refused(self):
        preprocess = imnorm.Preprocessor("clip")
        read_only = np.zeros((1, 3, 224, 224), np.float32)
        read_only.flags.writeable = False
        for out in (
            np.zeros((2, 3, 224, 224), np.float32), np.zeros((1, 3, 224, 224), np.float64),
            np.zeros((1, 3, 224, 448), np.float32)[..., ::2], read_only, bytearray(9), 7,
        ):  # fmt: skip
            with self.assertRaises(imnorm.BadArgumentError):
                preprocess(png(), out=out)

    def test_bfloat16_is_none_of_numpys(self):
        with self.assertRaisesRegex(imnorm.BadArgumentError, "torch"):
            imnorm.Preprocessor("clip", dtype="bfloat16")(png())


class Errors(ImnormTest):
    def test_have_path_code_and_survive_pickling(self):
        bad = self.write("bad.jpg", jpeg()[:200])
        with self.assertRaises(imnorm.CorruptError) as caught:
            imnorm.Preprocessor("imagenet")([png(), bad])
        error = caught.exception
        self.assertEqual((error.path, error.code), (str(bad), "corrupt"))
        self.assertTrue(str(error).startswith(f"{bad}: "))
        again = pickle.loads(pickle.dumps(error))
        self.assertEqual((type(again), str(again), again.path), (type(error), str(error), str(bad)))
        self.assertEqual(str(type(error)(str(error))), str(error))  # as a DataLoader makes it anew

    def test_the_first_bad_picture_is_named_whatever_the_threads(self):
        good, bad = png(), self.write("bad.jpg", jpeg()[:200])
        worse = self.write("worse.jpg", b"words")
        for threads in (1, 2, 8):
            preprocess = imnorm.Preprocessor("imagenet", threads=threads)
            for _ in range(5):
                with self.assertRaises(imnorm.CorruptError) as caught:
                    preprocess([good] * 5 + [bad] + [good] * 3 + [worse] + [good] * 9)
                self.assertEqual(caught.exception.path, str(bad))


if __name__ == "__main__":
    unittest.main()
