"""Image preprocessing and dataset statistics, bit for bit those of torchvision, Pillow and transformers.

>>> import imnorm
>>> preprocess = imnorm.Preprocessor("imagenet")
>>> preprocess(["sample_images/coast/cliffs.jpg", "sample_images/coast/lighthouse.jpg"]).shape
(2, 3, 224, 224)
>>> imnorm.probe("sample_images/coast/cliffs.jpg").format
'jpeg'

What is wrong is an exception: see `imnorm.ImnormError`. Names are loaded when they are first used,
so that ``import imnorm`` takes no time and the program needs no numpy.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # as checkers know it; to import typing takes longer than all the rest
if TYPE_CHECKING:
    from typing import Any

    from imnorm._library import version as version
    from imnorm.errors import BadArgumentError as BadArgumentError
    from imnorm.errors import BadConfigError as BadConfigError
    from imnorm.errors import CancelledError as CancelledError
    from imnorm.errors import CorruptError as CorruptError
    from imnorm.errors import ImnormError as ImnormError
    from imnorm.errors import InstallationError as InstallationError
    from imnorm.errors import InternalError as InternalError
    from imnorm.errors import IoError as IoError
    from imnorm.errors import NotFoundError as NotFoundError
    from imnorm.errors import NothingDoneError as NothingDoneError
    from imnorm.errors import TooLargeError as TooLargeError
    from imnorm.errors import UnsupportedError as UnsupportedError
    from imnorm.preprocessor import Preprocessor as Preprocessor
    from imnorm.pictures import Picture as Picture
    from imnorm.pictures import probe as probe
    from imnorm.plans import Preset as Preset
    from imnorm.plans import presets as presets
    from imnorm.runs import Failure as Failure
    from imnorm.runs import RunResult as RunResult
    from imnorm.runs import normalize as normalize
    from imnorm.statistics import Stats as Stats
    from imnorm.statistics import stats as stats

_HOME = {
    "version": "_library",
    "Preprocessor": "preprocessor",
    "Picture": "pictures",
    "probe": "pictures",
    "Preset": "plans",
    "presets": "plans",
    "Failure": "runs",
    "RunResult": "runs",
    "normalize": "runs",
    "Stats": "statistics",
    "stats": "statistics",
    **dict.fromkeys(
        (
            "BadArgumentError", "BadConfigError", "CancelledError", "CorruptError", "ImnormError",
            "InstallationError", "InternalError", "IoError", "NotFoundError", "NothingDoneError", "TooLargeError",
            "UnsupportedError",
        ),
        "errors",
    ),
}  # fmt: skip
_MODULES = ("errors", "layers", "torch", "huggingface", "webdataset")

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name in _HOME:
        value = getattr(import_module(f"imnorm.{_HOME[name]}"), name)
        globals()[name] = value
        return value
    if name in _MODULES:
        return import_module(f"imnorm.{name}")
    if name == "__version__":
        return import_module("imnorm._library").version()
    raise AttributeError(f"module 'imnorm' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_MODULES, "__version__"})
