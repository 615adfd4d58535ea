"""Pictures of the formats that every build reads, as Pillow's and OpenCV's encoders write them: at least twenty each."""

import cv2
import numpy as np
from format_files import Files, gray, rgb
from PIL import Image

SIZES = ((97, 61), (64, 64), (1, 1), (33, 128))


class Classics(Files):
    """Adds what OpenCV writes."""

    def opencv(self, array, name, *parameters):
        path = self.folder / f"{len(self.made):02}_{name}"
        assert cv2.imwrite(str(path), array, list(parameters)), name
        self.made.append(("OpenCV", path))


def arrays(width, height):
    """Blue, green, red for OpenCV: grey, colours, with alpha; 8 and 16 bits."""
    colors = np.array(rgb(width, height, 4, 4))[..., [2, 1, 0, 3]]
    for array in (np.array(gray(width, height)), colors[..., :3].copy(), colors):
        yield array
        yield array.astype(np.uint16) * 257 + np.uint16(3) * (array < 250)


def jpeg(folder):
    files = Classics(folder)
    for width, height in SIZES:
        for quality, sampling in ((50, 2), (90, 1), (100, 0)):
            files.pillow(rgb(width, height), "p.jpg", quality=quality, subsampling=sampling)
        files.pillow(rgb(width, height), "progressive.jpg", progressive=True)
        files.pillow(gray(width, height), "gray.jpg", optimize=True)
        files.pillow(rgb(width, height).convert("CMYK"), "cmyk.jpg")
        for array in list(arrays(width, height))[:4:2]:
            files.opencv(array, "o.jpg", cv2.IMWRITE_JPEG_QUALITY, 80)
            files.opencv(array, "progressive.jpg", cv2.IMWRITE_JPEG_PROGRESSIVE, 1)
            files.opencv(array, "restarts.jpg", cv2.IMWRITE_JPEG_RST_INTERVAL, 3)
        for factor in (0x411111, 0x221111, 0x211111, 0x121111):
            files.opencv(array, "sampled.jpg", cv2.IMWRITE_JPEG_SAMPLING_FACTOR, factor)
    return files.made


def png(folder):
    files = Classics(folder)
    for width, height in SIZES:
        for mode in ("1", "L", "LA", "P", "RGB", "RGBA"):
            files.pillow(rgb(width, height, 3, 4).convert(mode), f"{mode}.png")
        files.pillow(rgb(width, height).quantize(11), "few.png", bits=4)
        files.pillow(rgb(width, height), "key.png", transparency=(255, 255, 255))
        files.pillow(Image.fromarray(np.array(gray(width, height)).astype(np.uint16) * 199), "16.png")
        for array in arrays(width, height):
            files.opencv(array, "o.png", cv2.IMWRITE_PNG_COMPRESSION, 9)
            files.opencv(array, "rle.png", cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE)
    return files.made


def webp(folder):
    files = Classics(folder)
    for width, height in SIZES:
        for picture in (rgb(width, height), rgb(width, height, 3, 4)):
            files.pillow(picture, "lossy.webp", quality=60)
            files.pillow(picture, "exact.webp", lossless=True, exact=True)
        for array in list(arrays(width, height))[2::2]:
            files.opencv(array, "lossy.webp", cv2.IMWRITE_WEBP_QUALITY, 70)
            files.opencv(array, "lossless.webp", cv2.IMWRITE_WEBP_QUALITY, 101)
    return files.made


def bmp(folder):
    files = Classics(folder)
    for width, height in SIZES:
        for mode in ("1", "L", "P", "RGB"):
            files.pillow(rgb(width, height).convert(mode), f"{mode}.bmp")
        for array in list(arrays(width, height))[:4:2]:
            files.opencv(array, "o.bmp")
    return files.made


def tiff(folder):
    files = Classics(folder)
    for width, height in SIZES:
        for mode in ("1", "L", "P", "RGB", "CMYK"):
            for compression in ("raw", "packbits", "tiff_lzw", "tiff_adobe_deflate"):
                files.pillow(rgb(width, height).convert(mode), f"{mode}.tif", compression=compression)
        files.pillow(rgb(width, height), "jpeg.tif", compression="jpeg")
        files.pillow(rgb(width, height).convert("1"), "fax.tif", compression="group4")
        for array in list(arrays(width, height))[:4]:
            for compression in (1, 5, 8):
                files.opencv(array, "o.tif", cv2.IMWRITE_TIFF_COMPRESSION, compression)
    return files.made


def gif(folder):
    files = Classics(folder)
    for width, height in SIZES:
        for colors in (2, 16, 200):
            files.pillow(rgb(width, height).quantize(colors), "p.gif")
            files.pillow(rgb(width, height).quantize(colors), "interlaced.gif", interlace=1)
        files.pillow(gray(width, height), "gray.gif")
        files.opencv(list(arrays(width, height))[2], "o.gif")
    return files.made


def pnm(folder):
    files = Classics(folder)
    for width, height in SIZES:
        files.pillow(gray(width, height), "p.pgm")
        files.pillow(rgb(width, height), "p.ppm")
        files.pillow(gray(width, height).convert("1"), "p.pbm")
        for number, array in enumerate(list(arrays(width, height))[:4]):
            for binary in (0, 1):
                files.opencv(array, f"o.{'pgm' if number < 2 else 'ppm'}", cv2.IMWRITE_PXM_BINARY, binary)
    return files.made


CLASSICS = {"jpeg": jpeg, "png": png, "webp": webp, "bmp": bmp, "tiff": tiff, "gif": gif, "pnm": pnm}
