"""--config: a plan from a file, under the flags."""

import json
import unittest

from imnorm_test import DONE, SOME_FAILED, USAGE, ImnormTest, jpeg, run

FLAGS = ("--resize", "40", "--filter", "bicubic", "--crop", "32x24", "--mean", "0.5,0.4,0.3",
         "--std", "0.2,0.3,0.4", "--channels", "bgr", "--layout", "nhwc", "--dtype", "float16")


class Config(ImnormTest):
    def setUp(self):
        super().setUp()
        self.pictures = self.write_pictures(5)

    def printed(self, *flags):
        result = run("normalize", *flags, "--print-plan")
        self.assert_exit(DONE, result)
        return result.stdout

    def test_a_manifest_fed_back_gives_the_same_tensor_and_manifest(self):
        first = self.normalize(self.pictures, *FLAGS)
        manifest = self.folder / "out.npy.manifest.json"
        again = self.normalize(self.pictures, "--config", manifest, out="again.npy")
        self.assertEqual(first.read_bytes(), again.read_bytes())
        self.assertEqual(manifest.read_bytes(),
                         (self.folder / "again.npy.manifest.json").read_bytes())

    def test_a_printed_plan_prints_itself(self):
        for flags in (FLAGS, ("--preset", "yolo-640"), ("--preset", "imagenet"),
                      ("--method", "group", "--groups", "3", "--eps", "1e-3"),
                      ("--method", "batch", "--momentum", "none", "--batch-size", "4")):
            with self.subTest(flags=flags):
                text = self.printed(*flags)
                config = self.write("run.json", text.encode())
                self.assertEqual(self.printed("--config", config), text)

    def test_flags_go_over_the_file_and_the_file_over_the_defaults(self):
        config = self.write("run.json", json.dumps({
            "schema": "imnorm.plan/1",
            "crop": {"width": 24, "height": 24},
            "values": {"mean": [0.5], "std": [0.5], "dtype": "float16"},
            "channels": "gray",
        }).encode())
        plan = json.loads(self.printed("--config", config, "--dtype", "bfloat16", "--crop", "16"))
        self.assertEqual(plan["crop"]["width"], 16)
        self.assertEqual(plan["channels"], "gray")
        self.assertEqual(plan["values"]["dtype"], "bfloat16")
        self.assertEqual(plan["values"]["mean"], [0.5])
        self.assertEqual(plan["layout"], "nchw")

    def test_statistics_take_it_too(self):
        config = self.write("run.json", self.printed("--preset", "imagenet").encode())
        self.assertEqual(self.stats(self.pictures, "--config", config)["exact"],
                         self.stats(self.pictures, "--preset", "imagenet")["exact"])
        masked = run("stats", "--alpha", "mask", "--channels", "native", "--print-plan")
        self.write("run.json", masked.stdout.encode())
        again = run("stats", "--config", config, "--print-plan")
        self.assertEqual(again.stdout, masked.stdout)

    def test_the_plan_of_a_very_long_manifest_is_found(self):
        self.write("pictures/bad.jpg", b"nothing")
        self.normalize(self.pictures, *FLAGS, code=SOME_FAILED)
        manifest = self.folder / "out.npy.manifest.json"
        text = manifest.read_text()
        row = '    {"path":"' + "x" * 1000 + '","row":0,"width":9,"height":9},\n'
        marker = '"items": [\n'
        long = self.write("long.json", text.replace(marker, marker + row * 20_000).encode())
        self.assertGreater(long.stat().st_size, 20_000_000)
        self.assertEqual(self.printed("--config", long), self.printed("--config", manifest))

    def assert_refused(self, *flags, words):
        result = run("normalize", self.pictures, *flags, "-o", self.folder / "x.npy")
        self.assert_exit(USAGE, result)
        for word in words:
            self.assertIn(word, result.stderr)

    def test_what_is_no_plan_is_refused(self):
        self.assert_refused("--config", self.folder / "no.json", words=["--config", "no.json"])
        foreign = self.write("hf.json", b'{"image_processor_type": "ViTImageProcessor"}')
        self.assert_refused("--config", foreign, words=["imnorm.plan/1", "--preset"])
        self.assert_refused("--config", self.write("a.json", b"{"), words=["a.json"])
        misspelt = self.write("b.json", b'{"schema": "imnorm.plan/1", "crap": {}}')
        self.assert_refused("--config", misspelt, words=["crap", "crop"])

    def test_a_preset_file_that_is_missing_or_a_folder_is_an_error_of_the_command_line(self):
        for preset in (self.folder / "no.json", "no/such", self.folder):
            self.assert_refused("--preset", preset, words=["--preset", str(preset)])

    def test_a_mask_of_alpha_is_for_statistics_by_flag_and_by_file(self):
        plan = run("stats", "--alpha", "mask", "--print-plan").stdout
        config = self.write("run.json", plan.encode())
        values = ("--mean", "0", "--std", "1", "--resize", "8x8")
        for flags in (["--config", config], ["--alpha", "mask"]):
            self.assert_refused(*flags, *values, words=["mask", "drop"])

    def test_a_preset_and_a_config_are_one_too_many(self):
        config = self.write("run.json", self.printed(*FLAGS).encode())
        self.assert_refused("--config", config, "--preset", "half", words=["--preset", "--config"])


if __name__ == "__main__":
    unittest.main()
