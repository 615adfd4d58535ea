"""imnorm preview: sheets hold the pictures that were asked for, as numpy and Pillow see them."""

import io
import json
import os
import pty
import subprocess
import unittest

import numpy as np
from PIL import Image

from imnorm_test import (
    DONE,
    NOT_DONE,
    SAMPLES,
    SOME_FAILED,
    SOURCE,
    USAGE,
    ImnormTest,
    binary,
    jpeg,
    png,
    run,
)

GAP, LINES = 10, 32  # between cells, and the two lines below each


class Preview(ImnormTest):
    def put(self, name, data):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)

    def sheet(self, *arguments, code=DONE, name="sheet.png"):
        out = self.folder / name
        result = run("preview", *arguments, "-o", out, "--force")
        self.assert_exit(code, result)
        return np.asarray(Image.open(out).convert("RGB")).astype(int)

    def cell(self, sheet, number, side, columns, captions=True):
        left = GAP + number % columns * (side + GAP)
        top = GAP + number // columns * (side + GAP + (LINES if captions else 0))
        return sheet[top : top + side, left : left + side]

    def colours(self, count, side=8):
        """Pictures of one colour each, with names in order."""
        folder = self.folder / "colours"
        folder.mkdir()
        rng = np.random.default_rng(3)
        levels = rng.integers(30, 226, (count, 3))
        for i, level in enumerate(levels):
            picture = np.broadcast_to(level.astype(np.uint8), (side, side, 3))
            (folder / f"{i:03}.png").write_bytes(self.encoded(picture))
        return folder, levels

    def encoded(self, array):
        out = io.BytesIO()
        Image.fromarray(np.ascontiguousarray(array)).save(out, "PNG")
        return out.getvalue()

    def test_cells_are_the_pictures_in_their_order(self):
        folder, levels = self.colours(6)
        sheet = self.sheet(folder, "--side", "64", "--columns", "3", "--no-captions")
        self.assertEqual(sheet.shape, (2 * 74 + 10, 3 * 74 + 10, 3))
        for i, level in enumerate(levels):
            cell = self.cell(sheet, i, 64, 3, captions=False)
            self.assertTrue((cell == level).all(), i)

    def test_index_chooses_rows_in_the_order_given(self):
        folder, levels = self.colours(12)
        sheet = self.sheet(folder, "--index", "7,2-3", "--side", "64", "--no-captions", "--columns", "3")
        for place, index in enumerate((7, 2, 3)):
            cell = self.cell(sheet, place, 64, 3, captions=False)
            self.assertTrue((cell == levels[index]).all())

    def test_fewer_than_there_are_are_spread_over_all(self):
        folder, levels = self.colours(100)
        sheet = self.sheet(folder, "--count", "4", "--side", "64", "--no-captions", "--columns", "4")
        for place, index in enumerate((12, 37, 62, 87)):
            cell = self.cell(sheet, place, 64, 4, captions=False)
            self.assertTrue((cell == levels[index]).all())

    def test_a_tensor_is_shown_by_its_manifest_as_the_pictures_are(self):
        self.put("photos/a.jpg", jpeg(300, 200, 1))
        self.put("photos/b.jpg", jpeg(200, 300, 2))
        shown = self.sheet(self.folder / "photos", "--preset", "clip", "--no-captions", name="p.png")
        self.assertGreater(shown.std(), 20)
        for options in (
            ["t.npy"],
            ["t.npz"],
            ["t.safetensors"],
            ["l.npy", "--layout", "nhwc"],
            ["q.npy", "--dtype", "int8", "--qscale", "0.0355"],
            ["h.npy", "--dtype", "float16"],
            ["b.npy", "--channels", "bgr"],
        ):
            out = self.folder / options[0]
            made = run(
                "normalize", self.folder / "photos", "--preset", "clip", "-o", out, *options[1:]
            )
            self.assert_exit(DONE, made)
            sheet = self.sheet(out, "--no-captions")
            worst = 3 if "int8" in options else 1
            self.assertLessEqual(abs(sheet - shown).max(), worst, options)

    def test_values_of_a_tensor_without_a_manifest_are_given_or_stretched(self):
        level = np.array([10, 120, 240])
        values = (level / 255 - 0.5) / 0.25
        array = np.broadcast_to(values[:, None, None], (1, 3, 64, 64)).astype(np.float32)
        path = self.folder / "x.npy"
        np.save(path, array)
        sheet = self.sheet(
            path, "--mean", "0.5,0.5,0.5", "--std", "0.25,0.25,0.25", "--side", "64", "--no-captions"
        )
        self.assertTrue((self.cell(sheet, 0, 64, 1, captions=False) == level).all())
        stretched = self.cell(
            self.sheet(path, "--side", "64", "--no-captions"), 0, 64, 1, captions=False
        )
        self.assertEqual((stretched.min(), stretched.max()), (0, 255))

    def test_the_window_is_framed_and_what_it_cuts_is_dark(self):
        picture = np.full((100, 200, 3), 200, np.uint8)
        self.put("wide.png", self.encoded(picture))
        sheet = self.sheet(
            self.folder / "wide.png", "--resize", "50", "--crop", "50", "--show", "window",
            "--side", "200", "--no-captions",
        )  # fmt: skip
        area = sheet[GAP : GAP + 100, GAP : GAP + 200]
        self.assertTrue((area[50, 10:45] == 80).all())
        self.assertTrue((area[50, 60:140] == 200).all())
        self.assertTrue((area[50, 155:190] == 80).all())
        self.assertTrue((area[50, 51] == (255, 60, 200)).all())

    def test_the_window_of_a_letterbox_shows_its_pads(self):
        self.put("wide.png", self.encoded(np.full((100, 200, 3), 200, np.uint8)))
        sheet = self.sheet(
            self.folder / "wide.png", "--resize", "letterbox:64x64", "--fill", "#727272",
            "--show", "window", "--side", "200", "--no-captions",
        )  # fmt: skip
        area = sheet[GAP : GAP + 200, GAP : GAP + 200]
        self.assertTrue((area[20, 20:180] == 114).all())
        self.assertTrue((area[100, 20:180] == 200).all())
        self.assertTrue((area[180, 20:180] == 114).all())

    def test_a_damaged_picture_has_a_cell_and_an_error(self):
        self.put("d/a.png", png(64, 64))
        self.put("d/b.png", png(64, 64)[:200])
        self.put("d/notes.txt", b"no picture")
        result = run("preview", self.folder / "d", "-o", self.folder / "s.png")
        self.assert_exit(SOME_FAILED, result)
        self.assertIn("b.png", result.stderr)
        self.assertIn("1 not read", result.stderr)
        with Image.open(self.folder / "s.png") as sheet:
            self.assertEqual(sheet.size, (2 * 138 + 10, 128 + 42 + 10))

    def test_the_worst_of_a_comparison_and_of_a_lint(self):
        folder, levels = self.colours(6)
        a, b = self.folder / "a.npy", self.folder / "b.npy"
        for path in (a, b):
            self.assert_exit(
                DONE, run("normalize", folder, "--method", "none", "--dtype", "uint8", "-o", path)
            )
        changed = np.load(b)
        changed[2] ^= 1
        changed[4] ^= 64
        np.save(b, changed)
        found = self.folder / "c.json"
        found.write_text(run("compare", a, b, "--emit", "json").stdout)
        flags = ("--side", "64", "--no-captions", "--columns", "3")
        sheet = self.sheet(a, "--worst", found, *flags)
        for place, row in enumerate((4, 2)):
            cell = self.cell(sheet, place, 64, 3, captions=False)
            self.assertTrue((cell == levels[row]).all(), row)
        lines = [
            {"path": str(folder / "001.png"), "level": "info", "kind": "dark"},
            {"path": str(folder / "005.png"), "level": "error", "kind": "damaged"},
            {"path": "elsewhere.png", "level": "error", "kind": "damaged"},
            {"path": str(folder / "001.png"), "level": "warning", "kind": "blank"},
        ]
        found.write_text("".join(json.dumps(line) + "\n" for line in lines))
        for rows in (folder, a):
            sheet = self.sheet(rows, "--worst", found, *flags)
            for place, row in enumerate((5, 1)):
                cell = self.cell(sheet, place, 64, 3, captions=False)
                self.assertTrue((cell == levels[row]).all(), row)
        for text, word in (("{}", "no output of"), (json.dumps(lines[2]), "names no row"), ("x", "no output")):
            found.write_text(text)
            result = run("preview", folder, "--worst", found, "-o", self.folder / "n.png")
            self.assert_exit(USAGE, result)
            self.assertIn(word, result.stderr)

    def test_the_readmes_sheet_is_what_the_command_draws(self):
        sheet = self.sheet(
            SAMPLES, "--preset", "imagenet", "--columns", "9", "--side", "112", code=SOME_FAILED
        )
        with Image.open(SOURCE / "docs" / "sheet.png") as shown:
            self.assertTrue((np.asarray(shown.convert("RGB")) == sheet).all(), "scripts/readme-pictures")

    def test_jpeg_and_standard_output(self):
        self.put("a.png", png(64, 64))
        sheet = self.sheet(self.folder / "a.png", name="s.jpg")
        with open(self.folder / "o.png", "wb") as out:
            done = subprocess.run(
                [binary(), "preview", self.folder / "a.png", "-o", "-"], stdout=out, check=False,
                stderr=subprocess.PIPE,
            )  # fmt: skip
        self.assertEqual(done.returncode, DONE)
        piped = np.asarray(Image.open(self.folder / "o.png")).astype(int)
        self.assertEqual(piped.shape, sheet.shape)
        self.assertLess(abs(piped - sheet).mean(), 3)

    def on_terminal(self, *arguments, **environment):
        """What stands on a terminal of 80 columns."""
        out, inner = pty.openpty()
        child = subprocess.Popen(
            [binary(), "preview", *map(os.fspath, arguments), "-o", "-", "-q"],
            stdout=inner, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"], **environment},
        )  # fmt: skip
        os.close(inner)
        text = b""
        while True:
            try:
                piece = os.read(out, 65536)
            except OSError:
                break
            if not piece:
                break
            text += piece
        self.assertEqual(child.wait(), DONE, child.stderr.read())
        child.stderr.close()
        os.close(out)
        return text.decode()

    def test_a_terminal_gets_what_it_can_show(self):
        folder, _ = self.colours(3)
        self.assertIn("\x1b_Ga=T", self.on_terminal(folder, TERM="xterm-kitty"))
        self.assertIn(
            "\x1b]1337;File=", self.on_terminal(folder, TERM="xterm", TERM_PROGRAM="WezTerm")
        )
        self.assertIn("\x1bPq", self.on_terminal(folder, TERM="foot"))
        blocks = self.on_terminal(folder, TERM="xterm-256color")
        self.assertIn("\u2580", blocks)
        self.assertLessEqual(max(line.count("\u2580") for line in blocks.splitlines()), 80)
        self.assertIn("\u2580", self.on_terminal(folder, TERM="xterm-kitty", TMUX="/tmp/x"))
        for plain in ({"TERM": "dumb"}, {"TERM": "xterm", "NO_COLOR": "1"}):
            text = self.on_terminal(folder, **plain)
            self.assertNotIn("\x1b", text)
            self.assertIn("@", self.on_terminal(folder, "--graphics", "grey", **plain) + "@")

    def test_what_cannot_be_meant_is_refused(self):
        self.put("a.png", png())
        np.save(self.folder / "x.npy", np.zeros((2, 3, 4, 4), np.float32))
        np.save(self.folder / "flat.npy", np.zeros((4, 7), np.float32))
        picture, tensor, out = self.folder / "a.png", self.folder / "x.npy", self.folder / "s.png"
        for arguments, word in (
            ([picture], "-o says where"),
            ([picture, "-o", self.folder / "s.gif"], ".png, .jpg"),
            ([picture, "-o", picture, "--force"], "a.png"),
            ([picture, "-o", out, "--index", "1"], "there is no 1"),
            ([picture, "-o", out, "--index", "3-1"], "0,5,10-19"),
            ([picture, "-o", out, "--index", "0-99999999999"], "more than a sheet has"),
            ([picture, "-o", out, "--count", "0"], "--count"),
            ([picture, "-o", out, "--side", "2"], "--side"),
            ([picture, "-o", out, "--mean", "1,1,1"], "pictures are shown as"),
            ([picture, "-o", out, "--show", "windows"], "window"),
            ([picture, "-o", out, "--graphics", "sixel"], "-o -"),
            ([tensor, "-o", out, "--show", "window"], "is a tensor"),
        ):
            result = run("preview", *arguments)
            self.assert_exit(USAGE, result)
            self.assertIn(word, result.stderr)
        self.assertFalse(out.exists())
        flat = run("preview", self.folder / "flat.npy", "-o", out)
        self.assert_exit(NOT_DONE, flat)
        self.assertIn("no pictures", flat.stderr)
        out.write_bytes(b"mine")
        kept = run("preview", picture, "-o", out)
        self.assert_exit(USAGE, kept)
        self.assertIn("--force", kept.stderr)
        self.assertEqual(out.read_bytes(), b"mine")


if __name__ == "__main__":
    unittest.main()
