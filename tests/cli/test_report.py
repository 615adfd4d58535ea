"""imnorm report: the figures of the page are those of the statistics, and it needs nothing else."""

import html.parser
import json
import re
import shutil
import subprocess
import unittest
from pathlib import Path

import numpy as np
from PIL import Image

from imnorm_test import DONE, NOT_DONE, SOME_FAILED, USAGE, ImnormTest, encode, pixels, png, run

VOID = {"meta", "img", "br"}


class Reader(html.parser.HTMLParser):
    """Tags that are closed in order, tables by id, images, text."""

    def __init__(self, text):
        super().__init__()
        self.open, self.errors, self.images, self.plots = [], [], [], []
        self.headings, self.cells, self.in_table, self.text = [], [], False, ""
        self.feed(text)
        self.errors += [f"<{tag}> is not closed" for tag in self.open]

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag not in VOID:
            self.open.append(tag)
        if tag == "img":
            self.images.append(attributes)
        if tag == "svg":
            self.plots.append(attributes)
        if attributes.get("id") == "channels":
            self.in_table = True
        if tag == "tr" and self.in_table:
            self.cells.append([])

    def handle_startendtag(self, tag, attributes):
        pass

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.errors.append(f"</{tag}>")
        if tag == "table":
            self.in_table = False

    def handle_data(self, data):
        self.text += data
        if self.open and self.open[-1] in ("h1", "h2", "h3"):
            self.headings.append(data)
        if self.in_table and self.open[-1] in ("td", "th"):
            self.cells[-1].append(data)


class Report(ImnormTest):
    def put(self, name, data, under="set"):
        path = self.folder / under / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def pictures(self, count=9):
        for i in range(count):
            size = (90 + 10 * (i % 3), 80)
            self.put(f"{'abc'[i % 3]}/p{i}.png", png(*size, i))
        return self.folder / "set"

    def report(self, *arguments, code=DONE, name="r.html"):
        out = self.folder / name
        result = run("report", *arguments, "-o", out, "--force")
        self.assert_exit(code, result)
        self.html = out.read_text()
        page = Reader(self.html)
        self.assertEqual(page.errors, [])
        return page

    def test_figures_are_those_of_the_statistics(self):
        folder = self.pictures()
        page = self.report(folder, "--title", "Nine & <more>")
        stats = json.loads(run("stats", folder, "--histogram").stdout)
        self.assertEqual(page.headings[0], "Nine & <more>")
        self.assertIn(f"9 pictures, {stats['pixels']} pixels", page.text)
        for c, row in enumerate(page.cells[1:]):
            wanted = [stats[key][c] for key in ("mean", "std", "min", "max")]
            wanted += [at["values"][c] for at in stats["percentiles"]]
            self.assertEqual(row, [stats["channels"][c]] + [f"{v:.4f}" for v in wanted])
        for form in ("torchvision", "hf", "timm", "opencv", "openvino"):
            self.assertIn(run("stats", folder, "--emit", form).stdout.strip(), page.text)

    def test_it_needs_nothing_from_outside(self):
        self.report(self.pictures(), "--preset", "imagenet")
        self.assertNotIn("<script", self.html)
        self.assertNotIn("http", self.html.replace("http-equiv", ""))
        self.assertIsNone(re.search(r"@import|url\(|<link|<iframe", self.html))
        self.assertIn("prefers-color-scheme:dark", self.html)
        self.assertIn("@media print", self.html)
        self.assertIn('lang="en"', self.html)

    def test_pictures_and_plots_say_what_they_are(self):
        page = self.report(self.pictures(), "--gamma", "0.5", "--beta", "1", "--preset", "clip")
        self.assertEqual(len(page.images), 1 + 4 * 6)
        self.assertTrue(all(image["alt"] and int(image["width"]) > 0 for image in page.images))
        self.assertEqual(len(page.plots), 5)
        self.assertTrue(all(plot["role"] == "img" and plot["aria-label"] for plot in page.plots))
        for heading in ("Numbers to copy", "Channels", "Distribution", "Sizes", "Classes", "Pictures",
                        "Normalised with its own mean and std", "... and mapped by gamma 0.5, beta 1",
                        "Normalised as clip", "Brightest", "Least like the others"):  # fmt: skip
            self.assertIn(heading, page.headings)

    def test_the_pictures_that_stand_out_are_shown(self):
        folder = self.pictures()
        flat = lambda *colour: encode(Image.new("RGB", (60, 60), colour), "PNG")  # noqa: E731
        self.put("a/white.png", flat(255, 255, 255))
        self.put("a/black.png", flat(0, 0, 0))
        half = np.zeros((60, 60, 3), np.uint8)
        half[:30], half[30:] = (255, 0, 0), (0, 255, 0)
        self.put("a/garish.png", encode(Image.fromarray(half), "PNG"))
        self.report(folder)
        def first(title):
            part = self.html[self.html.index(f"<h3>{title}</h3>") :]
            return re.search(r"<figcaption>([^<]*)<br>", part).group(1)
        self.assertEqual(first("Brightest"), "white.png")
        self.assertEqual(first("Darkest"), "black.png")
        self.assertEqual(first("Most colourful"), "garish.png")

    def test_what_was_not_read_is_told(self):
        folder = self.pictures()
        self.put("a/bro<ken.png", png(90, 80)[:200])
        page = self.report(folder, code=SOME_FAILED)
        self.assertIn("bro<ken.png", page.text)
        self.assertIn("corrupt", page.text)
        self.assertIn("1 input that could not be read", page.text)

    def test_statistics_alone_make_a_page(self):
        folder = self.pictures()
        stats = self.folder / "s.json"
        self.assert_exit(DONE, run("stats", folder, "--histogram", "-o", stats))
        page = self.report(stats)
        self.assertEqual(page.images, [])
        self.assertEqual(len(page.plots), 2)
        self.assert_exit(DONE, run("stats", folder, "-o", stats, "--force"))
        self.assertEqual(self.report(stats).plots, [])
        spoilt = stats.read_text().replace('"images": 9', '"images": 8')
        stats.write_text(spoilt)
        refused = run("report", stats, "-o", self.folder / "x.html")
        self.assert_exit(USAGE, refused)
        self.assertIn("images", refused.stderr)
        self.assertFalse((self.folder / "x.html").exists())

    def test_the_same_bytes_for_every_number_of_threads(self):
        folder = self.pictures(20)
        pages = set()
        for threads in (1, 2, 8):
            self.report(folder, "-j", str(threads))
            pages.add(self.html)
        self.assertEqual(len(pages), 1)

    def test_what_cannot_be_meant_is_refused(self):
        folder = self.pictures()
        np.save(self.folder / "x.npy", np.zeros((2, 3, 4, 4), np.float32))
        out = self.folder / "r.html"
        for arguments, word in (
            ([folder], "-o says where"),
            ([folder, "-o", self.folder / "r.pdf"], ".html"),
            ([self.folder / "x.npy", "-o", out], "imnorm inspect"),
            ([folder, "--shard", "1/2", "-o", out], "imnorm merge"),
            ([folder, "--gamma", "0", "-o", out], "--gamma"),
        ):
            result = run("report", *arguments)
            self.assert_exit(USAGE, result)
            self.assertIn(word, result.stderr)
        self.assertFalse(out.exists())
        (self.folder / "void").mkdir()
        self.assert_exit(NOT_DONE, run("report", self.folder / "void", "-o", out))

    @unittest.skipUnless(shutil.which("chromium"), "Chromium is not installed: no page is rendered")
    def test_chromium_renders_it_without_a_word(self):
        self.report(self.pictures(), "--preset", "imagenet")
        shot = self.folder / "shot.png"
        done = subprocess.run(
            ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=900,3000",
             "--enable-logging=stderr", f"--screenshot={shot}", f"file://{self.folder}/r.html"],
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        self.assertNotIn("CONSOLE", done.stderr)
        with Image.open(shot) as image:
            self.assertGreater(len(set(image.convert("RGB").resize((90, 300)).getdata())), 200)


if __name__ == "__main__":
    unittest.main()
