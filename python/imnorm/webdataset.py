"""A decoder for WebDataset pipelines."""

from __future__ import annotations

from typing import Any

from imnorm.plans import PlanLike
from imnorm.preprocessor import Preprocessor

EXTENSIONS = (
    "jpg", "jpeg", "jpe", "png", "webp", "bmp", "gif", "tif", "tiff", "ppm", "pgm", "pbm", "pnm",
)  # fmt: skip


class Decoder:
    """For ``WebDataset(...).decode(Decoder("imagenet"))``: members that are pictures become rows.

    `tensors` gives torch tensors in place of arrays. Members of other extensions are left to the
    next decoder. It can be pickled, so workers may have it.

    >>> from imnorm.webdataset import Decoder
    >>> decode = Decoder("imagenet")
    >>> with open("sample_images/coast/cliffs.jpg", "rb") as file:
    ...     data = file.read()
    >>> decode("0001.jpg", data).shape, decode("0001.cls", b"7")
    ((3, 224, 224), None)
    """

    def __init__(self, plan: PlanLike = "imagenet", *, tensors: bool = False, **settings: Any):
        self.preprocessor = Preprocessor(plan, **settings)
        self.tensors = tensors

    def __call__(self, key: str, data: bytes) -> Any:
        if key.rpartition(".")[2].lower() not in EXTENSIONS:
            return None
        if not self.tensors:
            return self.preprocessor.row(data)
        from imnorm.torch import ToTensor

        return ToTensor(self.preprocessor)(data)
