#!/usr/bin/python3
"""Writes the seed files of the JPEG fuzz target into tests/fuzz/jpeg_corpus."""
import io
import pathlib

from PIL import Image

FOLDER = pathlib.Path(__file__).parent / "jpeg_corpus"


def picture(width, height, mode, step):
    image = Image.new("RGB", (width, height))
    image.putdata([((x * 7 + y * step) % 256, (x * step) % 256, (y * 11 + x * y) % 256)
                   for y in range(height) for x in range(width)])
    return image.convert(mode)


def save(name, image, **options):
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", **options)
    (FOLDER / f"{name}.jpg").write_bytes(buffer.getvalue())


def main():
    FOLDER.mkdir(exist_ok=True)
    for subsampling, tag in ((0, "444"), (1, "422"), (2, "420")):
        save(f"{tag}_default", picture(19, 17, "RGB", 5), quality=75, subsampling=subsampling)
        save(f"{tag}_optimised", picture(33, 9, "RGB", 13), quality=40, subsampling=subsampling,
             optimize=True)
        save(f"{tag}_restarts", picture(40, 24, "RGB", 3), quality=85, subsampling=subsampling,
             optimize=True, restart_marker_blocks=1)
        save(f"{tag}_fine", picture(9, 16, "RGB", 29), quality=100, subsampling=subsampling,
             optimize=True)
    save("grey", picture(21, 13, "L", 9), quality=80, optimize=True)
    save("grey_flat", Image.new("L", (16, 16), 99), quality=80, optimize=True)
    save("progressive", picture(16, 16, "RGB", 9), quality=80, progressive=True)
    save("cmyk", picture(16, 16, "CMYK", 9), quality=80, optimize=True)
    whole = (FOLDER / "444_optimised.jpg").read_bytes()
    (FOLDER / "cut.jpg").write_bytes(whole[:-9])


if __name__ == "__main__":
    main()
