"""--checksums: a picture whose bytes are not those that sha256sum or b3sum saw fails, whatever a
decoder makes of it; --write-checksums writes what they read."""

import hashlib
import io
import os
import shutil
import subprocess
import tarfile
import unittest

from imnorm_test import DONE, SOME_FAILED, USAGE, ImnormTest, jpeg, png, run

# What b3sum 1.2.0 says of pgm(LENGTH), at lengths around those of blocks and chunks.
BLAKE3 = {
    14: "ed1ee8cb5d191632e3d9574e8d1a80b3c0c82ae4ec3139e146f2e61d76dfb487",
    64: "44c1789ece5b195276ce1a6e2a2606c8554f7736c9a3d3128ac5657fcd9b95e3",
    65: "9f8739bff139d715496a27e1142bbf17b41f873592337d82fb242f50d07af9b1",
    1023: "53af0799d81d55f97975a4d6df481e071a3acb60a35a00b5319c956ced819009",
    1024: "be407e0d34ec26cd679e09cc5697fbcba93c4250d72cfee96cc5dfdea8ce8acc",
    1025: "d43c22342b5e218454ce2f44d924883db5688780aab41da407f4af823c414470",
    2048: "4c043b59274e1473fcd91687438d318782809767d6d10a4dba346a9ac441ac2a",
    2049: "225a92335bc8ff615b07367af2fcdf5b542ab514018d9177c7c2bf309f5a3662",
    3073: "516e6977f195d42fabaa4a8097adf6cde6bb8365e19f7af77d6bcf58dcae7db5",
    102400: "18e6fae50ab631e8a76e7fea253865873afdf9adb37e9e9b3a4d865d252f3c29",
}


def pgm(length):
    """A grey picture of one line whose file is so long."""
    head = b""
    for width in range(length, 0, -1):
        head = b"P5\n%d 1\n255\n" % width
        if len(head) + width == length:
            return head + bytes(i % 251 for i in range(width))
    raise AssertionError(f"no picture is so long: {length}")


class Checksums(ImnormTest):
    def setUp(self):
        super().setUp()
        self.set = self.folder / "set"
        (self.set / "b").mkdir(parents=True)
        self.names = ["a.jpg", "b/c.png", "b/d e.jpg"]
        for number, name in enumerate(self.names):
            picture = png(seed=number) if name.endswith("png") else jpeg(seed=number)
            (self.set / name).write_bytes(picture)
        (self.set / "notes.txt").write_text("no picture")

    def sums(self, names=None, line="{digest}  {name}\n"):
        """A list of SHA-256 in the set's own folder."""
        path = self.set / "SHA256SUMS"
        path.write_text(
            "".join(
                line.format(
                    digest=hashlib.sha256((self.set / name).read_bytes()).hexdigest(), name=name
                )
                for name in names or self.names
            )
        )
        return path

    def check(self, code, *reasons, sums, inputs=None):
        result = run("stats", *(inputs or [self.set]), "--checksums", sums)
        self.assertEqual(result.returncode, code, result.stderr)
        for reason in reasons:
            self.assertIn(reason, result.stderr)
        return result

    def test_whole_files_pass_in_each_form_that_the_tools_write(self):
        for line in ("{digest}  {name}\n", "{digest} *./{name}\r\n", "SHA256 ({name}) = {digest}\n"):
            result = self.check(DONE, sums=self.sums(line=line))
            self.assertEqual(result.stdout, run("stats", self.set).stdout)

    def test_a_bit_that_no_decoder_sees_fails(self):
        sums = self.sums()
        rotten = bytearray((self.set / "a.jpg").read_bytes())
        rotten[-40] ^= 4
        (self.set / "a.jpg").write_bytes(rotten)
        self.assertEqual(run("stats", self.set).returncode, DONE)
        self.check(SOME_FAILED, "a.jpg: corrupt: its bytes are not those", "--checksums", sums=sums)

    def test_pictures_that_only_one_side_has_fail(self):
        self.check(
            SOME_FAILED,
            "a.jpg: not found: --checksums has no checksum of it",
            sums=self.sums(self.names[1:]),
        )
        sums = self.sums()
        (self.set / "b/c.png").unlink()
        self.check(SOME_FAILED, "b/c.png: not found", sums=sums)
        # What lies outside of what is read, or is left out, is not looked for.
        self.check(DONE, sums=sums, inputs=[self.set / "a.jpg"])
        self.check(DONE, sums=sums, inputs=[self.set, "--exclude", "*.png"])
        self.check(DONE, sums=sums, inputs=[self.set, "--ext", "jpg"])

    def test_what_is_no_list_is_refused_by_line(self):
        path = self.set / "sums"
        for text, reason in (
            ("nothing\n", "line 1 is no checksum"),
            (f"\n{'0' * 32}  a.jpg\n", "line 2 is no checksum that sha256sum or b3sum writes (128 bits"),
            (f"{'0' * 64}  a.jpg\n{'1' * 64}  ./a.jpg\n", '"a.jpg" is there twice'),
            (f"{'0' * 63}g  a.jpg\n", "line 1"),
            (f"{'0' * 64}\n", "line 1"),
        ):
            path.write_text(text)
            result = self.check(USAGE, reason, sums=path)
            self.assertIn(str(path), result.stderr)
        self.check(USAGE, "--checksums", sums=self.set / "missing")

    def test_blake3_is_as_b3sum_has_it(self):
        folder = self.folder / "blake3"
        folder.mkdir()
        for length in BLAKE3:
            (folder / f"{length}.pgm").write_bytes(pgm(length))
        (folder / "B3SUMS").write_text("".join(f"{d}  {n}.pgm\n" for n, d in BLAKE3.items()))
        self.check(DONE, sums=folder / "B3SUMS", inputs=[folder])
        (folder / "1024.pgm").write_bytes(pgm(1025))
        result = self.check(SOME_FAILED, "1024.pgm", sums=folder / "B3SUMS", inputs=[folder])
        self.assertEqual(result.stderr.count("its bytes are not those"), 1)

    def test_what_is_no_picture_keeps_its_reason(self):
        (self.set / "page.jpg").write_text("<html>not found</html>" * 100)
        self.check(
            SOME_FAILED, "page.jpg: unsupported: not an image", sums=self.sums([*self.names, "page.jpg"])
        )

    @unittest.skipUnless(shutil.which("b3sum"), "no b3sum here")
    def test_b3sum_is_read(self):
        for tag in ([], ["--tag"]):
            listed = subprocess.run(
                ["b3sum", *tag, *self.names], cwd=self.set, capture_output=True, text=True
            )
            if listed.returncode != 0:
                continue  # one without --tag
            (self.set / "B3SUMS").write_text(listed.stdout)
            self.check(DONE, sums=self.set / "B3SUMS")

    def test_what_is_written_is_what_sha256sum_reads(self):
        odd = self.set / "line\nback\\slash.jpg"
        odd.write_bytes(jpeg(seed=9))
        (self.set / "b/broken.jpg").write_bytes(jpeg(seed=3)[:300])
        written = self.folder / "sums"
        result = run("stats", self.set, "--write-checksums", written)
        self.assertEqual(result.returncode, SOME_FAILED)
        self.assertEqual(len(written.read_text().splitlines()), 4)
        subprocess.run(["sha256sum", "--strict", "-c", written], cwd=self.folder, check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        self.assertNotIn("broken", written.read_text())
        self.check(SOME_FAILED, "broken.jpg: not found: --checksums has no", sums=written)
        (self.set / "b/broken.jpg").unlink()
        self.check(DONE, sums=written)
        again = run("stats", self.set, "--write-checksums", written)
        self.assertEqual(again.returncode, USAGE)
        self.assertIn("--force", again.stderr)
        for j in ("1", "3"):
            other = self.folder / f"sums{j}"
            run("stats", self.set, "--write-checksums", other, "-j", j)
            self.assertEqual(other.read_bytes(), written.read_bytes())

    def test_members_of_an_archive_have_theirs(self):
        archive = self.folder / "set.tar"
        with tarfile.open(archive, "w") as tar:
            for name in self.names:
                data = (self.set / name).read_bytes()
                info = tarfile.TarInfo(name)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
        written = self.folder / "sums"
        self.assertEqual(run("stats", archive, "--write-checksums", written).returncode, DONE)
        self.assertIn("  set.tar/b/c.png\n", written.read_text())
        self.check(DONE, sums=written, inputs=[archive])

    def test_other_commands_and_ways_take_it(self):
        sums = self.sums()
        rotten = bytearray((self.set / "a.jpg").read_bytes())
        rotten[-40] ^= 4
        (self.set / "a.jpg").write_bytes(rotten)
        out = self.folder / "out.npy"
        for how in ([], ["--isolate"], ["-j", "3"]):
            result = run("normalize", self.set, "--preset", "imagenet", "-o", out, "--force",
                         "--checksums", sums, *how)  # fmt: skip
            self.assertEqual(result.returncode, SOME_FAILED, result.stderr)
            self.assertIn("a.jpg: corrupt: its bytes are not those", result.stderr)
        listed = "".join(f"{self.set / name}\n" for name in self.names)
        result = run("stats", "--files-from", "-", "--checksums", sums, stdin=listed)
        self.assertEqual(result.returncode, SOME_FAILED)
        self.assertIn("1 failed", result.stderr)

    def test_it_does_not_go_with_what_it_cannot(self):
        result = run("stats", self.set, "-o", self.folder / "s.json", "--resume",
                     "--write-checksums", self.folder / "sums")  # fmt: skip
        self.assertEqual(result.returncode, USAGE)
        self.assertIn("--write-checksums", result.stderr)
        self.assertFalse(os.path.exists(self.folder / "sums"))
        result = run("stats", self.set, "--write-checksums", self.set / "a.jpg", "--force")
        self.assertEqual(result.returncode, USAGE)


if __name__ == "__main__":
    unittest.main()
