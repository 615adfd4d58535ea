"""Plans: everything that decides an output's bytes, from whatever people have at hand."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from ctypes import byref, c_void_p
from enum import Enum
from typing import Any, NamedTuple, Union

from imnorm._library import CPreset, c, check, sized
from imnorm.errors import NotFoundError

PlanLike = Union[str, "os.PathLike[str]", Mapping[str, Any], Enum, "Plan"]


class Preset(NamedTuple):
    """A preset that is built in."""

    name: str
    summary: str
    source: str


def presets() -> list[Preset]:
    """All presets by name.

    >>> import imnorm
    >>> [preset.summary for preset in imnorm.presets() if preset.name == "clip"]
    ['224/224 bicubic, CLIP mean/std, like torchvision']
    """
    found: list[Preset] = []
    while True:
        preset = sized(CPreset)
        try:
            check(c.imnorm_preset_at(len(found), byref(preset)))
        except NotFoundError:
            return found
        found.append(Preset(*(t.decode() for t in (preset.name, preset.summary, preset.source))))


class Plan:
    """A plan of the library; what a Preprocessor and a run are made of.

    >>> from imnorm.plans import Plan
    >>> Plan("clip", layout="nhwc").as_dict()["layout"]
    'nhwc'
    """

    def __init__(
        self,
        plan: PlanLike = "imagenet",
        *,
        like: str | None = None,
        channels: str | None = None,
        exif: str | None = None,
        icc: str | None = None,
        dtype: Any = None,
        layout: str | None = None,
        mean: Sequence[float] | None = None,
        std: Sequence[float] | None = None,
    ) -> None:
        self._free = c.imnorm_plan_free  # modules may be gone when the last plan goes
        self.pointer = c_void_p()
        self._read(plan)
        for choice, word in (("like", like), ("channels", channels), ("exif", exif),
                             ("icc", icc), ("dtype", dtype_word(dtype)), ("layout", layout)):  # fmt: skip
            if word is not None:
                check(c.imnorm_plan_set(self.pointer, choice.encode(), word.lower().encode()))
        if mean is not None or std is not None:
            self._set_values(mean, std)

    def __del__(self) -> None:
        if getattr(self, "pointer", None):
            self._free(self.pointer)

    def _read(self, plan: PlanLike) -> None:
        if isinstance(plan, Enum):  # torchvision's weights
            plan = f"{type(plan).__name__}.{plan.name}"
        if hasattr(plan, "to_dict"):
            plan = _config_of(plan)
        if isinstance(plan, Plan):
            self._read_json(plan.json)
        elif isinstance(plan, Mapping):
            self._read_json(json.dumps(dict(plan)))
        else:
            name = os.fsencode(plan)
            inside = os.path.join(name, b"preprocessor_config.json")  # of a model's folder
            found = inside if os.path.isfile(inside) else name
            check(c.imnorm_plan_from_preset(found, byref(self.pointer)))

    def _read_json(self, text: str) -> None:
        data = text.encode()
        check(c.imnorm_plan_from_json(data, len(data), byref(self.pointer)))

    def _set_values(self, mean: Sequence[float] | None, std: Sequence[float] | None) -> None:
        plan = self.as_dict()
        for name, values in (("mean", mean), ("std", std)):
            if values is not None:
                plan["values"][name] = [float(value) for value in values]
        self._free(self.pointer)
        self.pointer = c_void_p()
        self._read_json(json.dumps(plan))

    @property
    def json(self) -> str:
        """The plan as JSON text, which makes the same plan again."""
        return c.imnorm_plan_json(self.pointer).decode()

    def as_dict(self) -> dict[str, Any]:
        """The plan as a manifest holds it."""
        return json.loads(self.json)


def _config_of(processor: Any) -> dict[str, Any]:
    """The config of a transformers processor, with its backend, of which `to_dict` says nothing."""
    config = processor.to_dict()
    bases = {base.__name__ for base in type(processor).__mro__}
    name = config.get("image_processor_type")
    # Of transformers 5, and of 4, where the class of the plain name is the one of Pillow.
    pillow = "PilBackend" in bases or (
        "BaseImageProcessor" in bases and not bases & {"TorchvisionBackend", "BaseImageProcessorFast"}
    )
    if pillow and name and name.endswith("ImageProcessor"):
        config["image_processor_type"] = f"{name}Pil"
    return config


def dtype_word(dtype: Any) -> str | None:
    """float32 of "float32", numpy.float32, numpy.dtype("f4") or torch.float32."""
    if dtype is None or isinstance(dtype, str):
        return dtype
    name = getattr(dtype, "name", None) or getattr(dtype, "__name__", None) or str(dtype)
    return str(name).rpartition(".")[2]
