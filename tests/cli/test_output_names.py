"""Where outputs may go: never onto an input, never onto one another, and what is said when."""

import json
import os
import unittest

import numpy as np

from imnorm_test import DONE, NOT_DONE, USAGE, ImnormTest, jpeg, run

SMALL = ("--preset", "half", "--force")


class OutputNames(ImnormTest):
    def assert_refused(self, *arguments, **said):
        """Refused before any work: every file keeps its bytes and none appears."""
        before = self.bytes_of_all()
        result = run(*arguments, cwd=self.folder)
        self.assert_exit(USAGE, result)
        self.assertEqual(self.bytes_of_all(), before)
        for word in said.get("words", ()):
            self.assertIn(word, result.stderr)

    def bytes_of_all(self):
        return {
            str(path): path.read_bytes() for path in self.folder.rglob("*") if path.is_file()
        }

    def test_an_output_that_is_a_picture_of_the_run_is_refused_even_by_force(self):
        pictures = self.write_pictures(3)
        own = pictures / "0001.jpg"
        listing = self.write("list.txt", b"pictures/0001.jpg\n")
        os.symlink(own, self.folder / "link.jpg")
        os.link(own, self.folder / "second_name.jpg")
        for out in (own, "pictures/../pictures/0001.jpg", "link.jpg", "second_name.jpg"):
            for inputs in ((own,), (pictures,), ("--files-from", listing), (".",)):
                self.assert_refused(
                    "stats", *inputs, "-o", out, "--force", words=("-o", "an input")
                )
                self.assert_refused(
                    "normalize", *inputs, *SMALL, "--format", "raw", "-o", out,
                    words=("-o", "an input"),
                )  # fmt: skip
        self.assert_refused("stats", own, "-o", own, words=("an input",))
        self.assert_refused(
            "normalize", pictures, *SMALL, "--format", "raw", "-o", own, "--dry-run",
            words=("an input",),
        )  # fmt: skip

    def test_side_files_never_replace_a_picture(self):
        pictures = self.write_pictures(2)
        own = pictures / "0000.jpg"
        batch = ("--method", "batch", "-o", "o.npy")
        for more in (
            ("normalize", pictures, *SMALL, "-o", "o.npy", "--manifest", own),
            ("normalize", pictures, *SMALL, *batch, "--state-out", own),
            ("normalize", pictures, *SMALL, *batch, "--report-norm", own),
            ("stats", pictures, "--per-image", own, "--force"),
        ):
            self.assert_refused(*more, words=("0000.jpg", "an input"))

    def test_a_file_with_the_name_of_a_failing_input_is_kept_too(self):
        self.write_pictures(1)
        heif = self.write("pictures/b.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(64))
        self.assert_refused("stats", heif, "-o", heif, "--force", words=("an input",))

    def test_an_output_beside_the_pictures_may_be_written_again(self):
        pictures = self.write_pictures(2)
        for _ in range(2):
            self.assert_exit(
                DONE, run("normalize", pictures, *SMALL, "-o", pictures / "out.npy")
            )
            self.assert_exit(DONE, run("stats", pictures, "-o", pictures / "s.json", "--force"))
        self.assertEqual(len(np.load(pictures / "out.npy")), 2)

    def test_a_tensor_is_not_normalised_onto_itself(self):
        np.save(self.folder / "t.npy", np.zeros((2, 3, 4, 4), np.uint8))
        os.symlink("t.npy", self.folder / "u.npy")
        for out in ("t.npy", "./t.npy", "u.npy"):
            self.assert_refused(
                "normalize", "t.npy", "--preset", "none", "-o", out, "--force",
                words=("an input",),
            )  # fmt: skip
        self.assert_refused("stats", "t.npy", "-o", "t.npy", "--force", words=("an input",))

    def test_merge_keeps_its_partials(self):
        pictures = self.write_pictures(2)
        for part in (1, 2):
            out = self.folder / f"p{part}.json"
            self.assert_exit(DONE, run("stats", pictures, "--shard", f"{part}/2", "-o", out))
        self.assert_refused(
            "merge", "p1.json", "p2.json", "-o", "p2.json", "--force", words=("an input",)
        )

    def test_a_file_that_an_option_reads_is_not_an_output(self):
        pictures = self.write_pictures(2)
        listing = self.write("list.txt", b"pictures/0000.jpg\n")
        masks = self.write("masks/0000.png", b"\x89PNG\r\n\x1a\n")
        self.assert_exit(DONE, run("stats", pictures, "-o", self.folder / "s.json"))
        raw = (*SMALL, "--format", "raw")
        for more in (
            ("stats", "--files-from", listing, "-o", listing, "--force"),
            ("normalize", pictures, *raw, "--stats", "s.json", "-o", "s.json"),
            ("normalize", pictures, *raw, "--stats", "s.json", "-o", "o.raw",
             "--manifest", "s.json"),
            ("stats", pictures, "--mask-dir", "masks", "-o", masks, "--force"),
        ):  # fmt: skip
            self.assert_refused(*more, words=("is read",))

    def test_a_run_may_be_repeated_from_its_own_manifest_and_state(self):
        pictures = self.write_pictures(2)
        out = self.normalize(pictures, "--preset", "half")
        before = out.read_bytes()
        self.normalize(pictures, "--config", f"{out}.manifest.json", "--force")
        self.assertEqual(out.read_bytes(), before)
        state = self.folder / "s.safetensors"
        batch = ("--preset", "half", "--method", "batch", "--state-out", state, "--force")
        self.normalize(pictures, *batch)
        self.normalize(pictures, *batch, "--state-in", state)

    def test_a_strange_file_under_the_manifests_name_is_kept(self):
        pictures = self.write_pictures(2)
        manifest = self.write("out.npy.manifest.json", b"mine")
        result = run("normalize", pictures, "--preset", "half", "-o", self.folder / "out.npy")
        self.assert_exit(USAGE, result)
        self.assertIn("out.npy.manifest.json: exists already", result.stderr)
        self.assertEqual(manifest.read_bytes(), b"mine")
        self.assertFalse((self.folder / "out.npy").exists())
        self.normalize(pictures, "--preset", "half", "--force")
        (self.folder / "out.npy").unlink()  # the manifest of a tensor that is gone
        self.normalize(pictures, "--preset", "half")

    def test_another_state_is_kept_and_the_runs_own_goes_on(self):
        pictures = self.write_pictures(2)
        state = self.write("s.safetensors", b"mine")
        batch = ("--preset", "half", "--method", "batch", "--state-out", state)
        result = run("normalize", pictures, *batch, "-o", self.folder / "out.npy")
        self.assert_exit(USAGE, result)
        self.assertIn("s.safetensors: exists already", result.stderr)
        self.assertEqual(state.read_bytes(), b"mine")
        state.unlink()
        self.normalize(pictures, *batch)
        before = state.read_bytes()
        self.normalize(pictures, *batch, "--state-in", state, out="again.npy")
        self.assertNotEqual(state.read_bytes(), before)

    def test_two_outputs_of_one_name_are_refused_by_name(self):
        pictures = self.write_pictures(2)
        (self.folder / "real").mkdir()
        os.symlink("real", self.folder / "alias")
        os.symlink("real/late", self.folder / "dangling")
        normalize = ("normalize", pictures, *SMALL)
        batch = (*normalize, "--method", "batch", "-o", "o.npy")
        for more in (
            (*normalize, "-o", "o.npy", "--manifest", "o.npy"),
            (*normalize, "-o", "o.npy", "--manifest", "./o.npy"),
            (*normalize, "-o", "o.npy", "--manifest", "o.npy.partial"),
            (*normalize, "-o", "real/o.npy", "--manifest", "alias/o.npy"),
            (*normalize, "-o", "m.partial", "--format", "raw", "--manifest", "m"),
            (*normalize, "-o", "real/late", "--format", "raw", "--manifest", "dangling"),
            (*batch, "--state-out", "s", "--report-norm", "s"),
            (*batch, "--report-norm", "o.npy.manifest.json"),
            (*batch, "--state-out", "o.npy.manifest.json.partial"),
            (*batch, "--manifest", "m", "--report-norm", "m"),
            ("stats", pictures, "-o", "s", "--per-image", "s", "--force"),
            ("stats", pictures, "-o", "s", "--per-image", "./s.partial", "--force"),
        ):
            self.assert_refused(*more, words=("give it another name",))
            self.assertEqual(os.listdir(self.folder / "real"), [])

    def test_an_extension_counts_whatever_its_case(self):
        pictures = self.write_pictures(2)
        out = self.normalize(pictures, "--preset", "half", "--dtype", "uint8", "--method", "none",
                             out="A.NPY")  # fmt: skip
        self.assertEqual(np.load(out).shape, (2, 3, 224, 224))
        again = self.normalize(out, "--preset", "none", out="B.SafeTensors")
        data = again.read_bytes()
        header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
        self.assertEqual(header["images"]["shape"], [2, 3, 224, 224])
        self.assertEqual(self.stats(out)["images"], 2)

    def test_the_summary_comes_after_the_file_is_there(self):
        pictures = self.write_pictures(1)
        result = run("stats", pictures, "-o", "/dev/full")
        self.assert_exit(NOT_DONE, result)
        self.assertIn("No space left", result.stderr)
        self.assertNotIn("measured", result.stderr)
        out = self.folder / "s.json"
        result = run("stats", pictures, "-o", out)
        self.assertIn(f"-> {out}", result.stderr)
        self.assertEqual(json.loads(out.read_bytes())["images"], 1)


if __name__ == "__main__":
    unittest.main()
