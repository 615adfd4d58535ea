"""Which files become inputs, in which order; what hangs and loops on other tools must not here."""

import base64
import json
import os
import shutil
import socket
import subprocess
import unittest

from imnorm_test import (
    DONE,
    NOT_DONE,
    SLOW,
    SOME_FAILED,
    USAGE,
    ImnormTest,
    binary,
    failures_of,
    jpeg,
    manifest_of,
    png,
    rows_of,
    run,
)

HALF = ("--preset", "half")
LONG_BEFORE_A_HANG = 20


class Inputs(ImnormTest):
    def names(self, *arguments, code=DONE, **options):
        """File names in row order."""
        out = self.normalize(
            *arguments, *HALF, "--force", code=code, timeout=LONG_BEFORE_A_HANG, **options
        )
        return [os.path.basename(path).decode("utf-8", "surrogateescape") for path in rows_of(out)]

    def test_folders_are_read_recursively_in_bytewise_order(self):
        for name in (
            "b.jpg",
            "a/z.jpg",
            "a.jpg",
            "Z.jpg",
            "a-b.jpg",
            "ä.jpg",
            "a/b/c.jpg",
            "a0.jpg",
        ):
            self.write(f"p/{name}", jpeg())
        out = self.normalize(self.folder / "p", *HALF)
        prefix = os.fsencode(self.folder / "p") + b"/"
        keys = [path[len(prefix) :] for path in rows_of(out)]
        self.assertEqual(keys, sorted(keys))
        self.assertEqual(len(keys), 8)

    def test_the_order_does_not_depend_on_how_the_folder_is_spelt(self):
        pictures = self.write_pictures(3)
        self.assertEqual(self.names(pictures), self.names(f"{pictures}/"))

    def test_the_label_is_the_class_folder(self):
        for name in ("cat/1.jpg", "dog/a/2.jpg", "3.jpg"):
            self.write(f"p/{name}", jpeg())
        out = self.normalize(self.folder / "p", *HALF)
        labels = {os.path.basename(i["path"]): i.get("label") for i in manifest_of(out)["items"]}
        self.assertEqual(labels, {"1.jpg": "cat", "2.jpg": "dog", "3.jpg": None})

    def test_hidden_names_are_left_out(self):
        self.write("p/.hidden.jpg", jpeg())
        self.write("p/.cache/thumb.jpg", jpeg())
        self.write("p/seen.jpg", jpeg())
        self.assertEqual(self.names(self.folder / "p"), ["seen.jpg"])

    def test_the_format_is_recognised_by_content_not_by_name(self):
        self.write("p/picture.dat", jpeg())
        self.write("p/really_png.jpg", png())
        self.assertEqual(self.names(self.folder / "p"), ["picture.dat", "really_png.jpg"])

    def test_other_files_in_folders_are_passed_over_and_counted(self):
        self.write("p/a.jpg", jpeg())
        self.write("p/labels.csv", b"name,label\n")
        self.write("p/readme", b"words, words")
        out = self.normalize(self.folder / "p", *HALF)
        self.assertEqual(manifest_of(out)["passed_over"], 2)
        self.assertEqual(len(rows_of(out)), 1)

    def test_ext_selects_whatever_the_case_and_the_spelling(self):
        for name in ("a.jpg", "b.JPEG", "c.jpe", "d.png", "e.PNG", "f.dat"):
            self.write(f"p/{name}", png() if "n" in name.lower()[2:] else jpeg())
        self.assertEqual(
            self.names(self.folder / "p", "--ext", "jpg"), ["a.jpg", "b.JPEG", "c.jpe"]
        )
        self.assertEqual(self.names(self.folder / "p", "--ext", "PNG"), ["d.png", "e.PNG"])
        self.assertEqual(len(self.names(self.folder / "p", "--ext", "jpg,png")), 5)
        self.assertEqual(len(self.names(self.folder / "p", "--ext", ".jpg")), 3)

    def test_exclude_leaves_out_names_folders_and_paths(self):
        for name in ("a.jpg", "b_mask.jpg", "thumbs/c.jpg", "x/y/d.jpg"):
            self.write(f"p/{name}", jpeg())
        p = self.folder / "p"
        self.assertEqual(self.names(p, "--exclude", "*_mask.jpg"), ["a.jpg", "c.jpg", "d.jpg"])
        self.assertEqual(self.names(p, "--exclude", "thumbs"), ["a.jpg", "b_mask.jpg", "d.jpg"])
        self.assertEqual(
            self.names(p, "--exclude", "*_mask.jpg", "--exclude", "x/y/*"), ["a.jpg", "c.jpg"]
        )

    def test_the_same_file_through_two_inputs_counts_twice(self):
        pictures = self.write_pictures(2)
        self.assertEqual(self.stats(pictures, pictures / "0000.jpg")["images"], 3)

    def test_files_from_a_list_with_newlines(self):
        pictures = self.write_pictures(3)
        listing = self.write("list.txt", f"{pictures}/0002.jpg\n{pictures}/0000.jpg\r\n\n".encode())
        self.assertEqual(self.names("--files-from", listing), ["0000.jpg", "0002.jpg"])

    def test_files_from_stdin_with_nul(self):
        odd = self.write("p/new\nline.jpg", jpeg())
        plain = self.write("p/a.jpg", jpeg())
        listing = f"{odd}\0{plain}\0"
        self.assertEqual(
            self.names("--files-from", "-", "-0", stdin=listing), ["a.jpg", "new\nline.jpg"]
        )

    def test_a_list_with_nul_without_its_flag_is_refused_not_cut_at_the_first_name(self):
        listed = self.write("list", b"a.jpg\0b.jpg\0")
        result = run("stats", "--files-from", listed)
        self.assert_exit(USAGE, result)
        self.assertIn("--null", result.stderr)

    def test_a_missing_entry_of_a_list_is_a_failed_input(self):
        pictures = self.write_pictures(1)
        listing = self.write("list.txt", f"{pictures}/0000.jpg\n{pictures}/gone.jpg\n".encode())
        out = self.normalize("--files-from", listing, *HALF, code=SOME_FAILED)
        self.assertEqual(list(failures_of(out)), ["gone.jpg"])

    def test_an_entry_repeated_in_a_list_is_an_error(self):
        pictures = self.write_pictures(1)
        listing = self.write("list.txt", f"{pictures}/0000.jpg\n{pictures}/0000.jpg\n".encode())
        result = run("stats", "--files-from", listing)
        self.assert_exit(USAGE, result)
        self.assertIn("0000.jpg", result.stderr)

    def test_a_list_that_does_not_exist_is_2(self):
        result = run("stats", "--files-from", self.folder / "none.txt")
        self.assert_exit(USAGE, result)
        self.assertIn("none.txt", result.stderr)

    def test_links_to_files_and_folders_are_followed(self):
        real = self.write("elsewhere/real.jpg", jpeg())
        self.write("p/a.jpg", jpeg())
        os.symlink(real, self.folder / "p/link.jpg")
        os.symlink(self.folder / "elsewhere", self.folder / "p/folder_link")
        self.assertEqual(self.names(self.folder / "p"), ["a.jpg", "real.jpg", "link.jpg"])

    def test_what_is_no_input_is_told_what_would_be_one(self):
        picture = self.write("a.jpg", jpeg())
        self.write("b.zip", b"PK\x03\x04" + bytes(100))
        self.write("c.npy.bak", b"\x93NUMPY\x01\x00" + bytes(100))
        for name, words in (("b.zip", "b.zip.*cannot be read as a tar or zip"),
                            ("c.npy.bak", r"NumPy.*\.npy")):
            result = run("stats", self.folder / name)
            self.assert_exit(NOT_DONE, result)
            self.assertRegex(result.stderr, words)
        result = run("stats", "-", stdin=os.fspath(picture))
        self.assert_exit(NOT_DONE, result)
        self.assertIn("--files-from -", result.stderr)
        listed = self.write("list", f"{self.folder}\n".encode())
        result = run("stats", "--files-from", listed)
        self.assert_exit(NOT_DONE, result)
        self.assertIn("a folder", result.stderr)

    def test_loops_of_links_end(self):
        self.write("p/a.jpg", jpeg())
        os.symlink(self.folder / "p", self.folder / "p/again")
        os.symlink("self.jpg", self.folder / "p/self.jpg")
        os.symlink("pong.jpg", self.folder / "p/ping.jpg")
        os.symlink("ping.jpg", self.folder / "p/pong.jpg")
        out = self.normalize(self.folder / "p", *HALF, code=SOME_FAILED, timeout=LONG_BEFORE_A_HANG)
        self.assertEqual(set(failures_of(out)), {"self.jpg", "ping.jpg", "pong.jpg"})
        self.assertEqual(len(rows_of(out)), 1)

    def test_pipes_and_sockets_in_a_folder_are_passed_over(self):
        self.write("p/a.jpg", jpeg())
        os.mkfifo(self.folder / "p/pipe.jpg")
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(self.folder / "p/socket.jpg"))
            self.assertEqual(self.names(self.folder / "p"), ["a.jpg"])

    def test_a_named_pipe_without_a_writer_fails_at_once(self):
        pipe = self.folder / "pipe.jpg"
        os.mkfifo(pipe)
        good = self.write("a.jpg", jpeg())
        result = run("stats", pipe, good, timeout=LONG_BEFORE_A_HANG)
        self.assert_exit(SOME_FAILED, result)
        self.assertIn("pipe.jpg", result.stderr)

    def test_a_folder_named_like_a_picture_is_a_folder(self):
        self.write("p/x.jpg/inside.jpg", jpeg())
        self.write("p/y.png/inside.png", png())
        self.assertEqual(self.names(self.folder / "p"), ["inside.jpg", "inside.png"])

    def test_unreadable_files_and_folders_are_reported(self):
        pictures = self.write_pictures(1)
        self.write("pictures/locked.jpg", jpeg()).chmod(0)
        self.write("pictures/closed/b.jpg", jpeg())
        (pictures / "closed").chmod(0)
        self.addCleanup((pictures / "closed").chmod, 0o755)
        self.folder.chmod(0o777)
        # Root reads everything: the binary then runs as somebody else, from where that user can.
        program = shutil.copy(binary(), self.folder / "imnorm")
        command = [program, "normalize", pictures, *HALF, "-o", self.folder / "out.npy"]
        other_user = (
            {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
        )
        result = subprocess.run(
            command, capture_output=True, encoding="utf-8", timeout=60, **other_user
        )
        self.assert_exit(SOME_FAILED, result)
        for name in ("locked.jpg", "closed"):
            self.assertRegex(result.stderr, f"{name}.*Permission denied")
        self.assertEqual(len(rows_of(self.folder / "out.npy")), 1)

    def test_names_of_any_bytes_are_kept_in_the_manifest(self):
        folder = os.fsencode(self.folder / "p")
        os.mkdir(folder)
        names = [
            b"plain.jpg",
            b"new\nline.jpg",
            b"latin-\xe9.jpg",
            b'quote".jpg',
            "ünï.jpg".encode(),
            b"\xff\xfe.jpg",
        ]
        for name in names:
            with open(folder + b"/" + name, "wb") as file:
                file.write(jpeg())
        out = self.normalize(self.folder / "p", *HALF)
        self.assertEqual([os.path.basename(path) for path in rows_of(out)], sorted(names))
        for item in manifest_of(out)["items"]:
            if "path_b64" in item:
                raw = os.path.basename(base64.b64decode(item["path_b64"]))
                self.assertRaises(UnicodeDecodeError, raw.decode)
        self.assertEqual(sum("path_b64" in i for i in manifest_of(out)["items"]), 2)

    def test_labels_of_any_bytes_are_kept_apart(self):
        root = os.fsencode(self.folder)
        for name in (b"\xff", b"\xfe", b"cat"):
            os.makedirs(os.path.join(root, b"set", name))
            with open(os.path.join(root, b"set", name, b"a.jpg"), "wb") as file:
                file.write(jpeg())
        out = self.normalize(self.folder / "set", *HALF)
        labels = {base64.b64decode(item["label_b64"]) if "label_b64" in item
                  else item["label"].encode() for item in manifest_of(out)["items"]}
        self.assertEqual(labels, {b"\xff", b"\xfe", b"cat"})

    def test_a_failed_name_with_a_newline_stays_on_one_line(self):
        self.write("p/new\nline.jpg", b"\xff\xd8\xff no")
        self.write("p/a.jpg", jpeg())
        result = run("stats", self.folder / "p")
        self.assert_exit(SOME_FAILED, result)
        self.assertEqual(
            sum("new" in line and "line.jpg" in line for line in result.stderr.splitlines()), 1
        )
        self.assertEqual(len(json.loads(result.stdout)["failed"]), 1)

    def test_a_file_that_is_no_picture_by_any_name_is_not_read_as_one(self):
        text = self.write("secret.txt", b"root:x:0:0:" * 100)
        self.assert_exit(NOT_DONE, run("stats", text))

    @unittest.skipUnless(SLOW, "slow: set IMNORM_SLOW_TESTS=1")
    def test_a_hundred_thousand_files_are_listed_without_trouble(self):
        tiny = png(1, 1)
        for folder in range(100):
            path = self.folder / "p" / f"{folder:03}"
            path.mkdir(parents=True)
            for i in range(1000):
                (path / f"{i:04}.png").write_bytes(tiny)
        stats = self.stats(self.folder / "p", timeout=600)
        self.assertEqual(stats["images"], 100_000)
        self.assertEqual(stats["pixels"], 100_000)


if __name__ == "__main__":
    unittest.main()
