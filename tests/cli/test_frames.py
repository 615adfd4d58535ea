"""--frame: any page of a TIFF, frame of an animation or picture of an MPO, as Pillow has it."""

import io
import json
import tarfile
import tempfile
import unittest
import zlib
from pathlib import Path

import numpy as np
import PIL
from PIL import Image

from animations import animations, wild_gif
from imnorm_test import NOT_DONE, SOME_FAILED, USAGE, ImnormTest, jpeg, manifest_of, rows_of, run

AS_STORED = ("--method", "none", "--dtype", "uint8", "--layout", "nhwc", "--force", "-q")


def pillows(path, frame):
    """One frame of a file that is opened for it."""
    with Image.open(path) as image:
        image.seek(frame)
        return np.array(image.convert("RGB"))


def several(kind, count=3, **options):
    """A file of frames of one colour each."""
    frames = [Image.new("RGB", (16, 12), (60 * i, 10, 200)) for i in range(count)]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], **options)
    return out.getvalue()


class Frames(ImnormTest):
    def frame_of(self, path, frame, *more):
        return np.load(self.normalize(path, "--frame", frame, *AS_STORED, *more))[0]

    def assert_pillows(self, path):
        with Image.open(path) as image:
            frames = getattr(image, "n_frames", 1)  # identical ones were written as one
        for frame in range(frames):
            with self.subTest(path, frame=frame):
                want = pillows(path, frame)
                np.testing.assert_array_equal(self.frame_of(path, str(frame)), want)
        return frames

    def assert_kind(self, kind, files=6):
        with tempfile.TemporaryDirectory() as folder:
            seen = sum(self.assert_pillows(p) for p in animations(folder, kind, files, seed=11))
        self.assertGreater(seen, 4)

    def test_gif_frames_are_pillows(self):
        self.assert_kind("gif")

    def test_png_frames_are_pillows(self):
        self.assert_kind("png", 12)

    def test_webp_frames_are_pillows(self):
        self.assert_kind("webp")

    def test_pages_of_tiff_are_pillows(self):
        self.assert_kind("tif")

    def test_pictures_of_mpo_are_pillows(self):
        self.assert_kind("mpo", 20)

    def test_gifs_that_no_encoder_writes_are_pillows(self):
        read = 0
        # Older ones do not enlarge the canvas.
        may_grow = int(PIL.__version__.split(".")[0]) >= 13
        for seed in range(40):
            path = self.write("wild.gif", wild_gif(seed, may_grow))
            with Image.open(path) as image:
                frames = image.n_frames
            for frame in range(1, frames):
                read += 1
                with self.subTest(seed=seed, frame=frame):
                    want = pillows(path, frame)
                    np.testing.assert_array_equal(self.frame_of(path, str(frame)), want)
        self.assertGreater(read, 60)

    def test_all_makes_a_row_of_each(self):
        folder = self.write_all({
            "a.gif": several("GIF"),
            "b.jpg": jpeg(16, 12),
            "c.tif": several("TIFF", 12),
            "note.txt": b"no picture",
        })  # fmt: skip
        out = self.normalize(folder, "--frame", "all", *AS_STORED, "-j", "1")
        names = [Path(path.decode()).name for path in rows_of(out)]
        self.assertEqual(
            names,
            [f"a.gif#{i}" for i in range(3)] + ["b.jpg"] + [f"c.tif#{i}" for i in range(12)],
        )
        items = manifest_of(out)["items"]
        self.assertEqual([i.get("frame") for i in items[:5]], [0, 1, 2, None, 0])
        rows = np.load(out)
        for i in range(12):
            np.testing.assert_array_equal(rows[4 + i], pillows(folder / "c.tif", i))
        alone = out.read_bytes()
        for more in (["-j", "3"], ["--isolate"]):
            again = self.normalize(folder, "--frame", "all", *AS_STORED, *more)
            self.assertEqual(again.read_bytes(), alone)
        self.assertNotIn("notes", manifest_of(out).get("notes", {}))
        parts = [
            np.load(self.normalize(folder, "--frame", "all", *AS_STORED, "--shard", f"{i}/4"))
            for i in range(1, 5)
        ]
        np.testing.assert_array_equal(np.concatenate(parts), rows)
        stats = self.stats(folder, "--frame", "all")
        self.assertEqual(stats["images"], 16)
        out = self.normalize(folder, "--frame", "all", *AS_STORED)
        self.assertEqual(run("compare", out, folder, "--frame", "all").returncode, 0)

    def test_members_of_archives_have_frames_too(self):
        folder = self.write_all({"a.gif": several("GIF"), "b.tif": several("TIFF")})
        with tarfile.open(self.folder / "in.tar", "w") as tar:
            for name in ("a.gif", "b.tif"):
                tar.add(folder / name, name)
        whole = self.normalize(folder, "--frame", "all", *AS_STORED).read_bytes()
        tar = self.normalize(self.folder / "in.tar", "--frame", "all", *AS_STORED).read_bytes()
        self.assertEqual(tar, whole)

    def test_the_first_is_read_and_that_is_said_unless_one_is_asked_for(self):
        path = self.write("a.gif", several("GIF"))
        result = run("stats", path)
        self.assertIn("--frame", result.stderr)
        result = run("stats", path, "--frame", "0")
        self.assertNotIn("frame", result.stderr)
        self.assertEqual(json.loads(result.stdout)["notes"], {})
        self.assertIn('"animated"', run("verify", path, "--emit", "json").stdout)
        self.assertNotIn('"animated"', run("verify", path, "--frame", "1", "--emit", "json").stdout)

    def test_a_frame_that_is_not_there_is_a_failed_input(self):
        folder = self.write_all({"a.gif": several("GIF"), "b.jpg": jpeg(16, 12)})
        result = run("stats", folder, "--frame", "2")
        self.assert_exit(SOME_FAILED, result)
        self.assertIn("b.jpg#2: unsupported: it has no frame or page 2: there is one", result.stderr)
        self.assert_exit(NOT_DONE, run("stats", folder, "--frame", "3"))

    def test_what_is_no_number_is_refused(self):
        folder = self.write_all({"a.gif": several("GIF")})
        for text in ("x", "-1", "1.5", "4294967296"):
            result = run("stats", folder, "--frame", text)
            self.assert_exit(USAGE, result)
            self.assertIn("from 0, or all", result.stderr)

    def test_what_cannot_be_of_frames_is_refused(self):
        folder = self.write_all({"a.gif": several("GIF")})
        result = run("stats", folder, "--frame", "1", "--write-checksums", self.folder / "sums")
        self.assert_exit(USAGE, result)
        self.assertIn("--frame", result.stderr)

    def test_damage_in_any_frame_is_damage_of_the_file(self):
        data = bytearray(several("PNG"))
        at = data.rindex(b"fdAT")
        data[at + 9] ^= 1
        path = self.write("a.png", bytes(data))
        for frame in ("0", "1", "2"):
            result = run("stats", path, "--frame", frame)
            self.assert_exit(NOT_DONE, result)
            self.assertIn(f"a.png#{frame}: corrupt", result.stderr)

    def test_a_frame_beyond_the_canvas_is_damage(self):
        data = bytearray(several("PNG"))
        at = data.rindex(b"fcTL") + 4
        data[at + 4 : at + 8] = (4096).to_bytes(4, "big")
        data[at + 26 : at + 30] = zlib.crc32(data[at - 4 : at + 26]).to_bytes(4, "big")
        result = run("stats", self.write("a.png", bytes(data)), "--frame", "2")
        self.assert_exit(NOT_DONE, result)
        self.assertIn("does not fit its place on the canvas", result.stderr)

    def test_a_number_of_frames_that_nothing_stands_behind_makes_no_rows(self):
        data = bytearray(several("PNG"))
        at = data.index(b"acTL") + 4
        data[at : at + 4] = (2**31 - 1).to_bytes(4, "big")
        data[at + 8 : at + 12] = zlib.crc32(data[at - 4 : at + 8]).to_bytes(4, "big")
        result = run("stats", self.write("a.png", bytes(data)), "--frame", "all")
        self.assert_exit(SOME_FAILED, result)
        self.assertEqual(json.loads(result.stdout)["images"], 3)
        self.assertLess(len(json.loads(result.stdout)["failed"]), len(data))

    def test_an_input_is_no_output_whatever_frame_of_it_is_read(self):
        path = self.write("a.gif", several("GIF"))
        result = run("normalize", path, "--frame", "1", "--method", "none", "--format", "raw",
                     "--force", "-o", path)  # fmt: skip
        self.assert_exit(USAGE, result)
        self.assertIn("is an input", result.stderr)
        self.assertEqual(path.read_bytes(), several("GIF"))

    def test_alpha_of_a_frame_is_laid_on_a_colour(self):
        frames = [Image.new("RGBA", (8, 8), (a, 100, 0, a)) for a in (255, 100)]
        out = io.BytesIO()
        frames[0].save(out, "PNG", save_all=True, append_images=frames[1:], blend=0)
        path = self.write("a.png", out.getvalue())
        with Image.open(path) as image:
            image.seek(1)
            white = Image.new("RGBA", image.size, "white")
            white.alpha_composite(image.convert("RGBA"))
        got = self.frame_of(path, "1", "--alpha", "white")
        np.testing.assert_array_equal(got, np.array(white.convert("RGB")))

    def test_a_mask_is_of_all_frames_of_its_file(self):
        folder = self.write_all({"a.gif": several("GIF")})
        mask = np.zeros((12, 16), np.uint8)
        mask[:, :4] = 1
        (self.folder / "masks").mkdir()
        Image.fromarray(mask).save(self.folder / "masks" / "a.png")
        stats = self.stats(folder, "--frame", "all", "--mask-dir", self.folder / "masks")
        self.assertEqual(stats["pixels"], 3 * 48)


if __name__ == "__main__":
    unittest.main()
