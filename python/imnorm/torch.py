"""Data sets for PyTorch, with the tensors of torchvision."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch.utils.data import Dataset, default_collate, get_worker_info
from torch.utils.data._utils.collate import default_collate_fn_map

from imnorm.plans import PlanLike
from imnorm.preprocessor import Preprocessor

# Those of torchvision.datasets.folder, so that indices are the same.
IMG_EXTENSIONS = (
    ".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp",
)  # fmt: skip


def find_classes(root: str | os.PathLike[str]) -> tuple[list[str], dict[str, int]]:
    """The folders in `root` by name, and the number of each."""
    with os.scandir(root) as entries:
        classes = sorted(entry.name for entry in entries if entry.is_dir())
    if not classes:
        raise FileNotFoundError(f"{os.fspath(root)} holds no class folder")
    return classes, {name: i for i, name in enumerate(classes)}


def make_samples(
    root: str,
    class_to_idx: dict[str, int],
    is_valid_file: Callable[[str], bool],
    allow_empty: bool,
) -> list[tuple[str, int]]:
    """Path and label of every picture, in torchvision's order."""
    samples: list[tuple[str, int]] = []
    empty = []
    for name in sorted(class_to_idx):
        before = len(samples)
        for folder, _, files in sorted(os.walk(os.path.join(root, name), followlinks=True)):
            for file in sorted(files):
                path = os.path.join(folder, file)
                if is_valid_file(path):
                    samples.append((path, class_to_idx[name]))
        if len(samples) == before:
            empty.append(name)
    if empty and not allow_empty:
        raise FileNotFoundError(f"no picture in the classes {', '.join(empty)}")
    return samples


def _has_extension(path: str) -> bool:
    return path.lower().endswith(IMG_EXTENSIONS)


class ToTensor:
    """Any picture -> the tensor of a plan: what stands in place of a torchvision transform.

    Takes a PIL picture, a path, a file's bytes or a uint8 array; pickles, and is safe in workers.

    >>> from imnorm.torch import ToTensor
    >>> ToTensor("imagenet")("sample_images/coast/cliffs.jpg").shape
    torch.Size([3, 224, 224])
    """

    def __init__(self, plan: PlanLike | Preprocessor = "imagenet", **settings: Any) -> None:
        self.preprocessor = (
            plan if isinstance(plan, Preprocessor) else Preprocessor(plan, **settings)
        )

    def __call__(self, picture: Any) -> torch.Tensor:
        preprocessor = self.preprocessor
        shape = preprocessor.shape
        if shape is None:  # the picture decides it; no bfloat16 there
            return torch.from_numpy(preprocessor.row(picture))
        row = torch.empty(shape, dtype=getattr(torch, preprocessor.dtype))
        return preprocessor.row(picture, out=row)

    def batch(self, pictures: Any, out: torch.Tensor | None = None) -> torch.Tensor:
        """A batch of them, on the preprocessor's threads."""
        if out is not None or self.preprocessor.shape is None:
            rows = self.preprocessor(pictures, out=out)
            return rows if out is not None else torch.from_numpy(rows)
        pictures = list(pictures)
        out = torch.empty(
            (len(pictures), *self.preprocessor.shape),
            dtype=getattr(torch, self.preprocessor.dtype),
        )
        return self.preprocessor(pictures, out=out)

    def __repr__(self) -> str:
        return f"ToTensor({self.preprocessor!r})"


class _Sample(tuple):  # type: ignore[type-arg]
    """(tensor, label), one of a batch whose tensors are the rows of one block, in their order.

    A DataLoader whose collate_fn is the default one hands the block over as it is, without a copy.
    """

    __slots__ = ()


def _collate_samples(batch: list[_Sample], *, collate_fn_map: Any = None) -> list[Any]:
    rows = [row for row, _ in batch]
    labels = default_collate([label for _, label in batch])
    block = rows[0]._base
    row_bytes = rows[0].numel() * rows[0].element_size()
    if (
        block is not None
        and block.shape == (len(rows), *rows[0].shape)
        and all(r._base is block for r in rows)
        and all(r.data_ptr() == block.data_ptr() + i * row_bytes for i, r in enumerate(rows))
    ):
        return [block, labels]
    return [default_collate(rows), labels]  # in another order, of several batches, or some of one


default_collate_fn_map[_Sample] = _collate_samples


def _block(shape: tuple[int, ...], dtype: torch.dtype) -> torch.Tensor:
    """An empty tensor: in a worker of a DataLoader where the other process sees it."""
    rows = torch.empty(shape, dtype=dtype)
    storage = getattr(torch, "UntypedStorage", None)
    if get_worker_info() is None or not hasattr(storage, "_new_shared"):
        return rows
    shared = storage._new_shared(rows.numel() * rows.element_size())  # as default_collate does
    return torch.empty(0, dtype=dtype).set_(shared, 0, shape)


class ImageFolder(Dataset):  # type: ignore[type-arg]
    """Pictures in class folders: torchvision's ImageFolder with the transform inside.

    ``ImageFolder(root, "imagenet")`` gives the tensors and labels of
    ``torchvision.datasets.ImageFolder(root, Compose([Resize(256), CenterCrop(224), ToTensor(),
    Normalize(...)]))``, bit for bit, and has its attributes: classes, class_to_idx, samples, targets.

    >>> from imnorm.torch import ImageFolder
    >>> data = ImageFolder("sample_images", "imagenet", is_valid_file=lambda path: "coast" in path,
    ...                    allow_empty=True)
    >>> tensor, label = data[0]
    >>> tensor.shape, data.classes[label]
    (torch.Size([3, 224, 224]), 'coast')
    """

    def __init__(
        self,
        root: str | os.PathLike[str],
        plan: PlanLike | Preprocessor = "imagenet",
        *,
        target_transform: Callable[[int], Any] | None = None,
        is_valid_file: Callable[[str], bool] | None = None,
        allow_empty: bool = False,
        **settings: Any,
    ) -> None:
        self.root = os.fspath(root)
        self.transform = ToTensor(plan, **settings)
        self.target_transform = target_transform
        self.classes, self.class_to_idx = find_classes(self.root)
        self.samples = make_samples(
            self.root, self.class_to_idx, is_valid_file or _has_extension, allow_empty
        )
        self.imgs = self.samples
        self.targets = [label for _, label in self.samples]

    def _label(self, index: int) -> Any:
        label = self.samples[index][1]
        return label if self.target_transform is None else self.target_transform(label)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, Any]:
        return self.transform(self.samples[index][0]), self._label(index)

    def __getitems__(self, indices: Sequence[int]) -> list[tuple[torch.Tensor, Any]]:
        """A batch of them, which a DataLoader asks for."""
        transform = self.transform
        shape = transform.preprocessor.shape
        if shape is None:
            return [self[i] for i in indices]
        block = _block((len(indices), *shape), getattr(torch, transform.preprocessor.dtype))
        transform.batch([self.samples[i][0] for i in indices], out=block)
        return [_Sample((row, self._label(i))) for row, i in zip(block, indices)]

    def __len__(self) -> int:
        return len(self.samples)

    def __repr__(self) -> str:
        return f"ImageFolder({self.root!r}, {len(self)} pictures, {len(self.classes)} classes)"
