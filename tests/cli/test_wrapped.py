"""What stands in a picture's place is a failed input that says what it is, and what brings the picture."""

import base64
import bz2
import gzip
import lzma
import unittest

from imnorm_test import DONE, SOME_FAILED, ImnormTest, jpeg, png, run

LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"4d7a" * 16 + b"\nsize 84977953\n"
# Content -> words that the message has.
WRAPPED = {
    "gzip": (gzip.compress(jpeg()), ("gzip data of a jpeg picture", "gunzip")),
    "gzip of text": (gzip.compress(b"words\n" * 9), ("gzip data:", "gunzip")),
    "gzip cut": (gzip.compress(jpeg())[:11], ("gzip data", "gunzip")),
    "bzip2": (bz2.compress(jpeg()), ("bzip2", "bunzip2")),
    "xz": (lzma.compress(jpeg()), ("xz data", "unxz")),
    "lfs": (LFS, ("Git LFS pointer", "git lfs pull")),
    "annex": (b"/annex/objects/SHA256E-s1--4d7a.jpg\n", ("git-annex", "git annex get")),
    "html": (b"\r\n<!DOCTYPE html>\n<html><title>404</title></html>", ("HTML page", "download")),
    "html, old": (b"<HTML><BODY>Forbidden</BODY></HTML>", ("HTML page", "download")),
    "json": (b'{"message": "Not Found"}', ("JSON", "download")),
    "base64": (base64.encodebytes(jpeg()), ("base64 text of a jpeg picture", "base64 -d")),
    "base64 of a png": (base64.b64encode(png()), ("base64 text of a png picture", "base64 -d")),
    "data address": (b"data:image/png;base64," + base64.b64encode(png()), ("data: address", "base64 -d")),
    "zeros": (bytes(5000), ("only zeros", "get it again")),
}


class Wrapped(ImnormTest):
    def test_a_file_with_a_pictures_name_says_what_it_is(self):
        for name, (data, words) in WRAPPED.items():
            for given in ("folder", "file"):
                with self.subTest(name=name, given=given):
                    folder = self.folder / f"{name}-{given}"
                    self.write(f"{name}-{given}/good.png", png())
                    path = self.write(f"{name}-{given}/x.jpg", data)
                    inputs = [folder] if given == "folder" else [path, folder / "good.png"]
                    result = run("stats", *inputs)
                    self.assert_exit(SOME_FAILED, result)
                    line = next(l for l in result.stderr.splitlines() if "x.jpg" in l)
                    for word in ("x.jpg: unsupported: not an image: ", *words):
                        self.assertIn(word, line)

    def test_a_compressed_picture_in_a_folder_is_named_and_an_archive_is_passed_over(self):
        self.write("p/good.png", png())
        for name in ("a.jpg.gz", "b.PNG.GZ", "c.tif.bz2", "d.webp.zst"):
            self.write(f"p/{name}", gzip.compress(jpeg()))
        self.write("p/e.tar.gz", gzip.compress(bytes(20)))
        self.write("p/f.csv.gz", gzip.compress(b"a,b\n"))
        result = run("stats", self.folder / "p")
        self.assert_exit(SOME_FAILED, result)
        for name in ("a.jpg.gz", "b.PNG.GZ", "c.tif.bz2", "d.webp.zst"):
            self.assertIn(f"{name}: unsupported: ", result.stderr)
        for name in ("e.tar.gz", "f.csv.gz"):
            self.assertNotIn(name, result.stderr)

    def test_text_that_only_looks_so_is_text(self):
        for data in (b"/work/of/some/kind/and/more/of/it\n", b"words\n", b"P5 is a word of mine\n"[:3] * 9):
            self.write("p/good.png", png())
            self.write("p/x.jpg", data)
            result = run("stats", self.folder / "p")
            self.assert_exit(SOME_FAILED, result)
            self.assertNotIn("base64", result.stderr)

    def test_other_files_of_a_folder_stay_other_files(self):
        self.write("p/good.png", png())
        for name, (data, _) in WRAPPED.items():
            self.write(f"p/{name}.txt", data)
        self.assert_exit(DONE, run("stats", self.folder / "p"))


if __name__ == "__main__":
    unittest.main()
