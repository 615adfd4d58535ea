#!/usr/bin/python3
"""The presets in configs/ against torchvision's own weights, live."""
import glob
import json
import os
import re
import unittest

import torchvision.models as models

CONFIGS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "configs")


def presets():
    for path in sorted(glob.glob(os.path.join(CONFIGS, "*.json"))):
        with open(path, encoding="utf-8") as file:
            yield json.load(file)


def weights_of(preset):
    found = re.match(r"torchvision (\w+_Weights)\.(IMAGENET\w+)", preset["source"])
    return getattr(getattr(models, found[1]), found[2]) if found else None


class Presets(unittest.TestCase):
    def test_every_torchvision_preset_is_what_its_weights_say(self):
        compared = 0
        for preset in presets():
            weights = weights_of(preset)
            if weights is None:
                continue
            transform = weights.transforms()
            with self.subTest(preset["name"]):
                self.assertEqual(preset["like"], "torchvision")
                self.assertEqual(preset["resize"]["kind"], "short_edge")
                self.assertEqual([preset["resize"]["size"]], list(transform.resize_size))
                self.assertEqual(preset["resize"]["filter"], transform.interpolation.value)
                self.assertEqual(preset["crop"], {"width": transform.crop_size[0],
                                                  "height": transform.crop_size[0]})
                self.assertEqual(preset["values"]["mean"], list(transform.mean))
                self.assertEqual(preset["values"]["std"], list(transform.std))
            compared += 1
        self.assertGreaterEqual(compared, 30)

    def test_every_family_of_weights_has_a_preset(self):
        named = {preset["source"].split()[1].split(".")[0] for preset in presets()
                 if weights_of(preset) is not None}
        for family in ("ResNet50", "EfficientNet_B0", "EfficientNet_V2_S", "ConvNeXt_Tiny",
                       "Swin_T", "Swin_V2_T", "ViT_B_16", "RegNet_Y_8GF", "MobileNet_V3_Large"):
            self.assertIn(family + "_Weights", named)

    def test_every_preset_names_itself_its_summary_and_its_source(self):
        names = [preset["name"] for preset in presets()]
        self.assertGreaterEqual(len(names), 30)
        self.assertEqual(len(names), len(set(names)))
        for preset in presets():
            self.assertTrue(preset["summary"] and preset["source"], preset["name"])


if __name__ == "__main__":
    unittest.main()
