"""AVIF: Pillow 13's pixels, by goldens, since Debian's Pillow reads none."""

import base64
import hashlib
import json
import os
import tempfile
import unittest
from pathlib import Path

from decode_files import decode, pixels

GOLDEN = json.loads(Path(__file__).with_name("avif_golden.json").read_text())


class Avif(unittest.TestCase):
    def test_pixels_are_pillows(self):
        self.assertGreater(len(GOLDEN["files"]), 30)
        self.assertGreater(len({file["source"] for file in GOLDEN["files"]}), 2)
        with tempfile.TemporaryDirectory() as folder:
            for number, file in enumerate(GOLDEN["files"]):
                path = os.path.join(folder, f"{number}.avif")
                Path(path).write_bytes(base64.b64decode(file["file"]))
                answer = decode([path], "--raw")[0]
                if "there is no module" in answer.get("message", ""):
                    self.skipTest("SKIPPED: this build has no module for AVIF")
                with self.subTest(source=file["source"], name=file["name"]):
                    self.assertTrue(answer["ok"], answer.get("message"))
                    self.assertEqual(answer["size"], file["size"])
                    self.assertEqual(answer["orientation"], file["orientation"])
                    self.assertEqual(answer["probe"]["alpha"], file["mode"].endswith("A"))
                    got = hashlib.sha256(pixels(answer).tobytes()).hexdigest()
                    self.assertEqual(got, file["rgb_sha256"])


if __name__ == "__main__":
    unittest.main()
