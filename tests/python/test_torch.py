"""With PyTorch and torchvision: the same tensors, through the same loaders."""

import doctest
import enum
import importlib
import io
import os
import pickle
import tarfile
import unittest

import numpy as np
from PIL import Image

from imnorm_test import SAMPLES, ImnormTest, jpeg
from python_package import require_library, skip

require_library()
try:
    import torch
    import torchvision
except ImportError as error:
    skip(error)
import imnorm
from imnorm.huggingface import ImageProcessor
from imnorm.torch import ImageFolder, ToTensor
from imnorm.webdataset import Decoder

MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
# Whose order of passes the installed Pillow has.
PILLOW = 13 if int(Image.__version__.split(".")[0]) >= 13 else 11


def plan():
    made = imnorm.Preprocessor("imagenet").plan
    made["resize"]["pillow"] = PILLOW
    return made


def torchvisions():
    t = torchvision.transforms
    return t.Compose([t.Resize(256), t.CenterCrop(224), t.ToTensor(), t.Normalize(MEAN, STD)])


class Folder(ImnormTest):
    def setUp(self):
        super().setUp()
        for name in ("coast", "garden"):
            for path in (SAMPLES / name).iterdir():
                if "16bit" not in path.name:
                    self.write(f"data/{name}/{path.name}", path.read_bytes())
        self.write("data/coast/deeper/a.jpg", jpeg(300, 500))
        self.write("data/coast/notes.txt", b"words")
        self.root = str(self.folder / "data")
        self.theirs = torchvision.datasets.ImageFolder(self.root, torchvisions())
        self.ours = ImageFolder(self.root, plan())

    def test_is_torchvisions_to_the_bit(self):
        for name in ("classes", "class_to_idx", "samples", "targets", "imgs", "root"):
            self.assertEqual(getattr(self.ours, name), getattr(self.theirs, name), name)
        self.assertEqual(len(self.ours), len(self.theirs))
        for (ours, label), (theirs, expected) in zip(self.ours, self.theirs, strict=True):
            self.assertEqual((label, ours.dtype), (expected, theirs.dtype))
            self.assertTrue(torch.equal(ours, theirs))

    def test_is_the_same_from_workers_however_they_are_started(self):
        expected = torch.stack([row for row, _ in self.theirs])
        for workers, context in ((0, None), (4, "fork"), (2, "spawn")):
            loader = torch.utils.data.DataLoader(
                self.ours, 5, num_workers=workers, multiprocessing_context=context
            )
            batches = list(loader)
            self.assertTrue(torch.equal(torch.cat([rows for rows, _ in batches]), expected))
            labels = torch.cat([labels for _, labels in batches])
            self.assertEqual(labels.tolist(), self.theirs.targets)

    def test_batches_come_without_a_copy_where_nothing_stands_between(self):
        loader = torch.utils.data.DataLoader
        expected = torch.stack([row for row, _ in self.theirs])
        names = self.theirs.classes
        turned = list(reversed(range(len(self.ours))))
        for workers in (0, 2):
            for data, order in (
                (self.ours, range(len(self.ours))),
                (torch.utils.data.Subset(self.ours, turned), turned),
                (torch.utils.data.ConcatDataset([self.ours, self.ours]), [*range(len(self.ours))] * 2),
                (ImageFolder(self.root, plan(), target_transform=names.__getitem__), range(len(self.ours))),
            ):
                rows, labels = zip(*loader(data, 3, num_workers=workers))
                self.assertTrue(torch.equal(torch.cat(rows), expected[list(order)]))
                labels = [names.index(x) if isinstance(x, str) else int(x) for b in labels for x in b]
                self.assertEqual(labels, [self.theirs.targets[i] for i in order])
        samples = self.ours.__getitems__([1, 0, 2])
        rows, labels = torch.utils.data.default_collate(samples)
        self.assertEqual(rows.data_ptr(), samples[0][0].data_ptr())
        self.assertTrue(torch.equal(rows, expected[[1, 0, 2]]))
        for some in (samples[1:], samples[::-1], [samples[0]] * 3, samples + samples[:1],
                     samples[:1] + self.ours.__getitems__([0, 2])):  # fmt: skip
            rows, labels = torch.utils.data.default_collate(some)
            self.assertTrue(torch.equal(rows, torch.stack([row for row, _ in some])))
            self.assertEqual(labels.tolist(), [label for _, label in some])
        own = loader(self.ours, 4, num_workers=2, collate_fn=lambda batch: [row for row, _ in batch])
        self.assertTrue(torch.equal(torch.stack([row for batch in own for row in batch]), expected))

    def test_pictures_that_decide_their_size_make_batches_too(self):
        data = ImageFolder(self.root, {"schema": "imnorm.plan/1", "like": "torchvision"})
        self.assertEqual([tuple(x.shape) for x, _ in data.__getitems__([0, 1])],
                         [tuple(data[i][0].shape) for i in (0, 1)])  # fmt: skip

    def test_a_bad_picture_is_named_from_a_worker(self):
        bad = self.write("data/coast/bad.jpg", jpeg()[:300])
        loader = torch.utils.data.DataLoader(ImageFolder(self.root), 2, num_workers=2)
        with self.assertRaisesRegex(imnorm.CorruptError, str(bad)):
            list(loader)

    def test_labels_filters_and_empty_classes(self):
        data = ImageFolder(self.root, "clip", target_transform=lambda label: -label,
                           is_valid_file=lambda path: path.endswith("a.jpg"), allow_empty=True,
                           dtype="bfloat16")  # fmt: skip
        self.assertEqual(len(data), 1)
        self.assertEqual((data[0][0].dtype, data[0][1]), (torch.bfloat16, 0))
        os.mkdir(self.folder / "data/empty")
        with self.assertRaisesRegex(FileNotFoundError, "empty"):
            ImageFolder(self.root)
        with self.assertRaises(FileNotFoundError):
            ImageFolder(self.folder / "data/empty")


class Transform(ImnormTest):
    def test_stands_in_for_torchvisions(self):
        path = SAMPLES / "coast/cliffs.jpg"
        transform = pickle.loads(pickle.dumps(ToTensor(plan())))
        picture = Image.open(path)
        self.assertTrue(torch.equal(transform(picture), torchvisions()(picture)))
        batch = transform.batch([picture, path])
        self.assertTrue(torch.equal(batch[0], batch[1]))
        out = torch.zeros(3, 3, 224, 224)
        transform.batch([path], out=out[1:2])
        self.assertTrue(torch.equal(out[1], batch[0]))
        self.assertEqual(out[[0, 2]].abs().sum(), 0)

    def test_out_of_another_kind_is_refused(self):
        preprocess = imnorm.Preprocessor("imagenet")
        for out in (torch.zeros(1, 3, 224, 224, dtype=torch.float64), torch.zeros(3, 224, 224),
                    torch.zeros(1, 224, 224, 3).permute(0, 3, 1, 2)):  # fmt: skip
            with self.assertRaises(imnorm.BadArgumentError):
                preprocess(SAMPLES / "coast/cliffs.jpg", out=out)

    def test_weights_are_looked_up_by_their_name(self):
        weights = enum.Enum("ResNet50_Weights", "IMAGENET1K_V9")
        with self.assertRaisesRegex(imnorm.NotFoundError, "ResNet50_Weights.IMAGENET1K_V9"):
            imnorm.Preprocessor(weights.IMAGENET1K_V9)


class Others(ImnormTest):
    def test_examples_of_docstrings_run(self):
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(SAMPLES.parent)
        for name in ("torch", "huggingface", "webdataset"):
            result = doctest.testmod(importlib.import_module(f"imnorm.{name}"))
            self.assertEqual((result.failed, result.attempted > 1), (0, True), name)

    def test_a_processor_gives_pixel_values(self):
        path = SAMPLES / "coast/cliffs.jpg"
        processor = ImageProcessor("clip")
        pictures = [path, Image.open(path)]
        values = processor(images=pictures, return_tensors="pt")["pixel_values"]
        expected = imnorm.Preprocessor("clip")(path)
        for row in values:
            np.testing.assert_array_equal(row.numpy(), expected[0])
        np.testing.assert_array_equal(processor(path)["pixel_values"], expected)
        column = [{"bytes": path.read_bytes(), "path": None}, {"path": str(path)}, pictures[1]]
        batch = processor.transform({"image": column, "label": [1, 2, 3]})
        self.assertEqual((len(batch["pixel_values"]), batch["label"]), (3, [1, 2, 3]))
        np.testing.assert_array_equal(batch["pixel_values"][2], expected[0])
        with self.assertRaises(TypeError):
            processor(path, do_resize=False)

    def test_a_processor_is_made_of_the_folder_of_a_model(self):
        self.write("preprocessor_config.json", b'{"image_processor_type": "ViTImageProcessor", '
                   b'"do_resize": true, "size": {"height": 32, "width": 48}, "resample": 2}')  # fmt: skip
        values = ImageProcessor(self.folder)(SAMPLES / "coast/cliffs.jpg")["pixel_values"]
        self.assertEqual(values.shape, (1, 3, 32, 48))

    def test_a_decoder_of_webdataset_members(self):
        data = (SAMPLES / "coast/cliffs.jpg").read_bytes()
        file = io.BytesIO()
        with tarfile.open(fileobj=file, mode="w") as tar:
            for name, content in (("a.jpg", data), ("a.cls", b"3"), ("a.JPEG", data)):
                info = tarfile.TarInfo(name)
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
        file.seek(0)
        decode = pickle.loads(pickle.dumps(Decoder("imagenet", tensors=True)))
        with tarfile.open(fileobj=file) as tar:
            rows = {m.name: decode(m.name, tar.extractfile(m).read()) for m in tar}
        self.assertIsNone(rows["a.cls"])
        expected = imnorm.Preprocessor("imagenet").row(data)
        for name in ("a.jpg", "a.JPEG"):
            np.testing.assert_array_equal(rows[name].numpy(), expected)


if __name__ == "__main__":
    unittest.main()
