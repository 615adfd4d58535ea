#!/usr/bin/python3
"""The plan in a manifest gives a run's bytes again: every method, pictures and tensors."""

import json
import unittest

import numpy as np

from imnorm_test import DONE, USAGE, ImnormTest, jpeg, manifest_of, run


def safetensors(array):
    name = {"float32": "F32", "float16": "F16", "uint8": "U8"}[str(array.dtype)]
    header = json.dumps(
        {"x": {"dtype": name, "shape": array.shape, "data_offsets": [0, array.nbytes]}}
    ).encode()
    return len(header).to_bytes(8, "little") + header + array.tobytes()


OUTPUTS = {
    "float32": (),
    "float16 nhwc": ("--dtype", "float16", "--layout", "nhwc"),
    "int8": ("--dtype", "int8", "--qscale", "0.03", "--qzero", "-3"),
}
METHODS = {
    "given": ("--mean", "0.4,0.5,0.6", "--std", "0.2,0.3,0.4"),
    "given on another scale": ("--mean", "100", "--std", "51", "--scale", "1"),
    "preset": ("--preset", "imagenet"),
    "preset of bytes": ("--preset", "caffe"),
    "preset of another scale": ("--preset", "tf"),
    "batch": ("--method", "batch", "--batch-size", "2", "--eps", "0.01"),
    "batch without the last": ("--method", "batch", "--batch-size", "3", "--drop-last"),
    "batch on another scale": ("--method", "batch", "--scale", "51"),
    "layer": ("--method", "layer", "--eps", "0.1"),
    "instance": ("--method", "instance", "--gamma", "1,2,3", "--beta", "0,1,2"),
    "group": ("--method", "group", "--groups", "3"),
    "none": ("--method", "none"),
}
INVERSES = {
    "given": ("--denormalize", "--mean", "0.4,0.5,0.6", "--std", "0.2,0.3,0.4"),
    "given to bytes": ("--denormalize", "--mean", "0.5", "--std", "0.3", "--dtype", "uint8"),
    "given times a scale": ("--denormalize", "--mean", "0.5", "--std", "0.3", "--scale", "100"),
}


class Inputs(ImnormTest):
    """The same samples as pictures and as tensors of every kind."""

    def setUp(self):
        super().setUp()
        random = np.random.default_rng(5)
        floats = random.uniform(0, 1, (4, 3, 5, 6)).astype(np.float32)
        levels = random.integers(0, 256, (4, 3, 5, 6), dtype=np.uint8)
        self.floats = self.write("floats.safetensors", safetensors(floats))
        for name, array in (("floats", floats), ("half", floats.astype(np.float16)), ("levels", levels)):
            np.save(self.folder / f"{name}.npy", array)
        self.write("levels.safetensors", safetensors(levels))
        self.pictures = self.folder / "pictures"
        for i in range(4):
            self.write(f"pictures/{i}.jpg", jpeg(40, 30, i))
        self.inputs = {
            "pictures": (self.pictures, "--resize", "13x11", "--crop", "none"),
            **{name: (self.folder / name,) for name in (
                "floats.npy", "half.npy", "levels.npy", "floats.safetensors", "levels.safetensors")},
        }  # fmt: skip


class PlanOfTensors(Inputs):
    def assert_reproduced(self, source, *flags):
        out = self.normalize(*source, *flags, "--force")
        usual = out.read_bytes()
        plan = manifest_of(out)["plan"]
        again = self.normalize(source[0], "--config", f"{out}.manifest.json", out="again.npy")
        self.assertEqual(again.read_bytes(), usual)
        self.assertEqual(manifest_of(again)["plan"], plan)
        again.unlink()

    def test_every_method_over_pictures_and_tensors(self):
        for name, source in self.inputs.items():
            for method, flags in METHODS.items():
                for output, more in OUTPUTS.items():
                    with self.subTest(input=name, method=method, output=output):
                        self.assert_reproduced(source, *flags, *more)

    def test_every_inverse_of_a_tensor(self):
        state = self.folder / "state.safetensors"
        self.normalize(self.floats, "--method", "batch", "--state-out", state, "--force")
        inverses = {
            **INVERSES,
            "batch": ("--denormalize", "--method", "batch", "--state-in", state),
        }
        for name in ("floats.npy", "half.npy", "floats.safetensors"):
            for inverse, flags in inverses.items():
                with self.subTest(input=name, inverse=inverse):
                    self.assert_reproduced((self.folder / name,), *flags)

    def test_running_statistics_and_their_use(self):
        state = self.folder / "state.safetensors"
        for name, source in self.inputs.items():
            with self.subTest(name):
                self.assert_reproduced(source, "--method", "batch", "--state-out", state)
                self.assert_reproduced(source, "--method", "batch", "--state-in", state, "--eval")

    def test_statistics_from_a_file_and_from_the_input(self):
        for name, source in self.inputs.items():
            with self.subTest(name):
                stats = self.folder / "stats.json"
                self.assert_exit(DONE, run("stats", source[0], "-o", stats, "--force"))
                self.assert_reproduced(source, "--stats", stats)
                self.assert_reproduced(source, "--stats", "auto")
                self.assert_reproduced(source, "--stats", "auto", "--scale", "51")

    def test_measured_mean_and_std_leave_a_mean_of_0_and_a_std_of_1(self):
        for name, source in self.inputs.items():
            for more in ((), ("--scale", "51"), ("--preset", "caffe"), ("--preset", "tf"),
                         ("--preset", "clip"), ("--channels", "bgr")):  # fmt: skip
                if name != "pictures" and more[:1] == ("--channels",):
                    continue
                with self.subTest(input=name, more=more):
                    out = self.normalize(*source, *more, "--stats", "auto", "--force")
                    values = np.load(out).astype(np.float64)
                    np.testing.assert_allclose(values.mean(axis=(0, 2, 3)), 0, atol=1e-5)
                    np.testing.assert_allclose(values.std(axis=(0, 2, 3)), 1, atol=1e-5)

    def test_the_inverse_brings_bytes_back_whatever_the_scale_was(self):
        levels = np.load(self.folder / "levels.npy")
        stats = self.folder / "stats.json"
        for scale in ((), ("--scale", "1"), ("--scale", "51")):
            with self.subTest(scale=scale):
                self.assert_exit(
                    DONE, run("stats", self.folder / "levels.npy", *scale, "-o", stats, "--force")
                )
                there = self.normalize(self.folder / "levels.npy", "--stats", stats, "--force")
                flags = ["--denormalize", "--stats", stats, "--dtype", "uint8", "--force"]
                back = self.normalize(there, *flags, out="back.npy")
                self.assertTrue(np.array_equal(np.load(back), levels))

    def test_a_tensor_of_other_channels_than_a_picture_has(self):
        features = self.folder / "features.npy"
        np.save(features, np.random.default_rng(6).normal(3, 2, (7, 5)).astype(np.float32))
        self.assert_reproduced((features,), "--mean", "1,2,3,4,5", "--std", "1")
        self.assert_reproduced((features,), "--stats", "auto")
        self.assert_reproduced((features,), "--method", "group", "--groups", "1")

    def test_where_a_run_wrote_its_state_and_report_is_not_in_its_plan(self):
        state, report = self.folder / "s.safetensors", self.folder / "r.json"
        out = self.normalize(
            self.floats, "--method", "batch", "--state-out", state, "--report-norm", report
        )
        text = json.dumps(manifest_of(out)["plan"])
        self.assertNotIn(state.name, text)
        self.assertNotIn(report.name, text)
        old = manifest_of(out)["plan"]
        old["layer"]["state_out"] = str(self.folder / "never.safetensors")
        config = self.write("old.json", json.dumps(old).encode())
        self.normalize(self.floats, "--config", config, "--force")
        self.assertFalse((self.folder / "never.safetensors").exists())

    def test_the_plan_of_an_inverse_is_refused_for_pictures(self):
        out = self.normalize(self.floats, *INVERSES["given"])
        result = run(
            "normalize", self.pictures, "--config", f"{out}.manifest.json", "-o", self.folder / "no.npy"
        )
        self.assert_exit(USAGE, result)
        self.assertIn("tensor", result.stderr)


class PrintedPlan(Inputs):
    def plan(self, *flags):
        result = run("normalize", *flags, "--print-plan")
        self.assert_exit(DONE, result)
        return json.loads(result.stdout)

    def test_the_plan_that_is_printed_is_the_one_that_runs(self):
        stats = self.folder / "stats.json"
        for name, source in self.inputs.items():
            self.assert_exit(DONE, run("stats", source[0], "-o", stats, "--force"))
            for given in (stats, "auto"):
                with self.subTest(input=name, stats=str(given)):
                    printed = self.plan(*source, "--stats", given)
                    out = self.normalize(*source, "--stats", given, "--force")
                    self.assertEqual(printed, manifest_of(out)["plan"])
                    self.assertEqual(len(printed["values"]["mean"]), 3)

    def test_statistics_from_a_file_need_no_input_to_be_printed(self):
        stats = self.folder / "stats.json"
        self.assert_exit(DONE, run("stats", self.pictures, "-o", stats))
        measured = json.loads(stats.read_text())
        self.assertEqual(self.plan("--stats", stats)["values"]["mean"], measured["mean"])

    def test_a_dry_run_shows_the_mean_and_std_that_would_be_used(self):
        for name, source in self.inputs.items():
            with self.subTest(name):
                mean = self.plan(*source, "--stats", "auto")["values"]["mean"]
                out = self.folder / "never.npy"
                result = run("normalize", *source, "--stats", "auto", "-o", out, "--dry-run")
                self.assert_exit(DONE, result)
                self.assertIn(", ".join(map(repr, mean)), result.stdout)
                self.assertFalse(out.exists())

    def test_a_scale_that_the_statistics_do_not_have_is_refused(self):
        stats = self.folder / "stats.json"
        self.assert_exit(DONE, run("stats", self.pictures, "-o", stats))
        result = run("normalize", self.pictures, "--stats", stats, "--scale", "51", "--print-plan")
        self.assert_exit(USAGE, result)
        self.assertIn("--scale", result.stderr)


if __name__ == "__main__":
    unittest.main()
