"""Pictures of the formats that modules read, made by every encoder that is here.

A source is the program or the Python package that made a file; what is not installed makes none.
"""

import shutil
import subprocess
from pathlib import Path

import numpy as np
from PIL import Image, features

from imnorm_test import pixels


def has(program):
    return shutil.which(program) is not None


def call(*command):
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, (command, done.stdout[-500:], done.stderr[-500:])


def rgb(width=97, height=61, seed=1, channels=3):
    array = pixels(width, height, seed, channels)
    # The ends of the range, too.
    array[: height // 8 + 1, : width // 8 + 1] = 255
    array[-(height // 8) - 1 :, -(width // 8) - 1 :] = 0
    return Image.fromarray(array)


def gray(width=97, height=61, seed=2):
    return Image.fromarray(pixels(width, height, seed)[..., 0])


def wide(channels, maxval=65535, width=97, height=61):
    """Samples of 16 bits, or of as many as maxval takes, as a PGM or PPM."""
    rng = np.random.default_rng(5)
    y, x = np.mgrid[0:height, 0:width]
    wave = np.stack([np.sin(x / (7 + c)) * np.cos(y / (9 + c)) for c in range(channels)], -1)
    noise = rng.normal(0, 0.01, wave.shape)
    samples = np.clip((wave + noise + 1) / 2 * 0.99 * maxval, 0, maxval).astype(">u2")
    kind = b"P5" if channels == 1 else b"P6"
    return kind + b"\n%d %d\n%d\n" % (width, height, maxval) + samples.tobytes()


class Files:
    """Writes files into a folder; `made` lists (source, path)."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.made = []

    def pillow(self, picture, name, source="Pillow", **options):
        path = self.folder / f"{len(self.made):02}_{name}"
        picture.save(path, **options)
        self.made.append((source, path))

    def program(self, source, picture, name, *command):
        """`command` has IN and OUT where the files go."""
        at = len(self.made)
        if isinstance(picture, bytes):
            given = self.folder / f"in{at}.{'pgm' if picture[:2] == b'P5' else 'ppm'}"
            given.write_bytes(picture)
        else:
            given = self.folder / f"in{at}.{'jpg' if picture.format == 'JPEG' else 'png'}"
            if picture.format == "JPEG":
                shutil.copy(picture.filename, given)
            else:
                picture.save(given)
        path = self.folder / f"{at:02}_{name}"
        places = {"IN": given, "OUT": path}
        call(*[places.get(word, word) for word in command])
        given.unlink()
        self.made.append((source, path))


def jpeg2000(folder):
    files = Files(folder)
    if features.check("jpg_2000"):
        rgba, la = rgb(channels=4), Image.fromarray(pixels(50, 33, 4, 2), "LA")
        lossy = dict(irreversible=True, quality_mode="rates", quality_layers=[30, 12, 5])
        for name, picture, options in (
            ("rgb.jp2", rgb(), {}), ("lossy.jp2", rgb(), lossy), ("gray.jp2", gray(), {}),
            ("gray_lossy.jp2", gray(), lossy), ("rgba.jp2", rgba, {}), ("la.jp2", la, {}),
            ("tiles.jp2", rgb(), dict(tile_size=(32, 24))),
            ("tiles_lossy.jp2", rgb(), dict(tile_size=(50, 50), **lossy)),
            ("shifted.jp2", rgb(), dict(offset=(5, 3), tile_offset=(2, 1), tile_size=(40, 40))),
            ("bare.j2k", rgb(), {}), ("bare_gray.j2k", gray(), lossy),
            ("one.jp2", rgb(1, 1), dict(num_resolutions=1)), ("tall.jp2", rgb(3, 200), {}),
            ("flat.jp2", rgb(200, 3), {}), ("blocks.jp2", rgb(), dict(codeblock_size=(8, 8))),
            ("precincts.jp2", rgb(), dict(precinct_size=(64, 64))),
            ("order.jp2", rgb(), dict(progression="RPCL", num_resolutions=3)),
            ("photo.jp2", rgb(640, 427, 9), lossy),
        ):  # fmt: skip
            files.pillow(picture, name, **options)
    if has("opj_compress"):
        for name, picture, options in (
            ("opj.jp2", rgb(), []), ("opj_lossy.jp2", rgb(), ["-I", "-r", "40,10"]),
            ("opj.j2k", rgb(), ["-q", "30,40"]), ("opj_tiles.jp2", rgb(), ["-t", "33,20", "-I", "-n", "3"]),
            ("opj_gray.jp2", gray(), []), ("opj_12.jp2", wide(3, 4095), []),
            ("opj_16.jp2", wide(3), []), ("opj_10_gray.jp2", wide(1, 1023), []),
            ("opj_16_gray.jp2", wide(1), ["-I", "-r", "4"]), ("opj_eph.jp2", rgb(), ["-EPH", "-SOP"]),
            ("opj_parts.jp2", rgb(), ["-TP", "R", "-t", "64,64"]),
            ("opj_lazy.jp2", rgb(), ["-M", "63"]),
        ):  # fmt: skip
            files.program("opj_compress", picture, name, "opj_compress", "-i", "IN", "-o", "OUT", *options)
    return files.made


def jpegxl(folder):
    files = Files(folder)
    if not has("cjxl"):
        return files.made
    turned = files.folder / "turned.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    rgb().save(turned, exif=exif, quality=92)
    turned_jpeg = Image.open(turned)
    turned_jpeg.load()
    rgba, la = rgb(channels=4), Image.fromarray(pixels(50, 33, 4, 2), "LA")
    for name, picture, options in (
        ("rgb.jxl", rgb(), []), ("lossless.jxl", rgb(), ["-d", "0"]), ("far.jxl", rgb(), ["-d", "4"]),
        ("gray.jxl", gray(), []), ("gray_lossless.jxl", gray(), ["-d", "0"]),
        ("rgba.jxl", rgba, []), ("rgba_lossless.jxl", rgba, ["-d", "0"]),
        ("la.jxl", la, ["-d", "0"]), ("progressive.jxl", rgb(), ["-p"]),
        ("modular.jxl", rgb(), ["-m", "1", "-d", "1.5"]), ("quick.jxl", rgb(), ["-e", "1"]),
        ("quick_lossless.jxl", rgb(), ["-e", "2", "-d", "0"]), ("slow.jxl", rgb(), ["-e", "8"]),
        ("jpeg.jxl", turned_jpeg, []), ("jpeg_pixels.jxl", turned_jpeg, ["-j", "0"]),
        ("container.jxl", rgb(), ["--container=1"]), ("one.jxl", rgb(1, 1), []),
        ("tall.jxl", rgb(3, 300), ["-d", "0"]), ("groups.jxl", rgb(640, 427, 9), []),
        ("groups_lossless.jxl", rgb(640, 427, 9), ["-d", "0", "-e", "3"]),
        ("small.jxl", rgb(64, 64, 3), []), ("wide.jxl", wide(3), ["-d", "0"]),
        ("wide_lossy.jxl", wide(3), []), ("wide_gray.jxl", wide(1), ["-d", "0"]),
        ("noise.jxl", rgb(320, 200, 4), ["--photon_noise=ISO3200"]),
        ("smaller.jxl", rgb(320, 200, 4), ["-d", "22"]),
    ):  # fmt: skip
        files.program("cjxl", picture, name, "cjxl", "IN", "OUT", *options)
    try:
        import pillow_jxl  # noqa: F401
    except ImportError:
        return files.made
    for name, picture, options in (
        ("newer.jxl", rgb(), {}), ("newer_lossless.jxl", rgb(), dict(lossless=True)),
        ("newer_gray.jxl", gray(), {}), ("newer_rgba.jxl", rgba, dict(quality=80)),
        ("newer_far.jxl", rgb(), dict(quality=30)), ("newer_slow.jxl", rgb(), dict(effort=9)),
        ("newer_photo.jxl", rgb(640, 427, 9), {}),
    ):  # fmt: skip
        files.pillow(picture, name, "pillow-jxl-plugin", **options)
    return files.made


def avif(folder):
    files = Files(folder)
    small, grey, clear = rgb(49, 37), gray(49, 37), rgb(49, 37, 6, 4)
    if "avif" in features.modules:
        for subsampling in ("4:4:4", "4:2:2", "4:2:0", "4:0:0"):
            for kind in ("full", "limited"):
                name = f"{subsampling.replace(':', '')}_{kind}.avif"
                files.pillow(small, name, quality=70, subsampling=subsampling, range=kind)
        files.pillow(clear, "rgba.avif", quality=80)
        files.pillow(small, "premultiplied.avif", alpha_premultiplied=True)
        files.pillow(rgb(1, 1), "one.avif")
        exif = Image.Exif()
        exif[0x0112] = 6
        files.pillow(small, "turned.avif", exif=exif)
        files.pillow(small, "frames.avif", save_all=True, append_images=[rgb(49, 37, 8)])
    if has("avifenc"):
        even, base = rgb(128, 128, 7), ["-s", "8", "-j", "1"]
        for name, picture, options in (
            ("444.avif", small, ["-y", "444"]), ("422.avif", small, ["-y", "422"]),
            ("420.avif", small, ["-y", "420"]), ("400.avif", grey, ["-y", "400"]),
            ("lossless.avif", small, ["-l"]), ("limited.avif", small, ["-r", "limited"]),
            ("10_444.avif", small, ["-d", "10"]), ("10_420.avif", small, ["-d", "10", "-y", "420"]),
            ("12_422.avif", small, ["-d", "12", "-y", "422"]), ("12_400.avif", grey, ["-d", "12", "-y", "400"]),
            ("rgba.avif", clear, []), ("rgba_10.avif", clear, ["-d", "10", "-y", "420"]),
            ("rgba_12.avif", clear, ["-d", "12"]), ("rgba_pre.avif", clear, ["--premultiply"]),
            ("bt709.avif", small, ["--cicp", "1/13/1", "-y", "420"]),
            ("bt2020.avif", small, ["--cicp", "9/16/9", "-y", "420", "-d", "10"]),
            ("identity.avif", small, ["--cicp", "1/13/0", "-y", "444"]),
            ("turned.avif", small, ["--irot", "1", "--imir", "1"]),
            ("cropped.avif", small, ["--clap", "41,1,31,1,0,1,0,1", "-y", "444"]),
        ):  # fmt: skip
            files.program("avifenc aom", picture, name, "avifenc", *base, *options, "IN", "OUT")
        files.program("avifenc svt", even, "svt.avif", "avifenc", *base, "-c", "svt", "-y", "420", "IN", "OUT")
        files.program("avifenc rav1e", even, "rav1e.avif", "avifenc", *base, "-c", "rav1e", "IN", "OUT")
        files.program("avifenc aom", even, "grid.avif", "avifenc", *base, "--grid", "2x2", "IN", "OUT")
    return files.made


def heif(folder):
    files = Files(folder)
    small, grey, clear = rgb(49, 37), gray(49, 37), rgb(49, 37, 6, 4)
    try:
        import pillow_heif
    except ImportError:
        pillow_heif = None
    if pillow_heif is not None:
        pillow_heif.register_heif_opener()
        for chroma in ("420", "422", "444"):
            for quality in (40, 85, -1):
                files.pillow(small, f"{chroma}_{quality}.heic", "pillow-heif", quality=quality, chroma=chroma)
        files.pillow(grey, "grey.heic", "pillow-heif", quality=80)
        files.pillow(clear, "rgba.heic", "pillow-heif", quality=80)
        files.pillow(rgb(65, 33), "odd.heic", "pillow-heif")
        exif = Image.Exif()
        for turn in (3, 6, 7):
            exif[0x0112] = turn
            files.pillow(small, f"turned{turn}.heic", "pillow-heif", exif=exif)
        wide_pixels = np.frombuffer(wide(3, width=49, height=37).split(b"\n", 3)[3], ">u2")
        deep = pillow_heif.from_bytes("RGB;16", (49, 37), wide_pixels.astype("<u2").tobytes())
        path = files.folder / f"{len(files.made):02}_deep.heic"
        deep.save(path, quality=80)
        files.made.append(("pillow-heif", path))
    if has("heif-enc"):
        for name, picture, options in (
            ("low.heic", small, ["-q", "30"]), ("high.heic", small, ["-q", "95"]),
            ("lossless.heic", small, ["-L"]), ("422.heic", small, ["-p", "chroma=422"]),
            ("444.heic", small, ["-p", "chroma=444"]), ("grey.heic", grey, []),
            ("rgba.heic", clear, []), ("tall.heic", rgb(20, 200), []),
            ("10.heic", small, ["-b", "10"]),
            ("turned.heic", small, []), ("photo.heic", rgb(320, 200, 9), ["-q", "40"]),
        ):  # fmt: skip
            files.program("heif-enc", picture, name, "heif-enc", *options, "IN", "-o", "OUT")
    return files.made


def tga(folder):
    files = Files(folder)
    clear, la = rgb(61, 45, 6, 4), Image.fromarray(pixels(50, 33, 4, 2), "LA")
    for mode, picture in (("rgb", rgb()), ("grey", gray()), ("rgba", clear), ("la", la),
                          ("palette", rgb().quantize(60))):  # fmt: skip
        for compression in (None, "tga_rle"):
            for orientation in (-1, 1):
                options = dict(compression=compression, orientation=orientation)
                files.pillow(picture, f"{mode}.tga", **options)
    return files.made


def qoi(folder):
    files = Files(folder)
    if "QOI" in Image.SAVE or (Image.init() and "QOI" in Image.SAVE):
        for seed in range(10):
            files.pillow(rgb(61 + seed, 45, seed), "rgb.qoi")
            files.pillow(rgb(61, 45 + seed, seed, 4), "rgba.qoi")
    return files.made


MAKERS = {"jpeg2000": jpeg2000, "jpegxl": jpegxl, "avif": avif, "heif": heif}  # by modules
OWN = {"tga": tga, "qoi": qoi}  # by decoders of imnorm's own


def read_pam(path):
    """The samples of a binary PGM, PPM or PAM as [height, width, channels]."""
    data = Path(path).read_bytes()
    if data[:2] == b"P7":
        head, body = data.split(b"ENDHDR\n", 1)
        words = dict(line.split(maxsplit=1) for line in head.decode().splitlines()[1:] if line)
        width, height, depth, maxval = (int(words[k]) for k in ("WIDTH", "HEIGHT", "DEPTH", "MAXVAL"))
    else:
        kind, width, height, maxval, body = _pnm(data)
        depth = 3 if kind == b"P6" else 1
    dtype = ">u2" if maxval > 255 else "u1"
    return np.frombuffer(body, dtype).reshape(height, width, depth).astype(np.uint16)


def _pnm(data):
    kind, sides, maxval, body = data.split(b"\n", 3)
    width, height = map(int, sides.split())
    return kind, width, height, int(maxval), body


EXTENSIONS = {1: "pgm", 3: "ppm"}


def djxl(path, folder, channels):
    """What libjxl's own tool makes of a file of so many channels, with alpha: it goes by names."""
    out = Path(folder) / f"djxl.{EXTENSIONS.get(channels, 'pam')}"
    call("djxl", path, out)
    return read_pam(out)
