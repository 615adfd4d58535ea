"""What torchvision's PIL path makes of a picture, for comparing bit for bit.

Everything here is the library's own doing but one rule: 16-bit grey keeps its high byte, where
Pillow's convert would clip every value above 255 to white.
"""

import warnings

import numpy as np
from PIL import Image

warnings.filterwarnings("ignore", message="Failed to load image Python extension")
from torchvision import models, transforms  # noqa: E402  (warns of its own packaging while it loads)
from torchvision.transforms import InterpolationMode  # noqa: E402

_IMAGENET = transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
_HALF = transforms.Normalize([0.5] * 3, [0.5] * 3)
_CLIP = transforms.Normalize(
    [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]
)
_BICUBIC = InterpolationMode.BICUBIC
_TENSOR = transforms.ToTensor()

# Preset -> its transform after the picture became RGB.
TRANSFORMS = {
    "imagenet": transforms.Compose(
        [transforms.Resize(256), transforms.CenterCrop(224), _TENSOR, _IMAGENET]
    ),
    "half": transforms.Compose([transforms.Resize((224, 224)), _TENSOR, _HALF]),
    "clip": transforms.Compose(
        [transforms.Resize(224, _BICUBIC), transforms.CenterCrop(224), _TENSOR, _CLIP]
    ),
    "none": _TENSOR,
    # The library's own transforms of its weights: each of another size, filter or rule.
    **{
        preset: getattr(getattr(models, family), weights).transforms()
        for preset, family, weights in (
            ("resnet50-v2", "ResNet50_Weights", "IMAGENET1K_V2"),  # 232/224 bilinear
            ("convnext-small", "ConvNeXt_Small_Weights", "IMAGENET1K_V1"),  # 230/224 bilinear
            ("efficientnet-b0", "EfficientNet_B0_Weights", "IMAGENET1K_V1"),  # 256/224 bicubic
            ("efficientnet-b1", "EfficientNet_B1_Weights", "IMAGENET1K_V1"),  # 256/240 bicubic
            ("efficientnet-b3", "EfficientNet_B3_Weights", "IMAGENET1K_V1"),  # 320/300 bicubic
            ("efficientnet-v2-l", "EfficientNet_V2_L_Weights", "IMAGENET1K_V1"),  # 480, half
            ("inception-v3", "Inception_V3_Weights", "IMAGENET1K_V1"),  # 342/299 bilinear
            ("swin-v2-t", "Swin_V2_T_Weights", "IMAGENET1K_V1"),  # 260/256 bicubic
            ("vit-b-16-swag", "ViT_B_16_Weights", "IMAGENET1K_SWAG_E2E_V1"),  # 384/384 bicubic
        )
    },
}


def load_rgb(path):
    """A picture file as Pillow's RGB."""
    with Image.open(path) as picture:
        picture.load()
        if picture.mode.startswith("I"):
            return Image.fromarray((np.asarray(picture) >> 8).astype(np.uint8)).convert("RGB")
        return picture.convert("RGB")


def row(path, transform):
    """The float32 tensor [3][height][width] of a picture."""
    return transform(load_rgb(path)).numpy()


def first_difference(ours, theirs):
    """None where two arrays hold the same bits, else a sentence on the worst place."""
    if ours.shape != theirs.shape:
        return f"shape {ours.shape}, reference {theirs.shape}"
    if np.array_equal(ours.view(np.uint32), theirs.view(np.uint32)):
        return None
    gap = np.abs(ours.astype(np.float64) - theirs.astype(np.float64))
    place = np.unravel_index(np.argmax(gap), gap.shape)
    count = np.count_nonzero(ours.view(np.uint32) != theirs.view(np.uint32))
    at = ", ".join(str(int(i)) for i in place)
    return f"{count} values differ, worst at [{at}]: {ours[place]!r}, reference {theirs[place]!r}"
