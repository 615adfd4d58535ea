#!/usr/bin/python3
"""A plan printed, exported or taken from a manifest gives the same bytes; what is wrong is refused."""

import json
import unittest

from imnorm_test import DONE, USAGE, ImnormTest, jpeg, manifest_of, run

PRESETS = ("imagenet", "clip", "siglip", "caffe", "tf", "yolo-640", "sam", "dinov2", "deit", "timm")
VIT = {
    "image_processor_type": "ViTImageProcessor",
    "do_resize": True,
    "size": {"height": 32, "width": 32},
    "resample": 2,
    "do_rescale": True,
    "rescale_factor": 1 / 255,
    "do_normalize": True,
    "image_mean": [0.5, 0.5, 0.5],
    "image_std": [0.5, 0.5, 0.5],
}
TIMM = {"pretrained_cfg": {"input_size": [3, 32, 32], "mean": [0.5] * 3, "std": [0.5] * 3}}


class PlanRoundTrip(ImnormTest):
    def setUp(self):
        super().setUp()
        self.picture = self.write("picture.jpg", jpeg(231, 170, 4))

    def bytes_of(self, *flags):
        return self.normalize(self.picture, *flags, "--force").read_bytes()

    def test_a_preset_exported_to_a_file_gives_the_same_bytes(self):
        for name in PRESETS:
            result = run("presets", name)
            self.assert_exit(DONE, result)
            file = self.write("preset.json", result.stdout.encode())
            self.assertEqual(self.bytes_of("--preset", file), self.bytes_of("--preset", name), name)

    def test_every_preset_listed_prints_json_of_its_own_name(self):
        listed = [line.split()[0] for line in run("presets").stdout.splitlines() if line.strip()]
        self.assertGreaterEqual(len(set(PRESETS) & set(listed)), len(PRESETS))
        self.assertGreaterEqual(len(listed), 30)
        for name in listed:
            result = run("presets", name)
            self.assert_exit(DONE, result)
            plan = json.loads(result.stdout)
            self.assertTrue(plan["source"], name)

    def test_a_printed_plan_gives_the_same_bytes(self):
        flags = {
            "preset": ("--preset", "clip", "--channels", "bgr"),
            "engine": ("--like", "hf", "--resize", "50", "--crop", "41x33", "--mean", "0.1,0.2,0.3",
                       "--std", "0.3", "--filter", "lanczos"),
            "bytes": ("--method", "none", "--dtype", "uint8", "--resize", "long:60"),
            "letterbox": ("--resize", "letterbox:64x48", "--fill", "#010203", "--preset", "half"),
            "quantised": ("--preset", "imagenet", "--dtype", "int8", "--qscale", "0.02",
                          "--qzero", "3", "--layout", "nhwc"),
            "pixels": ("--preset", "none", "--exif", "apply", "--alpha", "#1e90ff", "--channels",
                       "gray", "--depth", "16"),
            "torch": ("--like", "torch", "--preset", "clip", "--resize", "60", "--crop", "41"),
            "v2": ("--like", "torchvision-v2", "--preset", "half"),
            "hf-fast": ("--like", "hf-fast", "--resize", "60", "--crop", "41", "--filter",
                        "nearest-exact", "--mean", "0.5", "--std", "0.5"),
            "pillow": ("--preset", "half", "--resize", "110x40", "--pillow", "12"),
            "opencv": ("--like", "opencv", "--resize", "33x55", "--filter", "area", "--mean",
                       "104,117,123", "--std", "1", "--scale", "1"),
        }  # fmt: skip
        for name, given in flags.items():
            with self.subTest(name):
                usual = self.bytes_of(*given)
                result = run("normalize", self.picture, *given, "--print-plan")
                self.assert_exit(DONE, result)
                file = self.write("plan.json", result.stdout.encode())
                self.assertEqual(self.bytes_of("--preset", file), usual)
                again = run("normalize", self.picture, "--preset", file, "--print-plan")
                self.assert_exit(DONE, again)
                first, second = json.loads(result.stdout), json.loads(again.stdout)
                for plan in (first, second):
                    plan.pop("name", None), plan.pop("preset", None)
                self.assertEqual(first, second)

    def test_the_plan_in_a_manifest_gives_the_same_bytes(self):
        for name in PRESETS:
            out = self.normalize(self.picture, "--preset", name, "--force")
            usual, plan = out.read_bytes(), manifest_of(out)["plan"]
            file = self.write("plan.json", json.dumps(plan).encode())
            self.assertEqual(self.bytes_of("--preset", file), usual, name)


class Refusals(ImnormTest):
    def setUp(self):
        super().setUp()
        self.picture = self.write("picture.jpg", jpeg())

    def assert_refused(self, words, *flags):
        out = self.folder / "never.npy"
        result = run("normalize", self.picture, *flags, "-o", out)
        self.assert_exit(USAGE, result)
        self.assertEqual(result.stdout, "")
        for word in words:
            self.assertIn(word, result.stderr)
        self.assertFalse(out.exists())

    def assert_config_refused(self, config, *words):
        self.assert_refused(
            words, "--preset", self.write("config.json", json.dumps(config).encode())
        )

    def test_the_configs_that_are_changed_here_are_good_before(self):
        for config in (VIT, TIMM):
            file = self.write("config.json", json.dumps(config).encode())
            self.normalize(self.picture, "--preset", file, "--force")

    def test_an_unknown_processor_is_refused_with_the_list_of_known_ones(self):
        config = {**VIT, "image_processor_type": "NoSuchImageProcessor"}
        self.assert_config_refused(
            config, "NoSuchImageProcessor", "ViTImageProcessor", "CLIPImageProcessor"
        )

    def test_an_unknown_step_is_refused_by_name_with_the_known_ones(self):
        for key in ("do_zero_centering", "do_whatever"):
            self.assert_config_refused({**VIT, key: True}, key, "do_resize")

    def test_a_std_of_zero_is_refused(self):
        self.assert_config_refused({**VIT, "image_std": [0.5, 0, 0.5]}, "std")
        timm = {"pretrained_cfg": {**TIMM["pretrained_cfg"], "std": [0.5, 0.5, 0]}}
        self.assert_config_refused(timm, "std")
        self.assert_refused(["std"], "--mean", "0,0,0", "--std", "1,0,1")

    def test_a_mean_of_another_scale_is_refused_with_the_flag_that_takes_it(self):
        means = {"image_mean": [123.675, 116.28, 103.53], "image_std": [58.4, 57.1, 57.4]}
        timm = {"pretrained_cfg": {**TIMM["pretrained_cfg"], "mean": [123.675] * 3}}
        for config in ({**VIT, **means}, timm):
            self.assert_config_refused(config, "123.675", "--scale 1")
            file = self.write("config.json", json.dumps(config).encode())
            self.normalize(self.picture, "--preset", file, "--scale", "1", "--force")
        flags = ["--mean", "123.675,116.28,103.53", "--std", "58.395,57.12,57.375"]
        self.assert_refused(["123.675", "--scale 1"], "--resize", "8x8", *flags)
        self.normalize(self.picture, "--resize", "8x8", *flags, "--scale", "1", "--force")

    def test_a_crop_pct_of_zero_is_refused(self):
        timm = {"pretrained_cfg": {**TIMM["pretrained_cfg"], "crop_pct": 0}}
        self.assert_config_refused(timm, "crop_pct")
        convnext = {
            **VIT,
            "image_processor_type": "ConvNextImageProcessor",
            "size": {"shortest_edge": 224},
            "crop_pct": 0,
        }
        self.assert_config_refused(convnext, "crop_pct")

    def test_sizes_beyond_sense_are_refused(self):
        for side in (0, -5, 1 << 30, 10**30):
            self.assert_config_refused({**VIT, "size": {"height": side, "width": 32}}, "config.json")

    def test_a_misspelt_preset_is_answered_with_the_nearest_name(self):
        for wrong, right in (
            ("imagnet", "imagenet"),
            ("efficientnet-b33", "efficientnet-b3"),
            ("clipp", "clip"),
            ("dinov", "dinov2"),
        ):
            self.assert_refused([f'"{right}"'], "--preset", wrong)
            result = run("presets", wrong)
            self.assert_exit(USAGE, result)
            self.assertIn(right, result.stderr)

    def test_a_misspelt_key_of_a_plan_is_answered_with_the_nearest_key(self):
        plan = json.loads(run("presets", "imagenet").stdout)
        plan["resiez"] = plan.pop("resize")
        self.assert_config_refused(plan, "resiez", "resize")

    def test_a_filter_that_the_engine_lacks_is_refused(self):
        self.assert_refused(["area"], "--preset", "imagenet", "--filter", "area")
        self.assert_refused(
            ["hamming"], "--preset", "imagenet", "--like", "opencv", "--filter", "hamming"
        )

    def test_a_mean_without_a_std_is_refused(self):
        self.assert_refused(["--mean", "--std"], "--mean", "1,2,3")
        self.assert_refused(["--mean", "--std"], "--preset", "none", "--std", "1,2,3")


if __name__ == "__main__":
    unittest.main()
