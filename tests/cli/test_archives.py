"""Archives as inputs: the pictures of a folder, packed in whatever way, give the bytes of the folder."""

import io
import json
import os
import shutil
import subprocess
import tarfile
import unittest
import zipfile

from imnorm_test import DONE, NOT_DONE, SOME_FAILED, USAGE, ImnormTest, binary, jpeg, manifest_of
from imnorm_test import pictures_of_all_kinds, png, run

PLAN = ["--resize", "8x6", "--mean", "0.5,0.4,0.3", "--std", "0.25"]


def zstd(data):
    """Compressed where there is the program, else as a frame of stored blocks."""
    if shutil.which("zstd"):
        return subprocess.run(["zstd", "-q"], input=data, stdout=subprocess.PIPE, check=True).stdout
    most = 128 << 10
    blocks = [data[at : at + most] for at in range(0, len(data), most)]
    heads = [(len(b) << 3 | (b is blocks[-1])).to_bytes(3, "little") for b in blocks]
    return b"\x28\xb5\x2f\xfd\x00\x58" + b"".join(h + b for h, b in zip(heads, blocks))


class Archives(ImnormTest):
    def pictures(self):
        """A folder with what a folder has: classes, files that are no pictures, hidden ones."""
        self.write_all(pictures_of_all_kinds(), "p/kinds")
        for i in range(6):
            self.write(f"p/{'cat' if i % 2 else 'dog'}/{i}.jpg", jpeg(30, 20, seed=i))
        self.write("p/cat/label.txt", b"no picture " * 100)
        self.write("p/.hidden/1.jpg", jpeg(30, 20))
        self.write("p/broken.jpg", jpeg(30, 20)[:300])
        self.write("p/big.png", png(400, 300))
        return self.folder / "p"

    def tar(self, name, mode="w", **options):
        path = self.folder / name
        with tarfile.open(path, mode, **options) as archive:
            # In no order of names.
            for file in sorted(self.folder.glob("p/**/*"), key=lambda f: f.name[::-1]):
                if file.is_file():
                    archive.add(file, f"./{file.relative_to(self.folder / 'p')}")
        return path

    def zip(self, name, compression):
        path = self.folder / name
        with zipfile.ZipFile(path, "w", compression) as archive:
            for file in self.folder.glob("p/**/*"):
                archive.write(file, file.relative_to(self.folder / "p"))
        return path

    def outcome(self, *arguments, stdin=None, cwd=None):
        """The bytes of the tensor and what the manifest says, but for where the files are."""
        out = self.folder / "out.npz"
        for name in self.folder.glob("out.npz*"):
            name.unlink()
        done = subprocess.run(
            [binary(), "normalize", *map(str, arguments), *PLAN, "-o", out],
            stdin=stdin or subprocess.DEVNULL, capture_output=True, cwd=cwd, check=False,
        )  # fmt: skip
        self.assertEqual(done.returncode, SOME_FAILED, done.stderr)
        manifest = manifest_of(out)
        del manifest["codecs"]
        for item in manifest["items"]:
            del item["path"]
        return out.read_bytes(), manifest

    def test_a_folder_its_list_and_its_archives_give_the_same_bytes(self):
        folder = self.pictures()
        want = self.outcome(folder)
        tars = [
            self.tar("plain.tar"),
            self.tar("gnu.tar", format=tarfile.GNU_FORMAT),
            self.tar("pax.tar", format=tarfile.PAX_FORMAT),
            self.tar("packed.tar.gz", "w:gz"),
            self.tar("named_otherwise", "w:gz"),
        ]
        tars.append(self.write("packed.tar.zst", zstd(tars[0].read_bytes())))
        for archive in [
            *tars,
            self.zip("stored.zip", zipfile.ZIP_STORED),
            self.zip("deflated.zip", zipfile.ZIP_DEFLATED),
        ]:
            with self.subTest(archive=archive.name):
                self.assertEqual(self.outcome(archive), want)
        for archive in tars:
            with self.subTest(stdin=archive.name), open(archive, "rb") as stdin:
                self.assertEqual(self.outcome("-", stdin=stdin), want)
            # A pipe, which nobody can seek in.
            with self.subTest(pipe=archive.name):
                cat = subprocess.Popen(["cat", archive], stdout=subprocess.PIPE)
                self.assertEqual(self.outcome("-", stdin=cat.stdout), want)
                cat.wait()
                cat.stdout.close()
        for options in [["--ext", "jpg,png"], ["--exclude", "cat/"], ["--exclude", "*.jpg"]]:
            with self.subTest(options=options):
                both = [json.loads(run("stats", i, *options).stdout) for i in (folder, tars[3])]
                for key in ["images", "mean", "exact", "sizes"]:
                    self.assertEqual(both[0][key], both[1][key])

    def test_shards_of_a_webdataset_are_one_list(self):
        for i in range(6):
            self.write(f"p/{i:05}.jpg", jpeg(30, 20, seed=i))
            self.write(f"p/{i:05}.json", b"{}")
            self.write(f"p/{i:05}.cls", b"1")
        files = sorted((self.folder / "p").iterdir())
        for shard in range(3):
            with tarfile.open(self.folder / f"s-{shard}.tar", "w") as archive:
                for file in files[6 * shard : 6 * shard + 6]:
                    archive.add(file, file.name)
        one = self.normalize(self.folder / "p", *PLAN)
        shards = [self.folder / f"s-{i}.tar" for i in range(3)]
        many = self.normalize(*shards, *PLAN, out="many.npy")
        self.assertEqual(one.read_bytes(), many.read_bytes())
        self.assertEqual(manifest_of(one)["list_hash"], manifest_of(many)["list_hash"])

    def members(self, *members):
        """A tar of (name or TarInfo, bytes)."""
        path = self.folder / "odd.tar"
        with tarfile.open(path, "w") as archive:
            for info, data in members:
                if isinstance(info, str):
                    info = tarfile.TarInfo(info)
                if data is not None:
                    info.size = len(data)
                archive.addfile(info, io.BytesIO(data or b""))
        return path

    def link(self, name, target, kind):
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, target
        return info, None

    def failures(self, archive, *arguments, code=SOME_FAILED):
        result = run("normalize", archive, *PLAN, *arguments, "-o", self.folder / "out.npy", "--force")
        self.assert_exit(code, result)
        items = manifest_of(self.folder / "out.npy")["items"] if code != NOT_DONE else []
        return result, {i["path"]: i["reason"] for i in items if "error" in i}

    def test_a_name_that_leads_out_is_a_failed_input_and_nothing_is_written_there(self):
        archive = self.members(
            ("../out.jpg", jpeg()), (f"{self.folder}/abs.jpg", jpeg()), ("a/../../b.jpg", jpeg()),
            ("good.jpg", jpeg()),
        )  # fmt: skip
        before = sorted(self.folder.iterdir())
        _, failures = self.failures(archive)
        self.assertEqual(len(failures), 3)
        self.assertEqual(set(failures.values()), {"its name leads out of the archive"})
        self.assertEqual(
            [p for p in sorted(self.folder.iterdir()) if not p.name.startswith("out.npy")], before
        )

    def test_links_within_are_read_and_others_fail_and_devices_are_passed_over(self):
        archive = self.members(
            ("a.jpg", jpeg()),
            self.link("hard.jpg", "a.jpg", tarfile.LNKTYPE),
            self.link("nowhere.jpg", "/etc/passwd", tarfile.LNKTYPE),
            self.link("soft.jpg", "a.jpg", tarfile.SYMTYPE),
            self.link("null.jpg", "", tarfile.CHRTYPE),
            self.link("pipe.jpg", "", tarfile.FIFOTYPE),
        )
        _, failures = self.failures(archive)
        self.assertEqual(
            {os.path.basename(p): reason for p, reason in failures.items()},
            {
                "nowhere.jpg": "a link to what is not in the archive",
                "soft.jpg": "a symbolic link, which is not followed in an archive",
            },
        )
        manifest = manifest_of(self.folder / "out.npy")
        self.assertEqual(manifest["rows"], 2)
        self.assertEqual(manifest["passed_over"], 2)

    def test_of_members_of_one_name_the_last_counts(self):
        archive = self.members(("a.jpg", jpeg(seed=1)), ("b.jpg", jpeg(seed=2)),
                               ("a.jpg", jpeg(seed=3)))  # fmt: skip
        self.write("p/a.jpg", jpeg(seed=3))
        self.write("p/b.jpg", jpeg(seed=2))
        self.assertEqual(
            self.normalize(archive, *PLAN, out="1.npy").read_bytes(),
            self.normalize(self.folder / "p", *PLAN, out="2.npy").read_bytes(),
        )

    def test_a_truncated_archive_fails_by_name_and_what_came_before_is_read(self):
        for i in range(80):  # more than one block of what gzip unpacks
            self.write(f"p/{i}.jpg", jpeg(60, 60, seed=i))
        for archive in [self.tar("x.tar"), self.tar("x.tar.gz", "w:gz")]:
            with self.subTest(archive=archive.name):
                cut = self.folder / f"cut-{archive.name}"
                cut.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
                result, failures = self.failures(cut)
                self.assertTrue(any("damaged" in reason for reason in failures.values()), failures)
                self.assertIn(str(cut), result.stderr)
                self.assertGreater(manifest_of(self.folder / "out.npy")["rows"], 0)

    def test_an_encrypted_member_is_a_failed_input(self):
        path = self.folder / "e.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a.jpg", jpeg())
            archive.writestr("b.jpg", jpeg())
        data = bytearray(path.read_bytes())
        # The flag of the second member, where it stands and in the directory.
        second = data.index(b"PK\x03\x04", 4)
        data[second + 6] |= 1
        directory = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
        data[directory + 8] |= 1
        path.write_bytes(data)
        _, failures = self.failures(path)
        self.assertEqual([*failures.values()], ["it is encrypted"])

    def test_a_bomb_ends_as_a_failed_input(self):
        bomb = b"P6 30000 30000 255\n" + bytes(300 << 20)
        path = self.folder / "bomb.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr("a.jpg", jpeg())
            for i in range(3):
                archive.writestr(f"{i}.ppm", bomb)
        self.assertLess(path.stat().st_size, 16 << 20)
        _, failures = self.failures(path)
        self.assertEqual(len(failures), 3)

    def test_what_is_no_archive_after_all_is_said(self):
        import gzip

        path = self.write("x.tar.gz", gzip.compress(b"no tar is here, only text " * 100))
        result, _ = self.failures(path, code=NOT_DONE)
        self.assertIn(str(path), result.stderr)
        self.assertIn("archive", result.stderr)

    def test_stdin_is_a_tar_or_a_list_not_both(self):
        result = run("stats", "-", "--files-from", "-", stdin="a.jpg\n")
        self.assert_exit(USAGE, result)
        self.assertIn("--files-from", result.stderr)

    def test_a_missing_module_ends_the_run_before_any_work(self):
        archive = self.members(("a.jpg", jpeg()))
        empty = self.folder / "none"
        empty.mkdir()
        result = run("stats", archive, IMNORM_MODULE_PATH=str(empty))
        self.assert_exit(NOT_DONE, result)
        self.assertIn("imnorm_archive.so", result.stderr)

    def test_an_archive_in_a_folder_is_passed_over(self):
        self.write("p/a.jpg", jpeg())
        self.tar("x.tar").rename(self.folder / "p" / "x.tar")
        self.assertEqual(self.stats(self.folder / "p")["images"], 1)
        self.assertEqual(self.stats(self.folder / "p" / "x.tar")["images"], 1)

    def test_names_of_any_language_are_keys_in_the_plain_locale_too(self):
        for name in ["ä.jpg", "日本.jpg", "x" * 150 + ".jpg"]:
            self.write(f"p/{name}", jpeg())
        want = self.normalize(self.folder / "p", *PLAN)
        for format in [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]:
            archive = self.tar("x.tar", format=format)
            for locale in ["C", "C.UTF-8"]:
                got = self.normalize(archive, *PLAN, "--force", out="got.npy", LC_ALL=locale)
                self.assertEqual(manifest_of(got)["list_hash"], manifest_of(want)["list_hash"])

    def test_stats_of_a_stream_are_those_of_the_folder(self):
        folder = self.pictures()
        archive = self.tar("x.tar.gz", "w:gz")
        want = self.stats(folder, code=SOME_FAILED)
        got = self.stats(archive, code=SOME_FAILED)
        for key in ["images", "pixels", "mean", "std", "min", "max"]:
            self.assertEqual(got[key], want[key])


if __name__ == "__main__":
    unittest.main()
