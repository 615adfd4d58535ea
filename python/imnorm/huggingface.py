"""A callable in the place of a transformers image processor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from imnorm.plans import PlanLike
from imnorm.preprocessor import Preprocessor


class ImageProcessor:
    """Pictures -> {"pixel_values": batch}, as ``AutoImageProcessor.from_pretrained(...)`` does.

    `plan` may be a preprocessor_config.json, the folder that holds one, its dict, a processor of
    transformers itself, or a preset; the numbers are those of ``like``, which defaults to the
    plan's own. `return_tensors` is "np" or "pt".

    >>> from imnorm.huggingface import ImageProcessor
    >>> processor = ImageProcessor("clip", like="hf")
    >>> processor(images="sample_images/coast/cliffs.jpg")["pixel_values"].shape
    (1, 3, 224, 224)
    """

    def __init__(self, plan: PlanLike = "vit", **settings: Any) -> None:
        self.preprocessor = Preprocessor(plan, **settings)

    def __call__(
        self, images: Any, return_tensors: str = "np", **unknown: Any
    ) -> dict[str, Any]:
        if unknown:
            raise TypeError(f"an ImageProcessor does what its plan says, not {sorted(unknown)}")
        if return_tensors == "pt":
            from imnorm.torch import ToTensor

            listed = images if isinstance(images, Sequence) and not isinstance(
                images, (str, bytes)
            ) else [images]  # fmt: skip
            return {"pixel_values": ToTensor(self.preprocessor).batch(listed)}
        if return_tensors != "np":
            raise ValueError(f"return_tensors is 'np' or 'pt', not {return_tensors!r}")
        return {"pixel_values": self.preprocessor(images)}

    def transform(self, examples: dict[str, Any]) -> dict[str, Any]:
        """For ``dataset.set_transform`` and ``with_transform``: adds pixel_values to a batch.

        The column is "image": PIL pictures, or dicts with "bytes" or "path" where the column is
        cast to ``Image(decode=False)``, which leaves decoding to imnorm.
        """
        pictures = [_picture(example) for example in examples["image"]]
        return {**examples, "pixel_values": list(self.preprocessor(pictures))}


def _picture(example: Any) -> Any:
    if isinstance(example, dict):
        return example["bytes"] if example.get("bytes") is not None else example["path"]
    return example
