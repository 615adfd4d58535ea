"""Output formats beside .npy, each opened by the reader that its users have; and class labels."""

import io
import json
import os
import struct
import tarfile
import unittest
import zipfile

import numpy as np

from imnorm_test import DONE, NOT_DONE, USAGE, ImnormTest, jpeg, manifest_of, run

PLAN = ["--resize", "8x6", "--mean", "0.5,0.4,0.3", "--std", "0.25"]


def safetensors_of(path):
    """The metadata and the tensors of a .safetensors file, checked as its format wants it."""
    data = path.read_bytes() if hasattr(path, "read_bytes") else path
    (length,) = struct.unpack("<Q", data[:8])
    assert length % 8 == 0
    head = json.loads(data[8 : 8 + length])
    body = data[8 + length :]
    metadata = head.pop("__metadata__", {})
    types = {"F32": "<f4", "F16": "<f2", "U8": "u1", "I8": "i1", "I64": "<i8", "BF16": "<u2"}
    tensors, at = {}, 0
    for name, entry in sorted(head.items(), key=lambda item: item[1]["data_offsets"]):
        begin, end = entry["data_offsets"]
        assert begin == at, "no holes"
        dtype = np.dtype(types[entry["dtype"]])
        assert begin % dtype.itemsize == 0, f"{name} is not aligned"
        tensors[name] = np.frombuffer(body[begin:end], dtype).reshape(entry["shape"])
        at = end
    assert at == len(body)
    return metadata, tensors


def samples_of(path_or_file):
    """The samples of a tar as WebDataset's tariterators.group_by_keys puts them together."""
    samples = []
    with tarfile.open(**path_or_file) as tar:
        for member in tar:
            folder, _, base = member.name.rpartition("/")
            stem, _, extension = base.partition(".")
            key = f"{folder}/{stem}" if folder else stem
            if not samples or samples[-1]["__key__"] != key:
                samples.append({"__key__": key})
            assert extension not in samples[-1], f"{member.name} comes twice"
            samples[-1][extension] = tar.extractfile(member).read()
    return samples


def array_of(sample):
    return np.load(io.BytesIO(sample["npy"]))


class Formats(ImnormTest):
    def classes(self):
        for number, name in enumerate(["dog/1.jpg", "cat/b.c.jpg", "cat/a.jpg", "emu/x/1.jpg"]):
            self.write(f"p/{name}", jpeg(20, 20, seed=number))
        self.write("p/cat/broken.jpg", b"\xff\xd8\xff\xe0nothing")
        self.write("p/notes/read.me", b"no picture is here")
        return self.folder / "p"

    KEYS = ["cat/a.jpg", "cat/b.c.jpg", "dog/1.jpg", "emu/x/1.jpg"]
    LABELS = [0, 0, 1, 2]

    def test_every_format_holds_the_values_of_npy(self):
        pictures = self.classes()
        for layout in ["nchw", "nhwc"]:
            for dtype in ["float32", "float16", "uint8", "int8"]:
                with self.subTest(layout=layout, dtype=dtype):
                    values = ["--qscale", "0.02", "--qzero", "3"] if dtype.endswith("int8") else []
                    plan = [*PLAN, "--dtype", dtype, "--layout", layout, *values, "--force"]
                    want = np.load(self.normalize(pictures, *plan, code=1))
                    npz = np.load(self.normalize(pictures, *plan, out="x.npz", code=1))
                    self.assertEqual(sorted(npz), ["data", "labels", "paths"])
                    np.testing.assert_array_equal(npz["data"], want)
                    self.assertEqual(npz["labels"].tolist(), self.LABELS)
                    self.assertEqual(npz["labels"].dtype, np.int64)
                    self.assertEqual(npz["paths"].tolist(), self.KEYS)
                    path = self.normalize(pictures, *plan, out="x.safetensors", code=1)
                    metadata, tensors = safetensors_of(path)
                    np.testing.assert_array_equal(tensors["images"], want)
                    self.assertEqual(tensors["labels"].tolist(), self.LABELS)
                    self.assertEqual(json.loads(metadata["plan"]), manifest_of(path)["plan"])
                    self.assertEqual(metadata["list_hash"], manifest_of(path)["list_hash"])
                    tar = self.normalize(pictures, *plan, out="x.tar", code=1)
                    samples = samples_of({"name": tar})
                    np.testing.assert_array_equal(np.stack([*map(array_of, samples)]), want)
                    raw = self.normalize(pictures, *plan, out="x.raw", code=1)
                    self.assertEqual(raw.read_bytes(), want.tobytes())

    def test_a_zip_is_sound_for_zipfile_and_the_array_is_aligned(self):
        path = self.normalize(self.classes(), *PLAN, out="x.npz", code=1)
        with zipfile.ZipFile(path) as archive:
            self.assertIsNone(archive.testzip())
        self.assertEqual(path.read_bytes()[64:70], b"\x93NUMPY")

    def test_an_npz_and_a_safetensors_of_ours_are_inputs_without_a_tensor_named(self):
        pictures = self.classes()
        for name in ["x.npz", "x.safetensors"]:
            path = self.normalize(pictures, *PLAN, out=name, code=1)
            again = self.normalize(path, "--method", "none", out="again.npy")
            np.testing.assert_array_equal(
                np.load(again),
                np.load(path)["data"] if name == "x.npz" else safetensors_of(path)[1]["images"],
            )
            os.remove(again)
            os.remove(f"{again}.manifest.json")

    def test_a_sample_has_its_class_and_what_it_was(self):
        path = self.normalize(self.classes(), *PLAN, out="x.tar", code=1)
        samples = samples_of({"name": path})
        self.assertEqual(
            [s["__key__"] for s in samples], ["cat/a", "cat/b_c", "dog/1", "emu/x/1"]
        )
        self.assertEqual([int(s["cls"]) for s in samples], self.LABELS)
        self.assertEqual(
            json.loads(samples[1]["json"]),
            {"path": "cat/b.c.jpg", "index": 1, "label": "cat", "class": 0,
             "width": 20, "height": 20},
        )
        np.testing.assert_array_equal(
            np.stack([*map(array_of, samples)]),
            np.load(self.normalize(self.folder / "p", *PLAN, code=1)),
        )

    def test_samples_of_one_name_are_kept_apart(self):
        for name in ["a.jpg", "a.png", "b.c.jpg", "b_c.jpg", "d.jpg"]:
            self.write(f"p/{name}", jpeg(20, 20))
        path = self.normalize(self.folder / "p", *PLAN, out="x.tar")
        keys = [s["__key__"] for s in samples_of({"name": path})]
        self.assertEqual(keys, ["a-0", "a-1", "b_c-2", "b_c-3", "d"])

    def test_names_of_any_length_and_bytes_are_what_tarfile_reads(self):
        long = "/".join(["long" * 20] * 6) + "/" + "x" * 90
        names = ["short", "in/folder", "y" * 140, long, "grün/ä"]
        for name in names:
            self.write(f"p/{name}.jpg", jpeg(20, 20))
        path = self.normalize(self.folder / "p", *PLAN, out="x.tar")
        self.assertEqual(sorted(s["__key__"] for s in samples_of({"name": path})), sorted(names))

    def test_keys_that_lead_out_of_a_folder_do_not_in_a_tar(self):
        self.write("p/a.jpg", jpeg(20, 20))
        self.write("q/b.jpg", jpeg(20, 20))
        listed = f"../p/a.jpg\n{self.folder}/q/b.jpg\n./b.jpg\n"
        out = self.folder / "x.tar"
        result = run("normalize", "--files-from", "-", *PLAN, "-o", out, stdin=listed,
                     cwd=self.folder / "q")
        self.assert_exit(DONE, result)
        keys = [s["__key__"] for s in samples_of({"name": out})]
        self.assertIn("p/a", keys)
        self.assertTrue(all(not k.startswith("/") and ".." not in k for k in keys), keys)

    def test_a_tar_goes_down_a_pipe_with_the_bytes_of_the_file(self):
        pictures = self.classes()
        path = self.normalize(pictures, *PLAN, out="x.tar", code=1)
        piped = self.folder / "piped.tar"
        with open(piped, "wb") as out:
            import subprocess

            from imnorm_test import binary

            result = subprocess.run(
                [binary(), "normalize", pictures, *PLAN, "-o", "-", "--format", "wds"],
                stdout=out, stderr=subprocess.PIPE, check=False,
            )
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertEqual(piped.read_bytes(), path.read_bytes())

    def test_bfloat16_is_refused_for_npz_and_a_sample_of_it_is_safetensors(self):
        pictures = self.classes()
        out = self.folder / "x.npz"
        result = run("normalize", pictures, *PLAN, "--dtype", "bfloat16", "-o", out)
        self.assert_exit(USAGE, result)
        for word in ["bfloat16", "safetensors", "raw", "wds"]:
            self.assertIn(word, result.stderr)
        plan = [*PLAN, "--dtype", "bfloat16"]
        tar = self.normalize(pictures, *plan, out="x.tar", code=1)
        _, whole = safetensors_of(
            self.normalize(pictures, *plan, out="x.safetensors", code=1)
        )
        for row, sample in enumerate(samples_of({"name": tar})):
            _, tensors = safetensors_of(sample["safetensors"])
            np.testing.assert_array_equal(tensors["image"], whole["images"][row])

    def test_labels_do_not_depend_on_threads_or_shards_and_have_their_names_beside(self):
        pictures = self.classes()
        whole = np.load(self.normalize(pictures, *PLAN, out="x.npz", code=1))
        parts = []
        for shard in range(1, 4):
            out = self.folder / f"{shard}.npz"
            result = run("normalize", pictures, *PLAN, "--shard", f"{shard}/3", "-o", out)
            self.assertIn(result.returncode, (0, 1), result.stderr)
            parts.append(np.load(out))
        for name in ["data", "labels"]:
            np.testing.assert_array_equal(np.concatenate([p[name] for p in parts]), whole[name])
        for out in ["x.npz", "1.npz", "3.npz"]:
            names = json.loads((self.folder / f"{out}.classes.json").read_bytes())
            self.assertEqual(names, ["cat", "dog", "emu"])
        manifest = manifest_of(self.folder / "x.npz")
        self.assertEqual(manifest["classes"], ["cat", "dog", "emu"])
        self.assertEqual([i["class"] for i in manifest["items"] if "row" in i], self.LABELS)

    def test_without_labels_nothing_speaks_of_classes(self):
        pictures = self.classes()
        self.normalize(pictures, *PLAN, out="x.npz", code=1)
        self.assertTrue((self.folder / "x.npz.classes.json").exists())
        path = self.normalize(pictures, *PLAN, "--no-labels", "--force", out="x.npz", code=1)
        self.assertEqual(sorted(np.load(path)), ["data", "paths"])
        self.assertFalse((self.folder / "x.npz.classes.json").exists())
        self.assertNotIn("classes", manifest_of(path))
        self.assertTrue(all("label" not in item for item in manifest_of(path)["items"]))
        _, tensors = safetensors_of(
            self.normalize(pictures, *PLAN, "--no-labels", out="x.safetensors", code=1)
        )
        self.assertEqual(list(tensors), ["images"])
        tar = self.normalize(pictures, *PLAN, "--no-labels", out="x.tar", code=1)
        self.assertTrue(all("cls" not in sample for sample in samples_of({"name": tar})))

    def test_a_path_that_begins_elsewhere_has_no_class(self):
        self.write("p/cat/1.jpg", jpeg(20, 20))
        self.write("p/dog/1.jpg", jpeg(20, 20))
        listed = f"./cat/1.jpg\ndog/1.jpg\n../p/dog/1.jpg\n{self.folder}/p/dog/1.jpg\n"
        out = self.folder / "x.npz"
        self.assert_exit(
            DONE,
            run("normalize", "--files-from", "-", *PLAN, "-o", out, stdin=listed,
                cwd=self.folder / "p"),
        )
        arrays = np.load(out)
        labels = dict(zip(arrays["paths"].tolist(), arrays["labels"].tolist()))
        self.assertEqual(
            labels,
            {"./cat/1.jpg": 0, "dog/1.jpg": 1, "../p/dog/1.jpg": -1,
             f"{self.folder}/p/dog/1.jpg": -1},
        )

    def test_layers_write_every_format_too(self):
        pictures = self.classes()
        plan = ["--resize", "8x6", "--method", "instance"]
        want = np.load(self.normalize(pictures, *plan, code=1))
        npz = np.load(self.normalize(pictures, *plan, out="x.npz", code=1))
        np.testing.assert_array_equal(npz["data"], want)
        self.assertEqual(npz["paths"].tolist(), self.KEYS)
        samples = samples_of({"name": self.normalize(pictures, *plan, out="x.tar", code=1)})
        np.testing.assert_array_equal(np.stack([*map(array_of, samples)]), want)
        self.assertEqual([int(s["cls"]) for s in samples], self.LABELS)

    def test_a_tensor_becomes_every_format(self):
        values = np.random.default_rng(0).normal(size=(5, 3, 4, 4)).astype(np.float32)
        np.save(self.folder / "in.npy", values)
        plan = [self.folder / "in.npy", "--mean", "0.5", "--std", "2"]
        want = np.load(self.normalize(*plan))
        npz = np.load(self.normalize(*plan, out="x.npz"))
        self.assertEqual(list(npz), ["data"])
        np.testing.assert_array_equal(npz["data"], want)
        samples = samples_of({"name": self.normalize(*plan, out="x.tar")})
        self.assertEqual([s["__key__"] for s in samples], [f"{i:09}" for i in range(5)])
        np.testing.assert_array_equal(np.stack([*map(array_of, samples)]), want)

    def test_paths_of_any_bytes_come_back_by_fsencode(self):
        folder = os.fsencode(self.folder / "p")
        os.mkdir(folder)
        names = [b"a.jpg", b"\xff\xfe.jpg", "ä€😀.jpg".encode()]
        for name in names:
            with open(os.path.join(folder, name), "wb") as file:
                file.write(jpeg(20, 20))
        paths = np.load(self.normalize(self.folder / "p", *PLAN, out="x.npz"))["paths"]
        self.assertEqual(sorted(os.fsencode(str(p)) for p in paths), sorted(names))

    def test_an_output_that_cannot_be_written_leaves_nothing(self):
        pictures = self.classes()
        for name in ["x.npz", "x.tar"]:
            result = run("normalize", pictures, *PLAN, "-o", self.folder / "none" / name)
            self.assert_exit(NOT_DONE, result)
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()), ["p"])


if __name__ == "__main__":
    unittest.main()
