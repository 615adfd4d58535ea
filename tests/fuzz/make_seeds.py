#!/usr/bin/python3
"""Writes what the fuzzers start from into FOLDER/<fuzzer>: make_seeds.py FOLDER, with the program as $IMNORM

Small sound files of every kind that imnorm reads, and every configuration in the repository.
"""
import io
import json
import os
import pathlib
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile

import numpy as np
from PIL import Image

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS / "support"), str(TESTS / "hostile")]
import icc_profiles  # noqa: E402
import test_ico  # noqa: E402
import test_tiff_foreign  # noqa: E402
import test_tiff_sparse  # noqa: E402
from animations import animations, wild_gif  # noqa: E402
from format_files import MAKERS  # noqa: E402
from imnorm_test import SAMPLES, SOURCE, pictures_of_all_kinds  # noqa: E402

FRAME = b"\x32"
OPTIONS = bytes([0, 0x3f, 0x80, 0xd5])  # the last byte of decode_fuzz's input; see there


def decode_seeds():
    files = pictures_of_all_kinds(19, 13)
    files |= {path.name: path.read_bytes() for path in SAMPLES.rglob("*")
              if path.is_file() and path.stat().st_size < 65536}
    files |= jpeg_seeds()
    with tempfile.TemporaryDirectory() as folder:
        for kind, make in MAKERS.items():
            files |= {path.name: path.read_bytes() for _, path in make(f"{folder}/{kind}")
                      if path.stat().st_size < 16384}
    files |= tiff_seeds() | icon_seeds()
    files |= {f"wild_{seed}.gif": wild_gif(seed, may_grow=True) for seed in range(8)}
    for i, (name, data) in enumerate(files.items()):
        yield name, data + OPTIONS[i % 4:i % 4 + 1]
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("gif", "png", "webp", "mpo", "tif"):
            for path in map(pathlib.Path, animations(folder, kind, 4, seed=1)):
                yield f"frame_{path.name}", path.read_bytes() + FRAME
    for seed in range(8):
        yield f"frame_{seed}.gif", wild_gif(seed, may_grow=True) + FRAME
    for name, data in profile_seeds():
        yield name, data + b"\x30"  # converts


def tiff_seeds():
    array = np.arange(40 * 33 * 3, dtype=np.uint8).reshape(33, 40, 3)
    files = {f"inside_{compression}.tif": test_tiff_foreign.made(array, compression, encode)
             for compression, encode in test_tiff_foreign.KINDS.items()}
    for dtype in ("u1", "u2", "i2", "f4"):
        data, _ = test_tiff_sparse.sparse(dtype, nodata=-9)
        files[f"sparse_{dtype}.tif"] = test_tiff_sparse.as_text(data)
    return {name: data for name, data in files.items() if data}


def profile_seeds():
    picture = Image.new("RGB", (9, 7), (200, 30, 90))
    for mode, profile in (("RGB", icc_profiles.display_p3()), ("L", icc_profiles.gray(
            icc_profiles.gamma(2.2))), ("CMYK", icc_profiles.inks(grid=2))):  # fmt: skip
        for kind in ("JPEG", "PNG", "WEBP", "TIFF"):
            if mode == "RGB" or kind in ("JPEG", "TIFF"):
                out = io.BytesIO()
                picture.convert(mode).save(out, kind, icc_profile=profile)
                yield f"profile_{mode}.{kind}", out.getvalue()


def icon_seeds():
    files = {f"{bits}.ico": test_ico.ico((9, 7, bits, 0, test_ico.bitmap(9, 7, bits)))
             for bits in (1, 4, 8, 16, 24, 32)}
    return files | {"png.ico": test_ico.ico((9, 7, 32, 0, test_ico.png(9, 7)))}


def icc_seeds():
    made = {"srgb": icc_profiles.srgb(), "p3": icc_profiles.display_p3(),
            "adobe": icc_profiles.adobe_rgb(), "grey": icc_profiles.gray(icc_profiles.gamma(2.2)),
            "inks": icc_profiles.inks(grid=2)}  # fmt: skip
    for name, profile in made.items():
        yield f"{name}.icc", profile + {"grey": b"\1", "inks": b"\3"}.get(name, b"\4")


def jpeg_seeds():
    return {path.name: path.read_bytes() for path in (TESTS / "fuzz/jpeg_corpus").iterdir()}


def png_seeds():
    for name, data in pictures_of_all_kinds(19, 13).items():
        if data.startswith(b"\x89PNG"):
            yield name, data + b"\x00"


def config_seeds():
    for path in [*(SOURCE / "configs").iterdir(), *(TESTS / "parity/configs").iterdir()]:
        if path.is_file():
            yield f"{path.parent.parent.name}_{path.name}", path.read_bytes()


def saved(save, *arrays, **named):
    out = io.BytesIO()
    save(out, *arrays, **named)
    return out.getvalue()


def safetensors(array, dtype):
    header = json.dumps({"pixels": {"dtype": dtype, "shape": array.shape,
                                    "data_offsets": [0, array.nbytes]}}).encode()
    return struct.pack("<Q", len(header)) + header + array.tobytes()


def tensor_seeds():
    for kind in ("u1", "i1", "<u2", ">i2", "<f2", "<f4", ">f8", "<i8", "?"):
        array = np.arange(24).reshape(2, 3, 4).astype(kind)
        name = "".join(c for c in kind if c.isalnum()) or "bool"
        yield f"{name}.npy", saved(np.save, array)
        yield f"{name}_columns.npy", saved(np.save, np.asfortranarray(array))
        yield f"{name}.npz", saved(np.savez, array)
    yield "scalar.npy", saved(np.save, np.float32(3))
    yield "deflated.npz", saved(np.savez_compressed, weight=np.ones(3, "f4"), bias=np.ones(3, "f4"))
    yield "f32.safetensors", safetensors(np.arange(6, dtype="<f4").reshape(1, 2, 3), "F32")
    yield "bf16.safetensors", safetensors(np.arange(6, dtype="<u2").reshape(1, 2, 3), "BF16")


def archive_seeds():
    data = {"./cat/a.png": b"\x89PNG\r\n\x1a\n" + bytes(600), "notes.txt": b"no picture" * 80}
    for name, mode in (("x.tar", "w"), ("x.tar.gz", "w:gz")):
        for format in (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
            out = io.BytesIO()
            with tarfile.open(fileobj=out, mode=mode, format=format) as archive:
                for member, content in data.items():
                    info = tarfile.TarInfo(member)
                    info.size = len(content)
                    archive.addfile(info, io.BytesIO(content))
                link = tarfile.TarInfo("../" + "long/" * 40 + "b.png")
                link.type, link.linkname = tarfile.LNKTYPE, "cat/a.png"
                archive.addfile(link)
            yield f"{format}_{name}", out.getvalue()
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as archive:
            for member, content in data.items():
                archive.writestr(member, content)
        yield f"{method}.zip", out.getvalue()


def text_seeds():
    digest = "0" * 64
    yield "sums.text", b"\x02" + f"# a comment\n{digest}  a.jpg\n{digest} *b\r\n".encode()
    yield "escaped.text", b"\x02" + f"\\{digest}  a\\nb\\\\c.jpg\nSHA256 (d) = {digest}\n".encode()
    yield "good.text", b'\x03[0,"a.jpg",3,2,[],[],0,0,0,12,0,"00"]'
    yield "bad.text", b'\x03{"item":0,"read":3,"code":5,"reason":"damage"}'
    ask = [os.environ["IMNORM"]]
    small = [next(iter(sorted(SAMPLES.rglob("*.png"))))]
    for name, options in (("plain", []), ("cross", ["--covariance"]), ("sized", ["--resize", "8x8"])):
        told = subprocess.run([*ask, "stats", *small, *options], capture_output=True).stdout
        if told:
            yield f"{name}.text", b"\x00" + told
    plan = subprocess.run([*ask, "normalize", "--preset", "clip", "--print-plan"], capture_output=True)
    yield "plan.text", b"\x01" + plan.stdout


def isolated_seeds():
    """An ImageInfo, an error, a report, as a decoding process packs them."""
    yield "info.packed", struct.pack("<iiiiiiBBdB", 640, 480, 3, 4, 640, 480, 0, 1, -1.0, 0)
    yield "error.packed", struct.pack("<iI3sI", 5, 3, b"odd", 0)
    yield "report.packed", (
        struct.pack("<I4s", 4, b"jpeg")
        + struct.pack("<iiiiBBBBiBQQB", 3, 2, 1, 8, 0, 0, 0, 0, 1, 0, 0, 1, 0)
        + bytes(9) + struct.pack("<IiI3sI", 1, 5, 3, b"odd", 0))


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: make_seeds.py FOLDER")
    seeds = {"decode_fuzz": decode_seeds(), "jpeg_differential": jpeg_seeds().items(),
             "config_fuzz": config_seeds(), "tensor_fuzz": tensor_seeds(),
             "archive_fuzz": archive_seeds(), "text_fuzz": text_seeds(),
             "isolated_fuzz": isolated_seeds(), "icc_fuzz": icc_seeds(), "png_differential": png_seeds()}
    for fuzzer, files in seeds.items():
        folder = pathlib.Path(sys.argv[1]) / fuzzer
        os.makedirs(folder, exist_ok=True)
        for name, data in files:
            (folder / name).write_bytes(data)


if __name__ == "__main__":
    main()
