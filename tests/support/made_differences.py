"""Tensors that differ from imnorm's by one known cause each, made by numpy, Pillow and TurboJPEG.

`make(folder, out)` makes them of the JPEGs in a folder; a case is a name, the tensor made so, the
options that say how imnorm's own is made, and the folder whose pictures that takes.
"""

import ctypes
import ctypes.util
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from imnorm_test import run

MEAN = np.array([0.485, 0.456, 0.406]).reshape(3, 1, 1)
STD = np.array([0.229, 0.224, 0.225]).reshape(3, 1, 1)
IMAGENET = ["--preset", "imagenet"]
# Told by values alone, without the pictures.
BY_VALUES = {
    "channel_order", "not_scaled", "not_normalized", "normalized_twice", "constants_of_bytes",
    "other_constants", "layout_mistaken", "crop_shifted", "exif_rotation",
}


class Case(NamedTuple):
    cause: str
    tensor: Path
    ours: Path  # the tensor that imnorm makes of the same pictures
    pictures: Path
    plan: list  # of ours, as options of side b


def normalize(pictures, out, *options):
    done = run("normalize", pictures, *options, "-o", out, "--force", "-q")
    assert done.returncode == 0, done.stderr
    return out


def without_antialias(path, width, height):
    """Bilinear between the four nearest pixels, as OpenCV and torch's antialias=False."""
    source = np.asarray(Image.open(path).convert("RGB")).astype(np.float64)
    axes = []
    for size, target in ((source.shape[0], height), (source.shape[1], width)):
        at = (np.arange(target) + 0.5) * size / target - 0.5
        low = np.floor(at).astype(int)
        axes.append((np.clip(low, 0, size - 1), np.clip(low + 1, 0, size - 1), at - low))
    (y0, y1, fy), (x0, x1, fx) = axes
    fx, fy = fx[None, :, None], fy[:, None, None]
    top = source[y0][:, x0] * (1 - fx) + source[y0][:, x1] * fx
    low = source[y1][:, x0] * (1 - fx) + source[y1][:, x1] * fx
    return np.rint(top * (1 - fy) + low * fy).astype(np.uint8)


def turbojpeg():
    """The library of TurboJPEG, or None."""
    name = ctypes.util.find_library("turbojpeg")
    if name is None:
        return None
    library = ctypes.CDLL(name)
    library.tjInitDecompress.restype = ctypes.c_void_p
    return library


def by_turbojpeg(path, flags):
    """Pixels of a JPEG as TurboJPEG decodes it with these flags."""
    library, data = turbojpeg(), Path(path).read_bytes()
    size = Image.open(path).size
    out = ctypes.create_string_buffer(size[0] * size[1] * 3)
    handle = ctypes.c_void_p(library.tjInitDecompress())
    failed = library.tjDecompress2(handle, data, ctypes.c_ulong(len(data)), out, size[0], 0,
                                   size[1], 0, flags)
    library.tjDestroy(handle)
    assert failed == 0
    return np.frombuffer(out, np.uint8).reshape(size[1], size[0], 3)


FAST_UPSAMPLE, FAST_DCT = 256, 2048


def make(folder, out):
    """The cases, a generator; `out` is a folder for files."""
    jpegs = sorted(p for p in Path(folder).iterdir() if p.suffix.lower() in (".jpg", ".jpeg"))
    ours = normalize(folder, out / "ours.npy", *IMAGENET)
    x = np.load(ours).astype(np.float64)
    unit = x * STD + MEAN

    def case(cause, array, base=ours, pictures=folder, plan=("--plan-b", "imagenet")):
        path = out / f"{cause}.npy"
        np.save(path, array.astype(np.float32))
        return Case(cause, path, base, Path(pictures), list(plan))

    yield case("channel_order", (unit[:, ::-1] - MEAN) / STD)
    yield case("not_scaled", (unit * 255 - MEAN) / STD)
    yield case("not_normalized", unit)
    yield case("normalized_twice", (x - MEAN) / STD)
    yield case("constants_of_bytes", (unit - MEAN * 255) / (STD * 255))
    yield case("layout_mistaken", x.transpose(0, 2, 3, 1).reshape(x.shape))
    # Two pixels more on each side, also where half margins are rounded to even ones.
    wide = np.load(normalize(folder, out / "wide.npy", *IMAGENET, "--crop", "228"))
    yield case("crop_shifted", wide[:, :, 2:226, 3:227])
    torch = np.load(normalize(folder, out / "torch.npy", *IMAGENET, "--like", "torch"))
    yield case("torch_resize", torch)

    size = ["--resize", "96x64", "--filter", "bilinear", "--mean", "0", "--std", "1"]
    plan = ["--resize-b", "96x64"]
    small = normalize(folder, out / "small.npy", *size)
    pixels = np.stack([without_antialias(path, 96, 64) for path in jpegs])
    yield case("no_antialias", pixels.transpose(0, 3, 1, 2) / 255, small, folder, plan)

    # Pillow 13 orders its passes in another way where many more rows than columns are lost.
    flat = ["--resize", "440x24", "--filter", "bicubic", "--mean", "0", "--std", "1"]
    plan = ["--resize-b", "440x24", "--filter-b", "bicubic"]
    small = normalize(folder, out / "flat.npy", *flat)
    older = np.load(normalize(folder, out / "older.npy", *flat, "--pillow", "12"))
    yield case("pillow_release", older, small, folder, plan)

    turned = out / "turned"
    turned.mkdir(exist_ok=True)
    for i, path in enumerate(jpegs):
        exif = Image.Exif()
        exif[0x0112] = 1 + (i + 5) % 8
        data = path.read_bytes()
        body = b"Exif\0\0" + exif.tobytes()[6 if exif.tobytes()[:6] == b"Exif\0\0" else 0:]
        segment = b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body
        (turned / path.name).write_bytes(data[:2] + segment + data[2:])
    base = normalize(turned, out / "turned.npy", *IMAGENET, "--exif", "ignore")
    upright = np.load(normalize(turned, out / "upright.npy", *IMAGENET, "--exif", "apply"))
    plan = ["--plan-b", "imagenet", "--exif-b", "ignore"]
    yield case("exif_rotation", upright, base, turned, plan)

    if turbojpeg() is not None:
        decoded = out / "decoded"
        decoded.mkdir(exist_ok=True)
        for path in jpegs:
            picture = Image.fromarray(by_turbojpeg(path, FAST_DCT | FAST_UPSAMPLE))
            picture.save(decoded / f"{path.stem}.png")
        other = np.load(normalize(decoded, out / "other.npy", *IMAGENET))
        yield case("other_jpeg_decoder", other)


def causes(*arguments):
    """The causes that `imnorm compare` names, and its exit code."""
    done = run("compare", *arguments, "-q")
    assert done.returncode in (0, 1), done.stderr
    return [d["cause"] for d in json.loads(done.stdout)["diagnoses"]], done.returncode
