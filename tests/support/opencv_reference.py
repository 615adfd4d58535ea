"""What OpenCV, Keras and Ultralytics make of a picture file, for comparing bit for bit."""

import cv2
import numpy as np
from PIL import Image, ImageOps

INTERPOLATIONS = {
    "nearest": cv2.INTER_NEAREST,
    "bilinear": cv2.INTER_LINEAR,
    "bicubic": cv2.INTER_CUBIC,
    "lanczos": cv2.INTER_LANCZOS4,
    "area": cv2.INTER_AREA,
}


def imread(path):
    """cv2.imread in colour, but CMYK by Pillow's rule: imnorm decodes alike whatever resizes then,
    and cv2's own conversion of CMYK is off by one in places."""
    with Image.open(path) as picture:
        if picture.mode == "CMYK":
            rgb = ImageOps.exif_transpose(picture).convert("RGB")
            return np.ascontiguousarray(np.asarray(rgb)[:, :, ::-1])
    return cv2.imread(str(path), cv2.IMREAD_COLOR)


# From 4.8 to 4.10 blobFromImage multiplies in float64: every other value differs in its last bit.
_release = tuple(map(int, cv2.__version__.split(".")[:2]))
LIVE = ("--opencv", "4.10" if (4, 8) <= _release <= (4, 10) else "5.0")


def blob(path, size, name, mean, factor, swap):
    """cv2.imread, cv2.resize to (width, height), blobFromImage; mean is in the output's order. It is
    LIVE's."""
    picture = imread(path)
    picture = cv2.resize(picture, size, interpolation=INTERPOLATIONS[name])
    return cv2.dnn.blobFromImage(picture, factor, size, mean, swapRB=swap, crop=False)[0]


def letterbox_rule(width, height, to_width, to_height):
    """Ultralytics' LetterBox(auto=False): gain, the size resized to, pads (left, top, right, bottom)."""
    ratio = min(to_height / height, to_width / width)
    new_width, new_height = round(width * ratio), round(height * ratio)
    side, top = (to_width - new_width) / 2, (to_height - new_height) / 2
    pads = round(side - 0.1), round(top - 0.1), round(side + 0.1), round(top + 0.1)
    return ratio, (new_width, new_height), pads


def letterboxed(picture, to_width, to_height, fill=(114, 114, 114)):
    """The same on an array of pixels: cv2.resize and copyMakeBorder."""
    height, width = picture.shape[:2]
    _, size, (left, top, right, bottom) = letterbox_rule(width, height, to_width, to_height)
    if (width, height) != size:
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR)
    return cv2.copyMakeBorder(
        picture, top, bottom, left, right, cv2.BORDER_CONSTANT, value=fill
    )


def keras(path, mode, size=(224, 224)):
    """Keras's load_img(target_size) and preprocess_input(mode), channels first."""
    picture = Image.open(path).convert("RGB")
    if picture.size != size:
        picture = picture.resize(size, Image.Resampling.NEAREST)
    x = np.asarray(picture).astype(np.float32)
    if mode == "caffe":
        x = x[..., ::-1] - np.array([103.939, 116.779, 123.68], np.float32)
    elif mode == "tf":
        x = x / np.float32(127.5) - np.float32(1)
    else:
        x = x / np.float32(255) - np.array([0.485, 0.456, 0.406], np.float32)
        x = x / np.array([0.229, 0.224, 0.225], np.float32)
    return np.ascontiguousarray(x.transpose(2, 0, 1))
