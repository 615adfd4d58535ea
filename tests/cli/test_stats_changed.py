"""`merge` and `--stats` believe no file: partials that were changed are refused by the member."""

import json
import random
import unittest

import numpy as np

from imnorm_test import DONE, USAGE, jpeg, png, run
from stats_reference import StatsTest, tiff


def leaves(value, here=()):
    """Paths to all values of a document that are numbers or exact sums."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield from leaves(member, (*here, key))
    elif isinstance(value, list):
        for i, member in enumerate(value):
            yield from leaves(member, (*here, i))
    elif isinstance(value, (int, float)) or here[0] == "exact":
        yield here


def changed(document, path, value):
    """A copy with another value at a path."""
    copy = json.loads(json.dumps(document))
    place = copy
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return copy


class Changed(StatsTest):
    def partial(self, *arguments):
        path = self.folder / "partial.json"
        self.assert_exit(DONE, run("stats", *arguments, "-o", path, "--force"))
        return json.loads(path.read_text())

    def refusal_of(self, text):
        path = self.write("changed.json", text.encode())
        result = run("merge", path, "-o", self.folder / "merged.json")
        self.assert_exit(USAGE, result)
        self.assertEqual(result.stdout, "")
        self.assertFalse((self.folder / "merged.json").exists())
        self.assertIn("changed.json: ", result.stderr)
        return result.stderr

    def pictures(self):
        for i in range(6):
            self.write(f"set/{'cat' if i % 2 else 'dog'}/{i}.jpg", jpeg(20 + i, 16, i))
        return self.folder / "set"

    def kinds(self):
        """Partials of every kind, by name."""
        folder = self.pictures()
        rng = np.random.default_rng(1)
        for i in range(3):
            band = rng.integers(-9000, 9000, (7, 9, 2)).astype(np.int16)
            self.write(f"bands/{i}.tif", tiff(band, 2))
            self.write(f"floats/{i}.tif", tiff(rng.normal(size=(7, 9, 2)).astype(np.float32), 3))
            self.write(f"masks/dog/{2 * i}.png", png(20 + 2 * i, 16, i))
            self.write(f"masks/cat/{2 * i + 1}.png", png(21 + 2 * i, 16, i))
        np.save(self.folder / "t.npy", rng.normal(size=(5, 3, 4, 4)).astype(np.float32))
        return {
            "plain": self.partial(folder),
            "shard": self.partial(folder, "--shard", "2/3"),
            "histogram": self.partial(folder, "--percentiles", "3"),
            "classes": self.partial(folder, "--per-class", "--weight", "image", "--ddof", "1"),
            "int16": self.partial(self.folder / "bands", "--channels", "native"),
            "float": self.partial(self.folder / "floats", "--channels", "native"),
            "16-bit": self.partial(folder, "--depth", "16"),
            "masked": self.partial(folder, "--mask-dir", self.folder / "masks"),
            "ignored": self.partial(folder, "--ignore-value", "3"),
            "sampled": self.partial(folder, "--sample", "4"),
            "tensor": self.partial(self.folder / "t.npy"),
        }

    def test_a_number_changed_anywhere_is_refused(self):
        rng = random.Random(3)
        for name, document in self.kinds().items():
            for _ in range(5):
                path = rng.choice(list(leaves(document)))
                place = document
                for key in path:
                    place = place[key]
                value = place + 1 if isinstance(place, (int, float)) else f"1{place}"
                with self.subTest(kind=name, path=path):
                    text = json.dumps(changed(document, path, value))
                    self.assertRegex(self.refusal_of(text), r'"\w+')

    def test_what_was_once_believed_is_refused_by_its_name_without_a_checksum_too(self):
        document = self.partial(self.pictures())
        exact = document["exact"]
        del document["checksum"]
        for member, path, value in (
            ("sum", ("exact", "sum", 0), "-" + exact["sum"][0]),
            ("sum_squares", ("exact", "sum_squares", 1), exact["sum_squares"][1] + "000"),
            ("max", ("exact", "max", 0), 2**32),
            ("pixels", ("exact", "pixels"), exact["pixels"] + "0"),
            ("images", ("exact", "images"), str(2**63)),
            ("widths", ("exact", "widths", 0, 1), 2**64 - 1),
            ("image_mean", ("exact", "image_mean", 2), "-" + exact["image_mean"][2]),
            ("failed", ("failed",), [{"index": 0, "path": "x", "reason": "invented"}]),
            ("mean[0]", ("mean", 0), document["mean"][0] + 1e-15),
            ("std[2]", ("std", 2), 0.25),
            ("notes", ("notes",), {"alpha_dropped": 7}),
            ("surprise", ("surprise",), 1),
        ):
            with self.subTest(member=member):
                self.assertIn(f'"{member}"',
                              self.refusal_of(json.dumps(changed(document, path, value))))
        whole = json.dumps(document)
        twice = whole.replace('"sum": ', '"sum": ["1", "1", "1"], "sum": ', 1)
        self.assertIn('"sum" is given twice', self.refusal_of(twice))
        nested = whole.replace("{", '{"plan": ' + "[" * 60000 + "]" * 60000 + ", ", 1)
        self.assertIn("nested deeper", self.refusal_of(nested))

    def test_names_and_notes_are_not_believed_where_their_checksum_was_taken_out(self):
        document = self.partial(self.pictures(), "--per-class")
        del document["checksum"]
        document["per_class"]["cow"] = document["per_class"].pop("cat")
        self.assertIn('"checksum" is missing', self.refusal_of(json.dumps(document)))

    def test_a_file_laid_out_anew_and_one_without_a_checksum_are_read(self):
        folder = self.pictures()
        document = self.partial(folder, "--per-class", "--percentiles", "3")
        wanted = self.stats_text(folder, "--per-class", "--percentiles", "3")
        anew = self.write("anew.json", json.dumps(document, indent=7).encode())
        self.assertEqual(run("merge", anew).stdout, wanted)
        del document["checksum"], document["notes"]  # as 0.1.0 wrote it
        old = self.write("old.json", json.dumps(document).encode())
        self.assertEqual(run("merge", old).stdout, wanted)

    def test_normalize_does_not_take_a_mean_that_the_sums_do_not_give(self):
        document = self.partial(self.pictures())
        out = ("--resize", "8x8", "-o", self.folder / "x.npy")
        values = self.write("values.json", json.dumps(document).encode())
        self.assert_exit(DONE, run("normalize", self.folder / "set", "--stats", values, *out))
        for key in ("mean", "std"):
            text = json.dumps(changed(document, (key, 1), 0.4))
            values = self.write("values.json", text.encode())
            result = run("normalize", self.folder / "set", "--stats", values, *out, "--force")
            self.assert_exit(USAGE, result)
            self.assertIn(f'"{key}[1]" is 0.4, where the sums in "exact" make it', result.stderr)


if __name__ == "__main__":
    unittest.main()
