"""examples/consumers: each is run as its first lines say, and reads the values that were written.

Those whose libraries Debian does not have are left out, and named, but for `scripts/test-slow
consumers`, which runs this file in an environment that has them all.
"""

import contextlib
import importlib.util
import io
import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

import numpy as np

from imnorm_test import SLOW, SOURCE, ImnormTest, binary

CONSUMERS = SOURCE / "examples/consumers"
# What an example needs beyond numpy.
NEEDS = {
    "torch_npy": ["torch"],
    "torch_safetensors": ["torch", "safetensors"],
    "webdataset_loader": ["torch", "webdataset"],
    "onnxruntime_calibration": ["onnx", "onnxruntime"],
    "onnxruntime_int8": ["onnx", "onnxruntime"],
}
# Each after those whose files it reads.
ORDER = [
    "numpy_mmap", "torch_npy", "torch_safetensors", "webdataset_loader",
    "onnxruntime_calibration", "onnxruntime_int8", "trtexec_input", "snpe_input_list",
]  # fmt: skip
PLAN = ["--resize", "32x24", "--mean", "0.5,0.4,0.3", "--std", "0.25"]


def missing(*examples):
    needed = {module for example in examples for module in NEEDS.get(example, [])}
    return sorted(module for module in needed if importlib.util.find_spec(module) is None)


def load(name):
    """An example as a module: its functions are what people copy."""
    spec = importlib.util.spec_from_file_location(name, CONSUMERS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # where a DataLoader's workers look for its classes
    spec.loader.exec_module(module)
    return module


def write_model(path):
    """A small network over [n, 3, 224, 224] of random weights."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    rng = np.random.default_rng(1)

    def weight(name, *shape):
        return numpy_helper.from_array(rng.normal(0, 0.1, shape).astype(np.float32), name)

    nodes = [
        helper.make_node("Conv", ["input", "kernels"], ["a"], strides=[8, 8]),
        helper.make_node("Relu", ["a"], ["b"]),
        helper.make_node("GlobalAveragePool", ["b"], ["c"]),
        helper.make_node("Flatten", ["c"], ["d"]),
        helper.make_node("MatMul", ["d", "last"], ["out"]),
    ]
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["n", 3, 224, 224])],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, ["n", 5])],
        [weight("kernels", 8, 3, 8, 8), weight("last", 8, 5)],
    )
    opset = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=8), path)


class Consumers(ImnormTest):
    def setUp(self):
        super().setUp()
        for name in ("cat", "dog", "eel"):
            self.write_pictures(4, under=f"photos/{name}", width=260, height=240)
        self.photos = self.folder / "photos"

    def need(self, *examples):
        if lacking := missing(*examples):
            self.assertFalse(SLOW, f"not run: no {', '.join(lacking)}")
            self.skipTest(f"no {', '.join(lacking)}: scripts/test-slow consumers brings it")

    def whole(self, *flags, plan=PLAN):
        return np.load(self.normalize(self.photos, *plan, *flags, out="whole.npy"))

    def shell(self, command):
        """A line as a person types it, where imnorm, python3 and the examples are at hand."""
        tools = self.folder / "bin"
        if not tools.exists():
            tools.mkdir()
            (tools / "imnorm").symlink_to(Path(binary()).resolve())
            (tools / "python3").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
            (tools / "python3").chmod(0o755)
            for example in CONSUMERS.glob("*.py"):
                (self.folder / example.name).symlink_to(example)
        done = subprocess.run(
            ["bash", "-ec", command],
            cwd=self.folder,
            env={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"},
            capture_output=True,
            encoding="utf-8",
            timeout=300,
        )
        self.assertEqual(done.returncode, 0, f"{command}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def test_every_example_runs_as_its_first_lines_say(self):
        self.assertEqual(sorted(ORDER), sorted(p.stem for p in CONSUMERS.glob("*.py")))
        left_out = [name for name in ORDER if missing(name)]
        for name in left_out:
            print(f"NOT RUN: {name}.py, for want of {', '.join(missing(name))}", file=sys.stderr)
        self.assertFalse(SLOW and left_out, f"not run: {left_out}")
        if not missing("onnxruntime_calibration"):
            write_model(self.folder / "model.onnx")
        for name in ORDER:
            text = (CONSUMERS / f"{name}.py").read_text(encoding="utf-8").split('"""')[1]
            commands = re.findall(r"^(?:imnorm|python3) .*$", text, re.M)
            self.assertGreaterEqual(len(commands), 2, name)
            if name not in left_out:
                with self.subTest(example=name):
                    said = [self.shell(command) for command in commands]
                    if name != "onnxruntime_calibration":  # which writes a model
                        self.assertNotEqual(said[-1], "")

    def test_numpy_maps_the_rows_that_were_written(self):
        whole = self.whole()
        self.normalize(self.photos, *PLAN, "--shard-size", "5", out="parts.npy")
        batches = list(load("numpy_mmap").batches(self.folder.glob("parts-*.npy"), 2))
        self.assertTrue(all(isinstance(batch, np.memmap) for batch in batches))
        self.assertEqual([len(batch) for batch in batches], [2, 2, 1, 2, 2, 1, 2])
        np.testing.assert_array_equal(np.concatenate(batches), whole)

    def test_torch_reads_rows_and_labels_of_npy(self):
        self.need("torch_npy")
        whole = self.whole()
        data = load("torch_npy").NpyDataset(self.folder / "whole.npy")
        self.assert_data_set(data, whole)

    def test_torch_reads_rows_and_labels_of_safetensors(self):
        self.need("torch_safetensors")
        import torch

        whole = self.whole()
        module = load("torch_safetensors")
        self.normalize(self.photos, *PLAN, out="x.safetensors")
        self.assert_data_set(module.SafetensorsDataset(self.folder / "x.safetensors"), whole)
        self.normalize(self.photos, *PLAN, "--dtype", "bfloat16", out="half.safetensors")
        half = module.SafetensorsDataset(self.folder / "half.safetensors")
        for row in range(12):
            self.assertTrue(torch.equal(half[row][0], torch.from_numpy(whole[row]).bfloat16()))

    def assert_data_set(self, data, whole):
        from torch.utils.data import DataLoader

        self.assertEqual(len(data), 12)
        rows, labels = zip(*(pair for pair in DataLoader(data, batch_size=None, num_workers=2)))
        np.testing.assert_array_equal(np.stack([row.numpy() for row in rows]), whole)
        self.assertEqual([int(label) for label in labels], [0] * 4 + [1] * 4 + [2] * 4)

    def test_webdataset_reads_samples_and_classes(self):
        self.need("webdataset_loader")
        whole = self.whole()
        self.normalize(self.photos, *PLAN, "--shard-size", "5", out="x.tar")
        shards = sorted(map(str, self.folder.glob("x-*.tar")))
        self.assertEqual(len(shards), 3)
        rows, labels = zip(*load("webdataset_loader").samples(shards))
        np.testing.assert_array_equal(np.stack(rows), whole)
        self.assertEqual(list(labels), [0] * 4 + [1] * 4 + [2] * 4)

    def test_onnxruntime_calibrates_by_every_row_and_takes_its_own_step_from_us(self):
        self.need("onnxruntime_calibration", "onnxruntime_int8")
        import onnxruntime

        plan = ["--preset", "imagenet"]
        whole = self.whole(plan=plan)
        module = load("onnxruntime_calibration")
        reader = module.NpyReader(self.folder / "whole.npy", "input", batch=5)
        read = [batch["input"] for batch in iter(reader.get_next, None)]
        np.testing.assert_array_equal(np.concatenate(read), whole)
        model, quantized = self.folder / "model.onnx", self.folder / "quantized.onnx"
        write_model(model)
        module.main(str(model), self.folder / "whole.npy", str(quantized))
        module = load("onnxruntime_int8")
        with contextlib.redirect_stdout(io.StringIO()) as flags:
            module.main(quantized)
        rows = np.load(
            self.normalize(self.photos, *plan, *flags.getvalue().split(), out="int8.npy")
        )
        rest, scale, zero = module.without_first_step(quantized)
        self.assertEqual(rows.dtype, zero.dtype)
        # ONNX Runtime's own QuantizeLinear of the floats is these bytes.
        step = onnxruntime.InferenceSession(self.first_step(scale, zero))
        want = step.run(None, {"x": whole})[0]
        np.testing.assert_array_equal(rows, want)
        name = rest.graph.input[0].name
        rest = onnxruntime.InferenceSession(rest.SerializeToString())
        full = onnxruntime.InferenceSession(str(quantized))
        for row, floats in zip(rows, whole):
            np.testing.assert_array_equal(
                rest.run(None, {name: row[np.newaxis]})[0],
                full.run(None, {"input": floats[np.newaxis]})[0],
            )

    def test_symmetric_ranges_have_no_zero_point(self):
        self.need("onnxruntime_calibration", "onnxruntime_int8")
        model, quantized = str(self.folder / "model.onnx"), str(self.folder / "quantized.onnx")
        write_model(model)
        self.whole(plan=["--preset", "imagenet"])
        rows = str(self.folder / "whole.npy")
        calibrate = load("onnxruntime_calibration").main
        step = load("onnxruntime_int8").without_first_step
        calibrate(model, rows, quantized)
        self.assertNotEqual(step(quantized)[2], 0)
        calibrate(model, rows, quantized, "symmetric")
        self.assertEqual(step(quantized)[2], 0)

    @staticmethod
    def first_step(scale, zero):
        from onnx import TensorProto, helper, numpy_helper

        kind = helper.np_dtype_to_tensor_dtype(zero.dtype)
        graph = helper.make_graph(
            [helper.make_node("QuantizeLinear", ["x", "scale", "zero"], ["y"])],
            "step",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, None)],
            [helper.make_tensor_value_info("y", kind, None)],
            [numpy_helper.from_array(scale, "scale"), numpy_helper.from_array(zero, "zero")],
        )
        opset = [helper.make_opsetid("", 17)]
        return helper.make_model(graph, opset_imports=opset, ir_version=8).SerializeToString()

    def test_a_raw_file_is_what_trtexec_reads_into_its_binding(self):
        module = load("trtexec_input")
        for dtype in ("float32", "float16", "uint8", "int8"):
            for layout in ("nchw", "nhwc"):
                with self.subTest(dtype=dtype, layout=layout):
                    flags = ["--dtype", dtype, "--layout", layout, "--force"]
                    flags += ["--qscale", "0.02", "--qzero", "3"] if "int8" in dtype else []
                    whole = self.whole(*flags)
                    raw = self.normalize(self.photos, *PLAN, *flags, out="x.raw")
                    self.assertEqual(raw.read_bytes(), whole.tobytes())
                    with contextlib.redirect_stdout(io.StringIO()) as said:
                        module.main("in", raw)
                    sides = "12x3x24x32" if layout == "nchw" else "12x24x32x3"
                    self.assertIn(f"--shapes=in:{sides} ", said.getvalue())
        with open(raw, "ab") as file:
            file.write(b"\0")
        with self.assertRaises(SystemExit):
            module.main("in", raw)

    def test_the_lines_of_an_input_list_are_rows_of_nhwc(self):
        module = load("snpe_input_list")
        for dtype, flags in (
            ("float32", []),
            ("uint8", ["--dtype", "uint8", "--qscale", "0.02", "--qzero", "114"]),
        ):
            flags = ["--layout", "nhwc", "--force", *flags]
            whole = self.whole(*flags)
            self.normalize(self.photos, *PLAN, *flags, "--split", out="x.raw")
            with contextlib.chdir(self.folder):
                read = list(module.pictures("input_list.txt", (24, 32, 3), dtype))
            np.testing.assert_array_equal(np.stack([picture for _, picture in read]), whole)


if __name__ == "__main__":
    unittest.main()
