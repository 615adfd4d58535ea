"""The C interface, called as any language calls it: codes, reasons, sizes of structures, callbacks."""

import ctypes
import json
import re
import shutil
import subprocess
import unittest
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_size_t, c_uint32, c_void_p
from pathlib import Path

import numpy as np

from imnorm_test import SAMPLES, SOME_FAILED, SOURCE, ImnormTest, binary, jpeg, png, sanitized

LIBRARY = Path(binary()).parent / "libimnorm.so"
OK, BAD_ARGUMENT, BAD_CONFIG, NOT_FOUND, IO, UNSUPPORTED, CORRUPT, TOO_LARGE, CANCELLED = range(9)
INSTALLATION = 10

STOP = ctypes.CFUNCTYPE(c_int, c_void_p)
FAILURE = ctypes.CFUNCTYPE(None, c_void_p, c_char_p, c_int, c_char_p)
PROGRESS = ctypes.CFUNCTYPE(None, c_void_p, *[ctypes.c_uint64] * 3)


class Picture(Structure):
    _fields_ = [
        ("struct_size", c_size_t), ("format", c_char_p), ("width", ctypes.c_int32),
        ("height", ctypes.c_int32), ("channels", ctypes.c_int32), ("bits", ctypes.c_int32),
        ("has_alpha", ctypes.c_int32), ("progressive", ctypes.c_int32),
        ("orientation", ctypes.c_int32), ("frames", ctypes.c_uint64),
    ]  # fmt: skip


class Shape(Structure):
    _fields_ = [
        ("struct_size", c_size_t), ("sizes", ctypes.c_int64 * 3), ("dtype", c_char_p),
        ("bytes", c_size_t),
    ]  # fmt: skip


class Job(Structure):
    _fields_ = [
        ("struct_size", c_size_t), ("inputs", POINTER(c_char_p)), ("input_count", c_size_t),
        ("plan", c_void_p), ("output", c_char_p), ("format", c_char_p), ("overwrite", c_int),
        ("strict", c_int), ("threads", c_int), ("user", c_void_p), ("stop", STOP),
        ("on_failure", FAILURE), ("on_progress", PROGRESS),
    ]  # fmt: skip


class Outcome(Structure):
    _fields_ = [
        ("struct_size", c_size_t), ("inputs", ctypes.c_uint64), ("done", ctypes.c_uint64),
        ("failed", ctypes.c_uint64), ("passed_over", ctypes.c_uint64),
        ("shape", ctypes.c_int64 * 4), ("seconds", ctypes.c_double),
    ]  # fmt: skip


def sized(kind, **fields):
    return kind(struct_size=ctypes.sizeof(kind), **fields)


@unittest.skipIf(sanitized(), "a sanitized library needs a sanitized program")
class CApi(ImnormTest):
    @classmethod
    def setUpClass(cls):
        cls.c = cls.load(LIBRARY)

    @staticmethod
    def load(path):
        library = ctypes.CDLL(str(path))
        for name in ("imnorm_last_error", "imnorm_plan_json", "imnorm_version"):
            getattr(library, name).restype = c_char_p
        return library

    def plan(self, name=b"imagenet"):
        plan = c_void_p()
        self.assertEqual(self.c.imnorm_plan_from_preset(name, byref(plan)), OK)
        self.addCleanup(self.c.imnorm_plan_free, plan)
        return plan

    def preprocessor(self, plan):
        made = c_void_p()
        self.assertEqual(self.c.imnorm_preprocessor_new(plan, byref(made)), OK)
        self.addCleanup(self.c.imnorm_preprocessor_free, made)
        return made

    def job(self, *inputs, **fields):
        paths = (c_char_p * len(inputs))(*[str(path).encode() for path in inputs])
        return sized(Job, inputs=paths, input_count=len(inputs), **fields)

    def reason(self):
        return self.c.imnorm_last_error().decode()

    def test_nothing_else_is_exported(self):
        table = subprocess.check_output(["nm", "-D", "--defined-only", LIBRARY], encoding="utf-8")
        names = {line.split()[-1].split("@")[0] for line in table.splitlines()}
        declared = set(re.findall(r"\b(imnorm_\w+)\(", (SOURCE / "include/imnorm/c.h").read_text()))
        self.assertEqual(names - {"IMNORM_1"}, declared)

    def test_versions(self):
        header = (SOURCE / "include/imnorm/c.h").read_text()
        told = re.search(r"define IMNORM_C_VERSION (\d+)", header).group(1)
        self.assertEqual(self.c.imnorm_c_version(), int(told))
        self.assertRegex(self.c.imnorm_version().decode(), r"^\d+\.\d+\.\d+$")

    def test_a_plan_comes_back_from_its_own_json(self):
        text = self.c.imnorm_plan_json(self.plan(b"clip"))
        again = c_void_p()
        self.assertEqual(self.c.imnorm_plan_from_json(text, len(text), byref(again)), OK)
        values = json.loads(text)["values"]
        self.assertEqual(json.loads(self.c.imnorm_plan_json(again))["values"], values)
        self.c.imnorm_plan_free(again)

    def test_errors_are_codes_with_reasons(self):
        plan = c_void_p()
        self.assertEqual(self.c.imnorm_plan_from_preset(b"imagnet", byref(plan)), NOT_FOUND)
        self.assertIn("imagenet", self.reason())
        self.assertEqual(self.c.imnorm_plan_from_json(b"{", 1, byref(plan)), BAD_CONFIG)
        self.assertNotIn("imagnet", self.reason())
        self.assertIsNone(plan.value)
        picture = sized(Picture)
        self.assertEqual(self.c.imnorm_probe(b"words", 5, byref(picture)), UNSUPPORTED)
        self.assertIn("text", self.reason())
        self.assertEqual(self.c.imnorm_probe(b"", 0, byref(picture)), CORRUPT)
        self.c.imnorm_plan_free(None)
        self.c.imnorm_preprocessor_free(None)
        self.c.imnorm_text_free(None)

    def test_a_probe(self):
        data = png(31, 17)
        picture = sized(Picture)
        self.assertEqual(self.c.imnorm_probe(data, len(data), byref(picture)), OK)
        self.assertEqual(picture.format, b"png")
        told = (picture.width, picture.height, picture.channels, picture.bits, picture.frames)
        self.assertEqual(told, (31, 17, 3, 8, 1))

    def test_a_caller_that_knows_less_of_a_structure_gets_less(self):
        data = png(31, 17)
        picture = Picture(struct_size=Picture.height.offset, height=77)
        self.assertEqual(self.c.imnorm_probe(data, len(data), byref(picture)), OK)
        self.assertEqual((picture.width, picture.height), (31, 77))
        self.assertEqual(self.c.imnorm_probe(data, len(data), byref(Picture())), BAD_ARGUMENT)
        self.assertIn("struct_size", self.reason())
        job = self.job(SAMPLES)
        job.struct_size = 0
        text = c_char_p()
        self.assertEqual(self.c.imnorm_measure(byref(job), byref(text), None), BAD_ARGUMENT)

    def test_rows_are_those_of_the_command(self):
        made = self.preprocessor(self.plan())
        shape = sized(Shape)
        self.assertEqual(self.c.imnorm_preprocessor_shape(made, None, c_size_t(0), byref(shape)), OK)
        self.assertEqual((list(shape.sizes), shape.dtype), ([3, 224, 224], b"float32"))
        row = np.empty(shape.bytes // 4, np.float32)
        for name in ("coast/cliffs.jpg", "garden/marbles_16bit.png", "city/tower_block.bmp"):
            data = (SAMPLES / name).read_bytes()
            notes = c_uint32()
            code = self.c.imnorm_preprocessor_run(
                made, data, c_size_t(len(data)), row.ctypes.data_as(c_void_p),
                c_size_t(shape.bytes), byref(notes),
            )  # fmt: skip
            self.assertEqual(code, OK, self.reason())
            self.assertEqual(bool(notes.value & 2), "16bit" in name)
            out = self.normalize(SAMPLES / name, "--preset", "imagenet", "--force")
            self.assertEqual(row.tobytes(), np.load(out).tobytes())
        code = self.c.imnorm_preprocessor_run(
            made, data, c_size_t(len(data)), row.ctypes.data_as(c_void_p),
            c_size_t(shape.bytes - 1), None,
        )  # fmt: skip
        self.assertEqual(code, BAD_ARGUMENT)

    def test_a_missing_module_has_a_code_of_its_own(self):
        # A library that was copied without its modules.
        self.c = self.load(shutil.copy(LIBRARY, self.folder / "libimnorm.so"))
        data = (SAMPLES / "garden/pond.tif").read_bytes()
        row = (ctypes.c_float * (3 * 224 * 224))()
        code = self.c.imnorm_preprocessor_run(
            self.preprocessor(self.plan()), data, c_size_t(len(data)), row,
            c_size_t(ctypes.sizeof(row)), None,
        )  # fmt: skip
        self.assertEqual(code, INSTALLATION)
        self.assertIn("imnorm_tiff.so", self.reason())

    def test_a_shape_that_is_the_pictures_needs_the_picture(self):
        made = self.preprocessor(self.plan(b"none"))
        shape = sized(Shape)
        code = self.c.imnorm_preprocessor_shape(made, None, c_size_t(0), byref(shape))
        self.assertEqual(code, BAD_ARGUMENT)
        data = png(31, 17)
        code = self.c.imnorm_preprocessor_shape(made, data, c_size_t(len(data)), byref(shape))
        self.assertEqual(code, OK)
        self.assertEqual(list(shape.sizes), [3, 17, 31])

    def test_a_run_tells_failures_and_progress_and_counts(self):
        self.write("p/a.jpg", jpeg())
        self.write("p/b.jpg", jpeg()[:200])
        self.write("p/c.txt", b"words")
        failures, progress = [], []
        job = self.job(
            self.folder / "p", plan=self.plan(), output=str(self.folder / "o.npy").encode(),
            on_failure=FAILURE(lambda user, path, code, text: failures.append((path, code, text))),
            on_progress=PROGRESS(lambda user, *counts: progress.append(counts)),
        )  # fmt: skip
        result = sized(Outcome)
        self.assertEqual(self.c.imnorm_normalize(byref(job), byref(result)), OK, self.reason())
        self.assertEqual(
            (result.inputs, result.done, result.failed, result.passed_over), (3, 1, 1, 1)
        )
        self.assertEqual(list(result.shape), [1, 3, 224, 224])
        self.assertEqual([(path[-5:], code) for path, code, _ in failures], [(b"b.jpg", CORRUPT)])
        self.assertEqual(progress[-1], (3, 1, 3))
        self.assertEqual(np.load(self.folder / "o.npy").shape, (1, 3, 224, 224))
        self.assertEqual(self.c.imnorm_normalize(byref(job), None), BAD_ARGUMENT)  # it exists
        job.overwrite = 1
        self.assertEqual(self.c.imnorm_normalize(byref(job), None), OK)
        job.strict = 1
        self.assertNotEqual(self.c.imnorm_normalize(byref(job), None), OK)
        self.assertIn("b.jpg", self.reason())

    def test_statistics_are_those_of_the_command(self):
        text = c_char_p()
        self.assertEqual(self.c.imnorm_measure(byref(self.job(SAMPLES)), byref(text), None), OK)
        self.assertEqual(json.loads(text.value), self.stats(SAMPLES, code=SOME_FAILED))
        self.c.imnorm_text_free(text)

    def test_a_tensor_is_an_input_of_either_run(self):
        array = np.random.default_rng(1).normal(0, 1, (5, 3, 4, 4)).astype(np.float32)
        path = self.folder / "t.npy"
        np.save(path, array)
        text = c_char_p()
        self.assertEqual(self.c.imnorm_measure(byref(self.job(path)), byref(text), None), OK)
        self.assertEqual(json.loads(text.value), self.stats(path))
        self.c.imnorm_text_free(text)
        out = self.folder / "o.npy"
        job = self.job(path, plan=self.plan(), output=str(out).encode())
        self.assertEqual(self.c.imnorm_normalize(byref(job), None), OK, self.reason())
        ours = self.normalize(path, "--preset", "imagenet", "--force")
        self.assertEqual(out.read_bytes(), ours.read_bytes())

    def test_a_stop_ends_a_run_without_an_output(self):
        job = self.job(
            SAMPLES, plan=self.plan(), output=str(self.folder / "o.npy").encode(),
            stop=STOP(lambda user: 1),
        )  # fmt: skip
        self.assertEqual(self.c.imnorm_normalize(byref(job), None), CANCELLED)
        self.assertFalse((self.folder / "o.npy").exists())
        text = c_char_p()
        self.assertEqual(self.c.imnorm_measure(byref(job), byref(text), None), CANCELLED)
        self.assertIsNone(text.value)

    def test_what_a_job_needs_is_asked_for(self):
        for job in (self.job(SAMPLES), self.job(SAMPLES, plan=self.plan()), self.job()):
            self.assertEqual(self.c.imnorm_normalize(byref(job), None), BAD_ARGUMENT)
        text = c_char_p()
        self.assertEqual(self.c.imnorm_measure(byref(self.job()), byref(text), None), BAD_ARGUMENT)
        missing = self.job(self.folder / "nowhere")
        self.assertEqual(self.c.imnorm_measure(byref(missing), byref(text), None), NOT_FOUND)


if __name__ == "__main__":
    unittest.main()
