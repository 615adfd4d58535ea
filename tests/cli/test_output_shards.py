"""Outputs in several files: shards of so many rows, and a raw file a picture."""

import json
import os
import tarfile
import unittest

import numpy as np

from imnorm_test import DONE, NOT_DONE, USAGE, ImnormTest, jpeg, manifest_of, run

PLAN = ["--resize", "8x6", "--mean", "0.5,0.4,0.3", "--std", "0.25"]


class OutputShards(ImnormTest):
    def pictures(self, count=10):
        for i in range(count):
            self.write(f"p/{'cat' if i % 2 else 'dog'}/{i:03}.jpg", jpeg(20, 20, seed=i))
        self.write("p/cat/004.jpg", b"\xff\xd8\xff\xe0nothing")
        return self.folder / "p"

    def names(self, *patterns):
        return sorted(p.name for pattern in patterns for p in self.folder.glob(pattern))

    def test_shards_put_together_are_the_whole(self):
        pictures = self.pictures()
        whole = np.load(self.normalize(pictures, *PLAN, out="whole.npy", code=1))
        for size in [1, 3, 5, 10, 100]:
            for threads in ["1", "3"]:
                with self.subTest(size=size, threads=threads):
                    path = self.normalize(pictures, *PLAN, "--shard-size", str(size), "-j", threads,
                                          "--force", code=1)  # fmt: skip
                    count = -(-10 // size)
                    names = [f"out-{i:06}.npy" for i in range(count)]
                    self.assertEqual(self.names("out-*.npy"), names)
                    parts = [np.load(self.folder / name) for name in names]
                    self.assertEqual([len(p) for p in parts[:-1]], [size] * (count - 1))
                    np.testing.assert_array_equal(np.concatenate(parts), whole)
                    manifest = manifest_of(path)
                    self.assertEqual(manifest["shard_size"], size)
                    self.assertEqual([s["path"] for s in manifest["shards"]], names)
                    self.assertEqual(sum(s["rows"] for s in manifest["shards"]), 10)
                    for name, shard in zip(names, manifest["shards"]):
                        done = json.loads((self.folder / f"{name}.done").read_bytes())
                        self.assertEqual(done["hash"], shard["hash"])
                        self.assertEqual((self.folder / name).stat().st_size, shard["bytes"])
                    self.assertEqual(self.names("*.partial"), [])

    def test_every_format_has_shards(self):
        pictures = self.pictures()
        whole = np.load(self.normalize(pictures, *PLAN, out="whole.npz", code=1))
        self.normalize(pictures, *PLAN, "--shard-size", "4", out="x.npz", code=1)
        parts = [np.load(self.folder / name) for name in self.names("x-*.npz")]
        self.assertEqual(len(parts), 3)
        for name in ["data", "labels", "paths"]:
            np.testing.assert_array_equal(np.concatenate([p[name] for p in parts]), whole[name])
        self.normalize(pictures, *PLAN, "--shard-size", "4", out="x.raw", code=1)
        raw = b"".join((self.folder / name).read_bytes() for name in self.names("x-*.raw"))
        self.assertEqual(raw, whole["data"].tobytes())
        self.normalize(pictures, *PLAN, out="whole.tar", code=1)
        self.normalize(pictures, *PLAN, "--shard-size", "4", out="x.tar", code=1)

        def members(name):
            with tarfile.open(self.folder / name) as tar:
                return [(m.name, tar.extractfile(m).read()) for m in tar]

        shards = [members(name) for name in self.names("x-*.tar")]
        self.assertEqual(sum(shards, []), members("whole.tar"))
        layers = ["--resize", "8x6", "--method", "batch"]
        want = np.load(self.normalize(pictures, *layers, out="layer.npy", code=1))
        self.normalize(pictures, *layers, "--shard-size", "4", out="l.npy", code=1)
        parts = [np.load(self.folder / name) for name in self.names("l-*.npy")]
        np.testing.assert_array_equal(np.concatenate(parts), want)

    def test_shards_that_stand_are_not_overwritten_unless_told(self):
        pictures = self.pictures()
        self.normalize(pictures, *PLAN, "--shard-size", "2", code=1)
        (self.folder / "out-000000.npy").unlink()
        result = run("normalize", pictures, *PLAN, "--shard-size", "5", "-o",
                     self.folder / "out.npy")  # fmt: skip
        self.assert_exit(USAGE, result)
        self.assertIn("out-000001.npy", result.stderr)
        self.assertIn("--force", result.stderr)
        self.normalize(pictures, *PLAN, "--shard-size", "5", "--force", code=1)
        self.assertEqual(self.names("out-*.npy"), ["out-000000.npy", "out-000001.npy"])
        self.assertEqual(
            self.names("out-*.done"), ["out-000000.npy.done", "out-000001.npy.done"]
        )

    def test_files_of_others_with_like_names_stay(self):
        pictures = self.pictures()
        others = ["out-1.npy", "out-00000x.npy", "out-000009.npy.bak", "cout-000009.npy"]
        for name in others:
            self.write(name, b"mine")
        self.normalize(pictures, *PLAN, "--shard-size", "5", "--force", code=1)
        for name in others:
            self.assertEqual((self.folder / name).read_bytes(), b"mine")

    def test_split_writes_a_raw_file_a_picture_and_their_list(self):
        pictures = self.pictures()
        plan = [*PLAN, "--layout", "nhwc"]
        whole = np.load(self.normalize(pictures, *plan, out="whole.npy", code=1))
        self.normalize(pictures, *plan, "--split", out="calibration.raw", code=1)
        listed = (self.folder / "input_list.txt").read_text().splitlines()
        self.assertEqual(len(listed), 10)
        for row, path in enumerate(listed):
            np.testing.assert_array_equal(
                np.fromfile(path, "<f4").reshape(6, 8, 3), whole[row]
            )
        self.assertEqual(self.names("*.done"), [])

    def test_what_makes_no_sense_is_refused_with_the_flag(self):
        pictures = self.pictures()
        for arguments, words in [
            (["--shard-size", "0", "-o", "x.npy"], ["--shard-size"]),
            (["--split", "-o", "x.npy"], ["--split", "raw"]),
            (["--split", "--shard-size", "2", "-o", "x.raw"], ["--split", "--shard-size"]),
            (["--shard-size", "2", "-o", "-"], ["--shard-size", "-o -"]),
        ]:
            result = run("normalize", pictures, *PLAN, *arguments, cwd=self.folder)
            self.assert_exit(USAGE, result)
            for word in words:
                self.assertIn(word, result.stderr)
        self.assertEqual(self.names("x*"), [])

    def parts(self, count, *arguments):
        """The manifests of the list in so many parts."""
        pictures = self.pictures()
        paths = []
        for i in range(1, count + 1):
            out = self.folder / f"part-{i}.npy"
            result = run("normalize", pictures, *PLAN, *arguments, "--shard", f"{i}/{count}", "-o", out)
            self.assertIn(result.returncode, (0, 1), result.stderr)
            paths.append(f"{out}.manifest.json")
        return paths

    def test_manifests_of_parts_join_to_that_of_the_whole(self):
        paths = self.parts(3)
        self.write("p/notes.txt", b"passed over")
        for path in paths:
            os.remove(path)
            os.remove(path.removesuffix(".manifest.json"))
        paths = self.parts(3)
        merged = self.folder / "merged.json"
        result = run("merge", *reversed(paths), "-o", merged)
        self.assert_exit(1, result)
        got = json.loads(merged.read_bytes())
        want = manifest_of(self.normalize(self.folder / "p", *PLAN, out="whole.npy", code=1))
        self.assertEqual([s["path"] for s in got["shards"]], [f"part-{i}.npy" for i in (1, 2, 3)])
        for shard in got["shards"]:
            self.assertEqual((self.folder / shard["path"]).stat().st_size, shard["bytes"])
        del got["shards"], want["output"]
        self.assertEqual(got, want)
        self.assertEqual(run("merge", *paths).stdout, merged.read_text())

    def test_parts_that_are_missing_or_differ_are_refused(self):
        paths = self.parts(3)
        for some, words in [
            (paths[:2], ["missing", "--allow-missing"]),
            (paths[1:], ["inputs 1 to", "missing"]),
            ([*paths, paths[1]], ["part-2.npy.manifest.json"]),
        ]:
            result = run("merge", *some)
            self.assert_exit(USAGE, result)
            for word in words:
                self.assertIn(word, result.stderr)
        self.assert_exit(1, run("merge", *paths[:2], "--allow-missing"))
        other = self.folder / "other.npy"
        run("normalize", self.folder / "p", *PLAN, "--layout", "nhwc", "--shard", "3/3", "-o", other)
        result = run("merge", *paths[:2], f"{other}.manifest.json")
        self.assert_exit(USAGE, result)
        self.assertIn('"plan" differs', result.stderr)
        stats = self.write("s.json", run("stats", self.folder / "p").stdout.encode())
        self.assert_exit(USAGE, run("merge", paths[0], stats))
        broken = self.write("broken.json", (self.folder / paths[0]).read_bytes()[:-40])
        self.assert_exit(USAGE, run("merge", broken, *paths[1:]))

    def test_without_one_good_picture_there_is_no_shard(self):
        self.write("q/a.jpg", b"\xff\xd8\xff\xe0nothing")
        result = run("normalize", self.folder / "q", *PLAN, "--shard-size", "2", "-o",
                     self.folder / "x.npy")  # fmt: skip
        self.assert_exit(NOT_DONE, result)
        self.assertEqual(self.names("x*"), [])

    def test_a_dry_run_says_how_many_a_file_and_writes_nothing(self):
        result = run("normalize", self.pictures(), *PLAN, "--shard-size", "2", "--dry-run", "-o",
                     self.folder / "x.npy")  # fmt: skip
        self.assert_exit(DONE, result)
        self.assertIn("x-000000.npy", result.stdout)
        self.assertEqual(self.names("x*"), [])


if __name__ == "__main__":
    unittest.main()
