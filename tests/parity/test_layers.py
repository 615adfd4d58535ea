"""Batch, layer, instance and group normalisation against the real torch, and against float64."""

import json
import sys
import unittest

import numpy as np
import torch
from torch import nn

from layer_runs import Run, normalize, read_safetensors, ulps, write_safetensors

TOLERANCE = 2e-6
SHAPES = [
    (6, 4, 5, 7),
    (2, 8, 1, 1),
    (3, 6, 1, 9),
    (5, 12, 17),
    (7, 4),
    (4, 3, 33, 31),
    (2, 6, 91, 97),
    (3, 4, 5, 6, 7),
    (2, 6, 1, 9, 31),
]
BATCH_NORMS = {2: nn.BatchNorm1d, 3: nn.BatchNorm1d, 4: nn.BatchNorm2d, 5: nn.BatchNorm3d}
INSTANCE_NORMS = {3: nn.InstanceNorm1d, 4: nn.InstanceNorm2d, 5: nn.InstanceNorm3d}


def data(shape, seed=1, mean=0.0, std=1.0):
    random = np.random.default_rng(seed)
    return (random.standard_normal(shape) * std + mean).astype(np.float32)


def axes_of(method, rank):
    return {"batch": (0,) + tuple(range(2, rank)), "layer": tuple(range(1, rank)),
            "instance": tuple(range(2, rank))}[method]


def exact(x, method, groups=1, eps=1e-5, gamma=None, beta=None):
    """The float64 formula."""
    x = x.astype(np.float64)
    shape = x.shape
    if method == "group":
        x = x.reshape(shape[0], groups, -1)
        axes = (2,)
    else:
        axes = axes_of(method, x.ndim)
    # The long double mean and its residue: float64's own rounding must not be what is judged.
    wide = x.astype(np.longdouble)
    centred = wide - wide.mean(axes, keepdims=True)
    y = centred / np.sqrt((centred**2).mean(axes, keepdims=True) + np.longdouble(eps))
    y = y.reshape(shape)
    if gamma is not None:
        side = (1, -1) + (1,) * (len(shape) - 2)
        y = y * gamma.astype(np.float64).reshape(side if gamma.ndim == 1 else gamma.shape)
        y = y + beta.astype(np.float64).reshape(side if beta.ndim == 1 else beta.shape)
    return y.astype(np.float64)


def parameters(shape, seed=3):
    random = np.random.default_rng(seed)
    return (random.uniform(0.5, 1.5, shape).astype(np.float32),
            random.uniform(-0.5, 0.5, shape).astype(np.float32))


def set_parameters(layer, gamma, beta):
    if gamma is not None:
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(gamma))
            layer.bias.copy_(torch.from_numpy(beta))
    return layer


def batch_norm(shape, **options):
    return BATCH_NORMS[len(shape)](shape[1], **options)


def instance_norm(shape, **options):
    return INSTANCE_NORMS[len(shape)](shape[1], **options)


class AgainstTorch(unittest.TestCase):
    worst = {}

    @classmethod
    def tearDownClass(cls):
        for method, (ours, theirs, apart) in sorted(cls.worst.items()):
            print(f"{method:9} max |error| against float64: imnorm {ours:.3g}, torch {theirs:.3g}; "
                  f"max difference {apart:.3g}", file=sys.stderr)

    def judge(self, method, got, reference, truth):
        """Close to torch, and never further from the truth than torch is."""
        self.assertEqual(got.shape, reference.shape)
        self.assertTrue(np.isfinite(got).all())
        apart = float(np.abs(got - reference).max())
        ours = float(np.abs(got - truth).max())
        theirs = float(np.abs(reference - truth).max())
        # Of sets of two values torch's float32 variance may be further off than that by itself.
        self.assertLessEqual(apart, max(TOLERANCE, 1.01 * theirs))
        # Where torch happens to hit the rounded value everywhere, so do we.
        self.assertLessEqual(ours, max(theirs, np.spacing(np.float32(np.abs(truth).max())) / 2))
        self.assertLessEqual(float(ulps(got, truth)[np.abs(truth) > 1e-6].max(initial=0)), 1.0)
        before = self.worst.get(method, (0, 0, 0))
        AgainstTorch.worst[method] = tuple(map(max, before, (ours, theirs, apart)))

    def affine_flags(self, run, gamma, beta):
        if gamma is None:
            return []
        path = run.path("affine.npz")
        np.savez(path, weight=gamma, bias=beta)
        return ["--affine", path]

    def cases(self):
        for number, shape in enumerate(SHAPES):
            for eps in (1e-5, 1e-3):
                for affine in (False, True):
                    yield data(shape, number), shape, eps, affine

    def test_batch_normalisation_in_training_equals_torch(self):
        for x, shape, eps, affine in self.cases():
            gamma, beta = parameters(shape[1]) if affine else (None, None)
            layer = set_parameters(batch_norm(shape, eps=eps, affine=affine), gamma, beta)
            run = Run()
            got = run.normalize(x, "--method", "batch", "--batch-size", 0, "--eps", eps,
                                *self.affine_flags(run, gamma, beta))
            reference = layer(torch.from_numpy(x)).detach().numpy()
            self.judge("batch", got, reference, exact(x, "batch", 1, eps, gamma, beta))

    def test_layer_normalisation_equals_torch(self):
        for x, shape, eps, affine in self.cases():
            gamma, beta = parameters(shape[1:]) if affine else (None, None)
            layer = nn.LayerNorm(shape[1:], eps=eps, elementwise_affine=affine)
            set_parameters(layer, gamma, beta)
            run = Run()
            got = run.normalize(x, "--method", "layer", "--eps", eps,
                                *self.affine_flags(run, gamma, beta))
            reference = layer(torch.from_numpy(x)).detach().numpy()
            self.judge("layer", got, reference, exact(x, "layer", 1, eps, gamma, beta))

    def test_instance_normalisation_equals_torch(self):
        for x, shape, eps, affine in self.cases():
            if np.prod(shape[2:]) <= 1:
                continue
            gamma, beta = parameters(shape[1]) if affine else (None, None)
            layer = set_parameters(instance_norm(shape, eps=eps, affine=affine), gamma, beta)
            run = Run()
            got = run.normalize(x, "--method", "instance", "--eps", eps,
                                *self.affine_flags(run, gamma, beta))
            reference = layer(torch.from_numpy(x)).detach().numpy()
            self.judge("instance", got, reference, exact(x, "instance", 1, eps, gamma, beta))

    def test_group_normalisation_equals_torch_for_every_divisor_of_the_channels(self):
        for x, shape, eps, affine in self.cases():
            gamma, beta = parameters(shape[1]) if affine else (None, None)
            for groups in [g for g in range(1, shape[1] + 1) if shape[1] % g == 0]:
                layer = nn.GroupNorm(groups, shape[1], eps=eps, affine=affine)
                set_parameters(layer, gamma, beta)
                run = Run()
                got = run.normalize(x, "--method", "group", "--groups", groups, "--eps", eps,
                                    *self.affine_flags(run, gamma, beta))
                reference = layer(torch.from_numpy(x)).detach().numpy()
                truth = exact(x, "group", groups, eps, gamma, beta)
                self.judge("group", got, reference, truth)


class Float64(unittest.TestCase):
    """Arrays of float64 are normalised in float64: as torch's double layers, or closer to the truth."""

    worst = {}

    @classmethod
    def tearDownClass(cls):
        for name, (ours, theirs) in sorted(cls.worst.items()):
            print(f"float64 {name:9} max |error| against long double: imnorm {ours:.3g}, "
                  f"torch {theirs:.3g}", file=sys.stderr)

    def judge(self, name, got, reference, truth):
        self.assertEqual((got.dtype, got.shape), (np.float64, reference.shape))
        ours = float(np.abs(got - truth).max())
        theirs = float(np.abs(reference.detach().numpy() - truth).max())
        self.assertLessEqual(ours, max(theirs, 2 * np.spacing(np.abs(truth).max())))
        before = self.worst.get(name, (0, 0))
        Float64.worst[name] = tuple(map(max, before, (ours, theirs)))

    def test_every_layer_equals_torch_in_double(self):
        for shape in SHAPES:
            for mean, std in ((0, 1), (1e4, 1e-2)):
                x = np.random.default_rng(len(shape)).standard_normal(shape) * std + mean
                tensor = torch.from_numpy(x)
                layers = {"batch": batch_norm(shape, affine=False),
                          "layer": nn.LayerNorm(shape[1:], elementwise_affine=False)}  # fmt: skip
                if np.prod(shape[2:]) > 1:
                    layers["instance"] = instance_norm(shape, affine=False)
                if shape[1] % 2 == 0:
                    layers["group"] = nn.GroupNorm(2, shape[1], affine=False)
                for name, layer in layers.items():
                    flags = {"batch": ["--batch-size", 0], "group": ["--groups", 2]}.get(name, [])
                    got = normalize(x, "--method", name, "--dtype", "float64", *flags)
                    with self.subTest(name, shape=shape, mean=mean):
                        self.judge(name, got, layer.double()(tensor), exact(x, name, 2))

    def test_given_values_and_running_statistics_are_torchs_in_double(self):
        x = np.random.default_rng(5).standard_normal((6, 4, 5, 6, 7)) * 3 + 1e8
        mean, std = np.linspace(1e8, 1e8 + 3, 4), np.linspace(1, 3, 4)
        got = normalize(x, "--mean", ",".join(map(repr, mean)), "--std", ",".join(map(repr, std)),
                        "--dtype", "float64")  # fmt: skip
        side = (1, 4, 1, 1, 1)
        np.testing.assert_array_equal(got, (x - mean.reshape(side)) / std.reshape(side))
        layer = nn.BatchNorm3d(4, affine=False).double()
        layer(torch.from_numpy(x))
        run = Run()
        state = run.path("state.safetensors")
        run.normalize(x, "--method", "batch", "--batch-size", 0, "--state-out", state)
        np.testing.assert_allclose(read_safetensors(state)["running_mean"], layer.running_mean,
                                   rtol=1e-6)  # fmt: skip


class Accuracy(unittest.TestCase):
    METHODS = (("batch", ["--batch-size", 0]), ("layer", []), ("instance", []),
               ("group", ["--groups", 2]))

    def test_an_offset_of_a_million_standard_deviations_costs_no_accuracy(self):
        x = data((5, 4, 61, 67), 9, mean=1e4, std=1e-2)
        for method, flags in self.METHODS:
            with self.subTest(method=method):
                truth = exact(x, method, 2)
                got = normalize(x, "--method", method, *flags)
                self.assertLessEqual(float(ulps(got, truth).max()), 1.0)

    def test_the_bytes_do_not_depend_on_threads_target_or_memory(self):
        x = data((9, 6, 41, 43), 11, mean=3.0, std=2.0)
        for method, flags in self.METHODS + (("batch", ["--batch-size", 2]),):
            flags = ["--method", method] + flags
            expected = normalize(x, *flags, "-j", 1).tobytes()
            for threads in (2, 5):
                self.assertEqual(normalize(x, *flags, "-j", threads).tobytes(), expected)
            for target in ("SCALAR", "SSE4", "AVX2", "AVX3"):
                try:
                    got = normalize(x, *flags, env={"IMNORM_SIMD": target})
                except RuntimeError:
                    continue  # not on this CPU
                self.assertEqual(got.tobytes(), expected, target)

    def test_one_group_is_layer_and_a_group_a_channel_is_instance_bit_for_bit(self):
        x = data((4, 6, 37, 29), 12)
        self.assertEqual(normalize(x, "--method", "group", "--groups", 1).tobytes(),
                         normalize(x, "--method", "layer").tobytes())
        self.assertEqual(normalize(x, "--method", "group", "--groups", 6).tobytes(),
                         normalize(x, "--method", "instance").tobytes())

    def test_half_precision_and_byte_inputs_are_widened_exactly(self):
        x = data((3, 4, 9, 11), 13).astype(np.float16)
        wide = normalize(x.astype(np.float32), "--method", "group", "--groups", 2)
        np.testing.assert_array_equal(normalize(x, "--method", "group", "--groups", 2), wide)
        u8 = np.random.default_rng(14).integers(0, 256, (3, 4, 9, 11), np.uint8)
        got = normalize(u8, "--method", "instance")
        truth = exact(u8 / 255.0, "instance")
        self.assertLessEqual(float(ulps(got, truth)[np.abs(truth) > 1e-6].max()), 1.0)

    def test_outputs_of_other_types_are_the_float32_result_rounded_as_torch_does(self):
        x = data((3, 4, 9, 11), 15)
        wide = torch.from_numpy(normalize(x, "--method", "layer"))
        half = normalize(x, "--method", "layer", "--dtype", "float16")
        np.testing.assert_array_equal(half, wide.half().numpy())


class RunningStatistics(unittest.TestCase):
    def compare_state(self, path, layer):
        """Every tensor of the state_dict, strictly: names, order, shapes, types, values."""
        state = read_safetensors(path)
        expected = layer.state_dict()
        self.assertEqual(list(state), list(expected))
        loaded = {name: torch.from_numpy(value.copy()) for name, value in state.items()}
        type(layer)(layer.num_features, affine=layer.affine,
                    track_running_stats=True).load_state_dict(loaded, strict=True)
        for name, value in expected.items():
            self.assertEqual(state[name].shape, tuple(value.shape))
            self.assertEqual(loaded[name].dtype, value.dtype)
            np.testing.assert_allclose(state[name], value.numpy(), rtol=1e-6, atol=1e-6)

    def test_several_batches_in_sequence_step_as_torch_does(self):
        for shape in ((11, 4, 5, 7), (11, 3, 9), (11, 5), (11, 4, 3, 5, 7)):
            for momentum in (0.1, 0.3, None):
                for affine in (False, True):
                    with self.subTest(shape=shape, momentum=momentum, affine=affine):
                        self.sequence(shape, momentum, affine)

    def sequence(self, shape, momentum, affine):
        x = data(shape, 21, mean=2.0, std=3.0)
        gamma, beta = parameters(shape[1]) if affine else (None, None)
        layer = set_parameters(batch_norm(shape, momentum=momentum, affine=affine), gamma, beta)
        parts = [layer(part).detach().numpy() for part in torch.from_numpy(x).split(4)]
        run = Run()
        state = run.path("state.safetensors")
        flags = ["--method", "batch", "--batch-size", 4,
                 "--momentum", "none" if momentum is None else momentum]
        if affine:
            flags += ["--gamma", ",".join(map(str, gamma)), "--beta", ",".join(map(str, beta))]
        got = run.normalize(x, *flags, "--state-out", state, "-j", 2)
        np.testing.assert_allclose(got, np.concatenate(parts), atol=TOLERANCE)
        self.compare_state(state, layer)
        # A second run goes on from the first's state.
        again = run.path("again.safetensors")
        run.normalize(x[:4], *flags[:6], "--state-in", state, "--state-out", again)
        layer(torch.from_numpy(x[:4]))
        self.compare_state(again, layer)
        # Evaluation uses the state in place of the batch.
        layer.eval()
        evaluated = run.normalize(x, "--method", "batch", "--eval", "--state-in", again)
        np.testing.assert_allclose(evaluated, layer(torch.from_numpy(x)).detach(), atol=TOLERANCE)
        back = run.normalize(evaluated, "--method", "batch", "--denormalize", "--state-in", again)
        np.testing.assert_allclose(back, x, atol=1e-5)

    def test_a_state_written_by_torch_is_read(self):
        x = data((6, 4, 5, 7), 22)
        layer = batch_norm(x.shape)
        layer(torch.from_numpy(x * 2 + 1))
        layer.eval()
        run = Run()
        path = run.path("torch.safetensors")
        write_safetensors(path, {k: v.numpy() for k, v in layer.state_dict().items()})
        got = run.normalize(x, "--method", "batch", "--eval", "--state-in", path)
        np.testing.assert_allclose(got, layer(torch.from_numpy(x)).detach(), atol=TOLERANCE)

    def test_safetensors_for_python_reads_the_state(self):
        try:
            from safetensors.torch import load_file
        except ImportError:
            print("SKIPPED: safetensors for Python is not installed", file=sys.stderr)
            self.skipTest("safetensors for Python is not installed")
        run = Run()
        path = run.path("state.safetensors")
        run.normalize(data((4, 3, 5, 5), 23), "--method", "batch", "--state-out", path)
        nn.BatchNorm2d(3, affine=False).load_state_dict(load_file(path), strict=True)

    def test_instance_statistics_are_tracked_as_torch_tracks_them(self):
        for shape in ((10, 4, 5, 7), (10, 3, 9), (10, 4, 3, 5, 7)):
            for affine in (False, True):
                x = data(shape, 24, mean=-1.0, std=2.0)
                gamma, beta = parameters(shape[1]) if affine else (None, None)
                layer = instance_norm(shape, affine=affine, track_running_stats=True, momentum=0.3)
                set_parameters(layer, gamma, beta)
                parts = [layer(part).detach().numpy() for part in torch.from_numpy(x).split(4)]
                run = Run()
                state = run.path("state.safetensors")
                flags = ["--method", "instance", "--batch-size", 4, "--momentum", 0.3]
                if affine:
                    flags += ["--gamma", ",".join(map(str, gamma)),
                              "--beta", ",".join(map(str, beta))]
                got = run.normalize(x, *flags, "--state-out", state)
                np.testing.assert_allclose(got, np.concatenate(parts), atol=TOLERANCE)
                self.compare_state(state, layer)
                layer.eval()
                got = run.normalize(x, "--method", "instance", "--eval", "--state-in", state)
                np.testing.assert_allclose(got, layer(torch.from_numpy(x)).detach(),
                                           atol=TOLERANCE)

    def test_uniform_data_gives_the_running_statistics_of_the_literature(self):
        x = np.random.default_rng(25).random((128, 16, 784), np.float32)
        layer = nn.BatchNorm1d(16)
        layer(torch.from_numpy(x))
        run = Run()
        path = run.path("state.safetensors")
        run.normalize(x, "--method", "batch", "--state-out", path)
        state = read_safetensors(path)
        np.testing.assert_allclose(state["running_mean"], 0.05, atol=1e-3)
        np.testing.assert_allclose(state["running_var"], 0.9083, atol=1e-3)
        np.testing.assert_allclose(state["running_mean"], layer.running_mean, atol=1e-6)
        np.testing.assert_allclose(state["running_var"], layer.running_var, atol=1e-6)

    def test_one_value_per_channel_in_training_is_an_error_that_says_so(self):
        for shape, method in (((1, 4), "batch"), ((1, 4, 1, 1), "batch"), ((5, 4, 1), "instance")):
            with self.assertRaisesRegex(RuntimeError, "one value per channel"):
                normalize(data(shape), "--method", method)


class Reports(unittest.TestCase):
    def report(self, x, *flags):
        run = Run()
        path = run.path("norm.json")
        run.normalize(x, *flags, "--report-norm", path)
        with open(path) as file:
            return json.load(file)["statistics"]

    def test_six_pictures_have_numpys_three_means_and_variances(self):
        u8 = np.random.default_rng(26).integers(0, 256, (6, 3, 28, 28), np.uint8)
        (entry,) = self.report(u8, "--method", "batch")
        values = (u8 / 255.0).transpose(1, 0, 2, 3).reshape(3, -1)
        np.testing.assert_allclose(entry["mean"], values.mean(1), rtol=1e-14)
        np.testing.assert_allclose(entry["variance"], values.var(1), rtol=1e-13)
        self.assertEqual(entry["samples"], 6)

    def test_every_sample_and_group_is_listed(self):
        x = data((5, 6, 4, 4), 27)
        entries = self.report(x, "--method", "group", "--groups", 3)
        self.assertEqual([entry["sample"] for entry in entries], [0, 1, 2, 3, 4])
        means = x.astype(np.float64).reshape(5, 3, -1).mean(2)
        np.testing.assert_allclose([entry["mean"] for entry in entries], means, atol=1e-14)
        batches = self.report(x, "--method", "batch", "--batch-size", 2)
        self.assertEqual([b["samples"] for b in batches], [2, 2, 1])
        batches = self.report(x, "--method", "batch", "--batch-size", 2, "--drop-last")
        self.assertEqual([b["first"] for b in batches], [0, 2])


class Mistakes(unittest.TestCase):
    def test_mismatches_name_both_shapes(self):
        run = Run()
        path = run.path("affine.npz")
        np.savez(path, weight=np.ones(5, np.float32), bias=np.ones(5, np.float32))
        x = data((2, 4, 3, 3))
        with self.assertRaisesRegex(RuntimeError, r"\[5\].*\[4\]"):
            run.normalize(x, "--method", "batch", "--affine", path)
        with self.assertRaisesRegex(RuntimeError, r"\[5\].*\[4, 3, 3\]"):
            run.normalize(x, "--method", "layer", "--affine", path)
        with self.assertRaisesRegex(RuntimeError, r"\[2\].*\[4\]"):
            run.normalize(x, "--method", "group", "--gamma", "1,2")

    def test_groups_must_divide_the_channels(self):
        with self.assertRaisesRegex(RuntimeError, "groups 3 does not divide the 4 channels"):
            normalize(data((2, 4, 3, 3)), "--method", "group", "--groups", 3)

    def test_given_mean_and_std_are_undone(self):
        x = data((2, 3, 4, 4), 28)
        mean, std = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
        got = normalize(x, "--denormalize", "--method", "given", "--mean", "0.485,0.456,0.406",
                        "--std", "0.229,0.224,0.225")
        np.testing.assert_allclose(got, x * std[:, None, None] + mean[:, None, None], atol=1e-6)


if __name__ == "__main__":
    unittest.main()
