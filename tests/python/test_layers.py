"""Normalisation layers in Python: torch's numbers, the program's bits, states, what is refused."""

import json
import pickle
import sys
import threading
import unittest

import numpy as np

from imnorm_test import SAMPLES, SOURCE, ImnormTest, manifest_of
from python_package import require_library

require_library()
import imnorm  # noqa: E402
from imnorm import layers  # noqa: E402
from layer_runs import Run, read_safetensors, write_safetensors  # noqa: E402

try:
    import torch
except ImportError:
    torch = None

GOLDEN = json.loads((SOURCE / "tests/golden/layers_golden.json").read_text())["cases"]


def samples(shape, batch):
    """Those of tests/golden/make_layers_golden.py, which torch was given."""
    number = np.arange(np.prod(shape), dtype=np.int64) + 1000 * batch
    return ((number * number * 7919 + number * 104729) % 1009).reshape(shape).astype(np.float32)


def parameter(shape, seed):
    number = np.arange(np.prod(shape), dtype=np.int64)
    return (((number * 37 + seed) % 64 - 31) / 16).reshape(shape).astype(np.float32)


def layer_of(name, arguments, **more):
    layer = getattr(layers, name)(**arguments, **more)
    for seed, which in enumerate(("weight", "bias"), 1):
        if getattr(layer, which) is not None:
            getattr(layer, which)[...] = parameter(getattr(layer, which).shape, 16 * seed)
    return layer


def wave(shape, seed=1):
    return np.random.default_rng(seed).normal(3, 2, shape).astype(np.float32)


class Golden(unittest.TestCase):
    def test_results_and_states_are_torchs_rounded_once(self):
        compared = 0
        for case in GOLDEN:
            with self.subTest(layer=case["layer"], arguments=case["arguments"]):
                layer = layer_of(case["layer"], case["arguments"])
                for batch, expected in enumerate(case["results"]):
                    layer.train(batch < 3)
                    x = samples(case["shape"], batch)
                    got = layer(x)
                    self.assertEqual((got.shape, got.dtype), (x.shape, np.float32))
                    np.testing.assert_array_equal(got.ravel(), np.float32(expected))
                    compared += got.size
                state = layer.state_dict()
                self.assertEqual(list(state), list(case["state"]))
                for name, expected in case["state"].items():
                    np.testing.assert_array_equal(state[name].ravel(), np.float32(expected), name)
        self.assertGreater(compared, 3000)

    def test_another_number_is_found(self):
        layer = layer_of("GroupNorm", {"num_groups": 2, "num_channels": 6})
        case = next(case for case in GOLDEN if case["layer"] == "GroupNorm")
        x = samples(case["shape"], 0)
        x[0, 0, 0, 0] += 1
        self.assertFalse(np.array_equal(layer(x).ravel(), np.float32(case["results"][0])))


class Torch(unittest.TestCase):
    def setUp(self):
        if torch is None:
            print("SKIPPED: there is no torch to compare with", file=sys.stderr, flush=True)
            self.skipTest("no torch")

    def pair(self, name, shape, **arguments):
        theirs = getattr(torch.nn, name)(**arguments)
        with torch.no_grad():
            for seed, value in enumerate(theirs.parameters(), 1):
                value.copy_(torch.from_numpy(parameter(value.shape, 16 * seed)))
        ours = getattr(layers, name.rstrip("123d"))(**arguments)
        ours.load_state_dict(theirs.state_dict())
        return ours, theirs

    def test_every_layer_is_torchs_live(self):
        for name, shape, arguments in (
            ("BatchNorm2d", (6, 4, 9, 11), {"num_features": 4}),
            ("BatchNorm1d", (6, 4), {"num_features": 4, "momentum": None}),
            ("BatchNorm3d", (2, 4, 3, 5, 2), {"num_features": 4, "affine": False}),
            ("InstanceNorm2d", (3, 4, 9, 11), {"num_features": 4, "track_running_stats": True}),
            ("InstanceNorm1d", (3, 4, 9), {"num_features": 4, "affine": True}),
            ("LayerNorm", (3, 4, 9, 11), {"normalized_shape": (9, 11)}),
            ("LayerNorm", (30, 16), {"normalized_shape": 16}),
            ("GroupNorm", (3, 4, 9, 11), {"num_groups": 2, "num_channels": 4}),
        ):
            with self.subTest(layer=name, shape=shape):
                ours, theirs = self.pair(name, shape, **arguments)
                for batch in range(4):
                    ours.train(batch < 3), theirs.train(batch < 3)
                    x = wave(shape, batch)
                    expected = theirs(torch.from_numpy(x)).detach().numpy()
                    np.testing.assert_allclose(ours(x), expected, rtol=1e-5, atol=1e-5)
                theirs.load_state_dict(
                    {key: torch.from_numpy(value) for key, value in ours.state_dict().items()}
                )
                self.assertEqual(list(ours.state_dict()), list(theirs.state_dict()))

    def test_out_may_be_a_tensors_memory_also_in_bfloat16(self):
        layer = layers.LayerNorm(8, dtype=torch.bfloat16)
        x = torch.from_numpy(wave((5, 8)))
        with self.assertRaisesRegex(imnorm.BadArgumentError, "bfloat16"):
            layer(x)
        out = torch.empty((5, 8), dtype=torch.bfloat16)
        self.assertIs(layer(x, out=out), out)
        expected = torch.from_numpy(layers.LayerNorm(8)(x)).bfloat16()
        self.assertTrue(torch.equal(out, expected))


class Program(ImnormTest):
    CASES = (
        ("batch", lambda c, s: layers.BatchNorm(c, affine=False), []),
        ("layer", lambda c, s: layers.LayerNorm(s, elementwise_affine=False), []),
        ("instance", lambda c, s: layers.InstanceNorm(c), []),
        ("group", lambda c, s: layers.GroupNorm(2, c, affine=False), ["--groups", 2]),
    )

    def test_makes_the_same_bits_of_every_type_on_any_threads(self):
        for dtype in (np.float32, np.float64, np.float16, np.uint8, np.int8, np.uint16, np.int32):
            x = (wave((9, 6, 41, 43)) * 20).clip(0, 127).astype(dtype)
            for method, make, flags in self.CASES:
                expected = Run().normalize(x, "--method", method, *flags)
                for threads in (0, 1, 2, 8):
                    layer = make(6, x.shape[1:])
                    layer.threads = threads
                    self.assertEqual(layer(x).tobytes(), expected.tobytes(), (method, dtype))
                layer.dtype = "float16"
                half = Run().normalize(x, "--method", method, *flags, "--dtype", "float16")
                self.assertEqual(layer(x).tobytes(), half.tobytes())

    def test_keeps_the_same_state_and_each_reads_the_others(self):
        for name, flags, more in (
            ("BatchNorm", [], {}),
            ("BatchNorm", ["--momentum", "none"], {"momentum": None}),
            ("InstanceNorm", ["--momentum", 0.3], {"momentum": 0.3, "track_running_stats": True}),
        ):
            x = wave((12, 3, 5, 7))
            layer = getattr(layers, name)(3, affine=True, **more)
            layer.weight[:], layer.bias[:] = (2, 3, 4), (0.5, 0.25, 0.125)
            method = ["--method", "batch" if name == "BatchNorm" else "instance"]
            affine = ["--gamma", "2,3,4", "--beta", "0.5,0.25,0.125"]
            run = Run()
            state = run.path("state.safetensors")
            theirs = run.normalize(x, *method, *flags, *affine, "--batch-size", 4,
                                   "--state-out", state)  # fmt: skip
            ours = np.concatenate([layer(x[i : i + 4]) for i in (0, 4, 8)])
            self.assertEqual(ours.tobytes(), theirs.tobytes())
            written = read_safetensors(state)
            self.assertEqual(list(written), list(layer.state_dict()))
            for key, value in layer.state_dict().items():
                self.assertEqual(value.tobytes(), written[key].tobytes(), key)
                self.assertEqual(value.dtype, written[key].dtype)
            again = getattr(layers, name)(3, affine=True, **more)
            again.load_state_dict(written)
            write_safetensors(run.path("ours.safetensors"), again.state_dict())
            evaluated = run.normalize(x, *method, "--eval", "--state-in", run.path("ours.safetensors"))
            self.assertEqual(again.eval()(x).tobytes(), evaluated.tobytes())

    def test_parameters_an_element_are_the_programs(self):
        x = wave((4, 3, 5, 7))
        run = Run()
        weight, bias = wave(x.shape[1:], 2), wave(x.shape[1:], 3)
        np.savez(run.path("affine.npz"), weight=weight, bias=bias)
        layer = layers.LayerNorm(x.shape[1:])
        layer.load_state_dict({"weight": weight, "bias": bias})
        expected = run.normalize(x, "--method", "layer", "--affine", run.path("affine.npz"))
        self.assertEqual(layer(x).tobytes(), expected.tobytes())

    def test_a_picture_comes_out_as_of_its_file(self):
        path = SAMPLES / "coast/cliffs.jpg"
        expected = np.load(self.normalize(path, "--method", "instance", "--resize", "64x64"))
        pixels = self.normalize(path, "--method", "none", "--dtype", "uint8", "--resize", "64x64",
                                "--force")  # fmt: skip
        rows = imnorm.Preprocessor(manifest_of(pixels)["plan"])(path)
        self.assertEqual(layers.InstanceNorm(3)(rows).tobytes(), expected.tobytes())


class Arrays(unittest.TestCase):
    def test_of_any_order_and_place_give_what_dense_ones_give(self):
        layer = layers.GroupNorm(2, 4)
        x = wave((3, 4, 6, 8))
        expected = layer(x)
        big = np.zeros((3, 4, 6, 16), np.float32)
        big[..., ::2] = x
        odd = np.zeros(x.nbytes + 1, np.uint8)[1:].view(np.float32).reshape(x.shape)
        odd[...] = x
        read_only = x.copy()
        read_only.flags.writeable = False
        for same in (np.asfortranarray(x), big[..., ::2], odd, x.astype(">f4"), x.tolist(),
                     x[::-1][::-1], read_only):  # fmt: skip
            np.testing.assert_array_equal(layer(same), expected)

    def test_out_is_written_and_nothing_else(self):
        x = wave((2, 4, 6))
        held = np.full((4, 4, 6), 7, np.float32)
        layer = layers.GroupNorm(2, 4)
        self.assertIs(layer(x, out=held[1:3]).base, held)
        np.testing.assert_array_equal(held[1:3], layer(x))
        self.assertTrue((held[[0, 3]] == 7).all())
        for out in (np.zeros((2, 4, 7), np.float32), np.zeros((2, 4, 6)), 7,
                    np.zeros((2, 4, 12), np.float32)[..., ::2]):  # fmt: skip
            with self.assertRaises(imnorm.BadArgumentError):
                layer(x, out=out)

    def test_without_samples_there_are_none(self):
        self.assertEqual(layers.LayerNorm(4)(np.zeros((0, 4))).shape, (0, 4))
        self.assertEqual(layers.GroupNorm(2, 4)(np.zeros((0, 4, 5))).shape, (0, 4, 5))
        self.assertEqual(layers.BatchNorm(4).eval()(np.zeros((0, 4))).shape, (0, 4))
        with self.assertRaisesRegex(imnorm.BadArgumentError, "one value per channel"):
            layers.BatchNorm(4)(np.zeros((0, 4)))

    def test_that_do_not_fit_are_refused_with_the_reason(self):
        for layer, x, said in (
            (layers.BatchNorm(3), np.zeros((2, 4, 5)), r"\(N, 3, ...\) here, not \(2, 4, 5\)"),
            (layers.BatchNorm(3), np.zeros(3), r"not \(3,\)"),
            (layers.BatchNorm(3), np.zeros((1, 3)), "one value per channel"),
            (layers.InstanceNorm(3), np.zeros((2, 3)), "one value per channel"),
            (layers.LayerNorm((4, 5)), np.zeros((2, 5, 4)), r"\(4, 5\) here, not \(2, 5, 4\)"),
            (layers.GroupNorm(2, 4), np.zeros((2, 4, 5), complex), "complex128"),
            (layers.GroupNorm(2, 4), np.array([["a"] * 4]), "real numbers"),
            (layers.BatchNorm(3, eps=-1), np.zeros((2, 3)), "eps"),
            (layers.BatchNorm(3, momentum=2), np.zeros((2, 3)), "momentum 2"),
            (layers.BatchNorm(3, dtype="int64"), np.zeros((2, 3)), "int64"),
        ):
            with self.assertRaisesRegex(imnorm.BadArgumentError, said):
                layer(x)
        with self.assertRaisesRegex(imnorm.BadArgumentError, "3 groups"):
            layers.GroupNorm(3, 4)


class States(unittest.TestCase):
    def test_that_do_not_fit_are_refused_and_change_nothing(self):
        layer = layers.BatchNorm(3)
        before = layer.state_dict()
        sound = {**before, "running_mean": np.float32([1, 2, 3])}
        for wrong in (
            {"weight": np.ones(3)}, {**sound, "more": np.ones(3)}, {**sound, "bias": np.ones(4)},
        ):  # fmt: skip
            with self.assertRaises(imnorm.BadConfigError):
                layer.load_state_dict(wrong)
        for name, value in layer.state_dict().items():
            np.testing.assert_array_equal(value, before[name])
        sound.pop("num_batches_tracked")
        layer.load_state_dict(sound)
        self.assertEqual(layer.running_mean.tolist(), [1, 2, 3])
        layer.running_var[0] = -1
        with self.assertRaisesRegex(imnorm.BadConfigError, "negative"):
            layer(wave((4, 3)))

    def test_parameters_put_in_their_place_are_checked_before_they_are_read(self):
        for name, wrong in (
            ("weight", np.ones(2, np.float32)), ("bias", np.ones(3)), ("running_mean", [0, 0, 0]),
            ("running_var", np.ones(6, np.float32)[::2]),
            ("num_batches_tracked", np.zeros((), np.int32)),
        ):  # fmt: skip
            layer = layers.BatchNorm(3)
            setattr(layer, name, wrong)
            with self.assertRaisesRegex(imnorm.BadArgumentError, name):
                layer(wave((4, 3)))

    def test_a_copy_is_a_copy_and_a_pickle_a_layer(self):
        layer = layers.BatchNorm(3)
        kept = layer.state_dict()
        layer(wave((4, 3)))
        self.assertEqual(kept["running_mean"].tolist(), [0, 0, 0])
        again = pickle.loads(pickle.dumps(layer))
        np.testing.assert_array_equal(again(wave((4, 3))), layer(wave((4, 3))))
        self.assertIn("BatchNorm(3, eps=1e-05", repr(again))

    def test_evaluation_from_many_threads_is_evaluation(self):
        layer = layers.BatchNorm(3)
        layer(wave((4, 3, 50)))
        layer.eval()
        x = wave((4, 3, 50), 2)
        expected = layer(x).tobytes()
        wrong = []

        def work():
            for _ in range(50):
                if layer(x).tobytes() != expected:
                    wrong.append(1)

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((wrong, int(layer.num_batches_tracked)), ([], 1))


if __name__ == "__main__":
    unittest.main()
