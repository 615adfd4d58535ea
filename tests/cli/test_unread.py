"""Pictures that are not read are failed inputs by name; folders behind links and lists are read."""

import json
import os
import unittest

from imnorm_test import DONE, NOT_DONE, SOME_FAILED, USAGE, ImnormTest, jpeg, png, run

# Content -> what the message calls it.
BY_CONTENT = {
    "Photoshop PSD": b"8BPS\0\1" + bytes(60),
    "OpenEXR": b"\x76\x2f\x31\x01" + bytes(60),
    "Radiance HDR": b"#?RADIANCE\n" + bytes(60),
    "DICOM": bytes(128) + b"DICM" + bytes(60),
    "NIfTI": b"\x5c\x01" + bytes(342) + b"n+1\0" + bytes(60),
    "PCX": b"\x0a\5\1\x08" + bytes(60),
    "SGI": b"\x01\xda\1\1\0\3" + bytes(60),
    "XPM": b"/* XPM */\nstatic char *x[] = {" + bytes(60),
    "WMF": b"\xd7\xcd\xc6\x9a" + bytes(60),
    "KTX": b"\xabKTX 20\xbb\r\n\x1a\n" + bytes(60),
    "FITS": b"SIMPLE  =                    T" + bytes(60),
    "SVG": b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>\n",
    r"camera raw \(RAF\)": b"FUJIFILMCCD-RAW 0201" + bytes(60),
    r"camera raw \(ORF\)": b"IIRO\x08\0\0\0" + bytes(60),
    r"camera raw \(CR3\)": b"\0\0\0\x18ftypcrx \0\0\0\1crx isom" + bytes(60),
}
# Name -> what the message calls it, of content that says nothing.
BY_NAME = {
    "c.pcx": "PCX", "c.cur": "CUR", "d.dcm": "DICOM", "e.jls": "JPEG-LS",
    "f.svg": "SVG", "g.nef": r"camera raw \(NEF\)", "h.Dng": r"camera raw \(DNG\)",
    "i.rw2": r"camera raw \(RW2\)", "j.crw": r"camera raw \(CRW\)", "k.sgi": "SGI", "l.emf": "EMF",
    "m.xbm": "XBM", "n.lbm": "IFF ILBM", "o.pgx": r"JPEG 2000 \(PGX\)",
}


class Unread(ImnormTest):
    def test_a_picture_by_content_is_a_failed_input_that_is_named(self):
        for name, data in BY_CONTENT.items():
            for file_name in ("x.bin", "noextension", "x.jpg"):
                with self.subTest(name=name, file=file_name):
                    folder = f"{len(list(self.folder.iterdir()))}"
                    self.write(f"{folder}/good.jpg", jpeg())
                    self.write(f"{folder}/{file_name}", data)
                    result = run("stats", self.folder / folder)
                    self.assert_exit(SOME_FAILED, result)
                    self.assertRegex(
                        result.stderr,
                        rf"{file_name}: unsupported: {name} is not read; convert it to")

    def test_a_picture_by_its_name_is_one_too(self):
        for name, kind in BY_NAME.items():
            with self.subTest(name=name):
                self.write(f"{name}.d/good.jpg", jpeg())
                self.write(f"{name}.d/{name}", bytes(range(1, 200)))
                result = run("stats", self.folder / f"{name}.d")
                self.assert_exit(SOME_FAILED, result)
                self.assertRegex(result.stderr, rf"{name}: unsupported: {kind} is not read")

    def test_it_is_in_the_numbers_json_and_the_manifest_and_strict_stops(self):
        self.write("p/a.jpg", jpeg())
        self.write("p/b.psd", b"8BPS\0\1" + bytes(60))
        stats = self.stats(self.folder / "p", code=SOME_FAILED)
        self.assertIn("Photoshop", stats["failed"][0]["reason"])
        self.assert_exit(NOT_DONE, run("stats", self.folder / "p", "--strict"))
        out = self.normalize(self.folder / "p", "--preset", "imagenet", code=SOME_FAILED)
        items = json.loads((self.folder / "out.npy.manifest.json").read_bytes())["items"]
        self.assertEqual([item.get("error") for item in items], [None, "unsupported"], out)

    def test_a_picture_that_is_read_may_have_any_name(self):
        for name in ("a.heic", "b.tga", "c.svg"):
            self.write(f"p/{name}", png())
        self.assertEqual(self.stats(self.folder / "p")["images"], 3)

    def test_what_is_no_picture_is_still_passed_over(self):
        self.write("p/a.jpg", jpeg())
        for name, data in {"a.txt": b"words\n", "b.json": b"{}", "c.pdf": b"%PDF-1.4\n",
                           "d.zip": b"PK\x03\x04" + bytes(60), "e.npy": b"\x93NUMPY\x01\0",
                           "f.xml": b"<?xml version='1.0'?><annotation/>", "g.bin": bytes(99),
                           "h.mp4": b"\0\0\0\x18ftypisom\0\0\0\0isommp42", "i.raw": bytes(99),
                           "empty": b"", "j.hdr": b"ENVI\nsamples = 3\n"}.items():
            self.write(f"p/{name}", data)
        result = run("stats", self.folder / "p")
        self.assert_exit(DONE, result)
        self.assertIn("11 passed over", result.stderr)


class Links(ImnormTest):
    def keys(self, *arguments):
        lines = self.folder / "lines.csv"
        result = run("stats", *arguments, "--per-image", lines, "--force")
        self.assert_exit(DONE, result)
        return len(lines.read_text().splitlines()) - 1, json.loads(result.stdout), result.stderr

    def test_a_folder_behind_a_link_is_read_once(self):
        self.write("real/cat/a.jpg", jpeg())
        self.write("train/b.png", png())
        os.symlink("../real/cat", self.folder / "train/cat")
        os.symlink("../real", self.folder / "train/pets")
        count, stats, stderr = self.keys(self.folder / "train", "--per-class")
        self.assertEqual(count, 2)
        self.assertEqual(sorted(stats["per_class"]), ["", "cat"])
        self.assertIn("train/pets/cat: a link to a folder that is read already", stderr)

    def test_a_loop_ends_with_a_word(self):
        self.write("p/a.jpg", jpeg())
        os.symlink(".", self.folder / "p/again")
        os.symlink("..", self.folder / "p/up")
        count, _, stderr = self.keys(self.folder / "p")
        self.assertEqual(count, 1)
        self.assertIn("p/again (and 1 more): links to folders that are read already", stderr)

    def test_what_is_there_without_a_link_keeps_its_path(self):
        self.write("p/z/a.jpg", jpeg())
        os.symlink("z", self.folder / "p/b")
        _, stats, _ = self.keys(self.folder / "p", "--per-class")
        self.assertEqual(list(stats["per_class"]), ["z"])

    def test_no_follow_leaves_links_to_folders_out_and_says_so(self):
        self.write("real/a.jpg", jpeg())
        self.write("p/b.jpg", jpeg())
        os.symlink("../real", self.folder / "p/cat")
        count, _, stderr = self.keys(self.folder / "p", "--no-follow")
        self.assertEqual(count, 1)
        self.assertIn("p/cat: a link to a folder, left out by --no-follow", stderr)


class Lists(ImnormTest):
    def test_a_byte_order_mark_and_line_ends_of_windows_are_no_part_of_a_name(self):
        self.write("a.jpg", jpeg())
        self.write("b.png", png())
        text = f"{self.folder}/a.jpg\r\n{self.folder}/b.png\r\n".encode()
        listed = self.write("list.txt", b"\xef\xbb\xbf" + text)
        self.assertEqual(self.stats("--files-from", listed)["images"], 2)

    def test_a_list_in_utf_16_is_called_so(self):
        self.write("a.jpg", jpeg())
        text = f"{self.folder}/a.jpg\r\n"
        for encoding in ("utf-16", "utf-16-be", "utf-16-le", "utf-32"):
            with self.subTest(encoding=encoding):
                if encoding.startswith("utf-16-"):
                    listed = self.write("list.txt", text.encode(encoding))
                else:
                    listed = self.write("list.txt", text.encode(encoding))
                result = run("stats", "--files-from", listed)
                self.assert_exit(USAGE, result)
                self.assertIn(encoding.upper()[:6], result.stderr)
                self.assertNotIn("--null", result.stderr)

    def test_one_letter_names_between_nuls_are_no_utf_16(self):
        for name in "abcd":
            self.write(name, jpeg())
        listed = self.write("list", b"a\0b\0c\0d\0")
        result = run("stats", "--files-from", listed, "-0", cwd=self.folder)
        self.assert_exit(DONE, result)
        self.assertEqual(json.loads(result.stdout)["images"], 4)

    def test_exclude_leaves_folders_out_as_gitignore_does(self):
        for name in ("a/1.jpg", "a/thumbs/1.jpg", "b/a/2.jpg"):
            self.write(f"p/{name}", jpeg())
        for pattern, images in (("thumbs/", 2), ("./a/*", 1), ("/a", 1), ("a", 0), ("**/2.jpg", 2),
                                ("a/*", 1)):
            with self.subTest(pattern=pattern):
                result = run("stats", self.folder / "p", "--exclude", pattern)
                self.assertNotIn("nothing met it", result.stderr)
                if images:
                    self.assertEqual(json.loads(result.stdout)["images"], images)
                else:
                    self.assertEqual(result.returncode, NOT_DONE)

    def test_a_pattern_that_met_nothing_is_said(self):
        self.write("p/a.jpg", jpeg())
        result = run("stats", self.folder / "p", "--exclude", "thumbz/", "--exclude", "x*")
        self.assert_exit(DONE, result)
        for pattern in ("thumbz/", "x*"):
            self.assertIn(f'--exclude "{pattern}": nothing met it', result.stderr)


if __name__ == "__main__":
    unittest.main()
