"""Processors of vision-language models and detectors: every output tensor, a picture a run.

today_views.py [FOLDER [LABEL...]]. Where transformers gives a mask that imnorm does not write, it has
to be of ones throughout. A picture that the processor refuses has to be refused by imnorm too, and
otherwise none but those that become more pixels than imnorm makes, which are not counted.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch  # with more than one thread: one has other last bits in some resizes of floats
import transformers
from PIL import Image
from safetensors.torch import load_file

from imnorm_test import encode, pixels, png, run
from parity_compare import worst
from today import processor_and_config, write_pictures
from torchvision_reference import load_rgb

BOTH, TORCH = ("", "Pil"), ("",)
SMALL_TILES = {"size": {"longest_edge": 400}, "max_image_size": {"longest_edge": 100}}
V16 = {"size": {"shortest_edge": 336}, "crop_size": {"height": 336, "width": 336}}
SCAN = {
    "do_pan_and_scan": True, "pan_and_scan_min_crop_size": 64, "pan_and_scan_max_num_crops": 4,
    "pan_and_scan_min_ratio_to_activate": 1.2,
}  # fmt: skip
SCAN_896 = {
    **SCAN, "size": {"height": 896, "width": 896}, "pan_and_scan_min_crop_size": 256,
}  # fmt: skip
PAD = {"pad_size": {"height": 1400, "width": 1350}}
PAGES = {"size": {"height": 1280, "width": 960}}
# Label: class, settings, backends. Small sizes reach the rarer branches.
JOBS = {
    "Janus": ("Janus", {}, BOTH),
    "Janus, 100": ("Janus", {"size": {"height": 101, "width": 101}, "min_size": 30}, BOTH),
    "DeepseekVL": ("DeepseekVL", {"image_mean": [0.5] * 3, "image_std": [0.5] * 3}, BOTH),
    "Aria": ("Aria", {}, BOTH),
    "Aria, split": ("Aria", {"split_image": True, "max_image_size": 490}, BOTH),
    "Aria, 490": ("Aria", {"max_image_size": 490, "min_image_size": 100}, BOTH),
    "Kimi K2.5": ("Kimi_K25", {}, TORCH),
    "Kimi K2.5, small": ("Kimi_K25", {"max_patches": 400, "size": {"max_height": 24, "max_width": 24}}, TORCH),
    "Idefics2": ("Idefics2", {}, BOTH),
    "Idefics2, small": ("Idefics2", {"size": {"shortest_edge": 90, "longest_edge": 131}}, BOTH),
    "Phi4": ("Phi4Multimodal", {}, TORCH),
    "Phi4, 6": ("Phi4Multimodal", {"dynamic_hd": 6}, TORCH),
    "Phi4, small": ("Phi4Multimodal", {
        "size": {"height": 112, "width": 112}, "dynamic_hd": 12,
    }, TORCH),
    "LFM2-VL": ("Lfm2Vl", {}, TORCH),
    "LFM2-VL, whole": ("Lfm2Vl", {"do_image_splitting": False}, TORCH),
    "LFM2-VL, small": ("Lfm2Vl", {
        "tile_size": 128, "min_image_tokens": 4, "max_image_tokens": 64, "max_tiles": 6,
    }, TORCH),
    "Idefics3": ("Idefics3", {}, BOTH),
    "Idefics3, whole": ("Idefics3", {"do_image_splitting": False}, BOTH),
    "Idefics3, over the cap": ("Idefics3", {"size": {"longest_edge": 5000}}, TORCH),
    "SmolVLM": ("SmolVLM", {"size": {"longest_edge": 2048}, "max_image_size": {"longest_edge": 512}}, BOTH),
    "SmolVLM, small": ("SmolVLM", SMALL_TILES, BOTH),
    "Detr": ("Detr", {}, BOTH),
    "Detr, padded": ("Detr", PAD, BOTH),
    "Detr, whole number": ("Detr", {"size": 400, "max_size": 600}, TORCH),
    "Detr, no pad": ("Detr", {"do_pad": False}, BOTH),
    "ConditionalDetr": ("ConditionalDetr", PAD, BOTH),
    "DeformableDetr": ("DeformableDetr", PAD, BOTH),
    "GroundingDino": ("GroundingDino", PAD, BOTH),
    "Yolos": ("Yolos", PAD, BOTH),
    "Mask2Former": ("Mask2Former", {}, BOTH),
    "Mask2Former, padded": ("Mask2Former", PAD, BOTH),
    "MaskFormer": ("MaskFormer", PAD, BOTH),
    "OneFormer": ("OneFormer", {}, BOTH),
    "RTDetr": ("RTDetr", {}, BOTH),
    "Vilt": ("Vilt", {}, BOTH),
    "BridgeTower": ("BridgeTower", {}, BOTH),
    "Pixtral": ("Pixtral", {}, BOTH),
    "Sam": ("Sam", {}, BOTH),
    "Sam, 500": ("Sam", {"size": {"longest_edge": 500}, "pad_size": {"height": 512, "width": 640}}, BOTH),
    "Sam2": ("Sam2", {}, TORCH),
    "Sam2, padded": ("Sam2", {"do_pad": True, "pad_size": {"height": 1100, "width": 1050}}, TORCH),
    "Sam3": ("Sam3", {}, TORCH),
    "EfficientNet": ("EfficientNet", {}, BOTH),
    "EfficientNet, offset": ("EfficientNet", {"rescale_offset": True, "do_center_crop": True}, BOTH),
    "Align": ("EfficientNet", {
        "rescale_offset": True, "include_top": False, "do_normalize": False,
    }, BOTH),
    "EfficientNet B7": ("EfficientNet", {
        "size": {"height": 600, "width": 600}, "resample": 0, "include_top": False,
        "image_std": [0.47853944, 0.4732864, 0.47434163],
    }, BOTH),
    "Siglip2": ("Siglip2", {}, BOTH),
    "Siglip2, 14": ("Siglip2", {"patch_size": 14, "max_num_patches": 729}, BOTH),
    "Gemma4": ("Gemma4", {}, BOTH),
    "Gemma4, 70": ("Gemma4", {"max_soft_tokens": 70}, BOTH),
    "LLaVA 1.6": ("LlavaNext", V16, BOTH),
    "LlavaOnevision": ("LlavaOnevision", {}, BOTH),
    "Mllama": ("Mllama", {}, BOTH),
    "Mllama, 560": ("Mllama", {"size": {"height": 560, "width": 560}}, BOTH),
    "Llama4": ("Llama4", {}, TORCH),
    "Llama4, largest": ("Llama4", {"resize_to_max_canvas": True}, TORCH),
    "Llama4, 2": ("Llama4", {"max_patches": 2}, TORCH),
    "Gemma3": ("Gemma3", SCAN, BOTH),
    "Gemma3, 896": ("Gemma3", SCAN_896, BOTH),
    "DINOv3": ("DINOv3ViT", {}, TORCH),
    "DINOv3, bicubic": ("DINOv3ViT", {
        "size": {"height": 256, "width": 196}, "resample": 3, "do_center_crop": True,
        "crop_size": {"height": 224, "width": 224},
    }, TORCH),
    "Donut": ("Donut", {}, BOTH),
    "Donut, turned": ("Donut", {**PAGES, "do_align_long_axis": True}, BOTH),
    "Donut, cut": ("Donut", {"size": {"height": 600, "width": 480}, "do_thumbnail": False}, TORCH),
    "Nougat": ("Nougat", {}, BOTH),
    "Nougat, no margin": ("Nougat", {"do_crop_margin": False}, BOTH),
    "Nougat, small": ("Nougat", {
        "size": {"height": 90, "width": 60}, "do_align_long_axis": True,
    }, ("Pil",)),
    "Swin2SR": ("Swin2SR", {}, BOTH),
    "Swin2SR, 15": ("Swin2SR", {"size_divisor": 15}, BOTH),
    "ZoeDepth": ("ZoeDepth", {}, TORCH),
    "ZoeDepth, 32": ("ZoeDepth", {"ensure_multiple_of": 32}, TORCH),
    "ZoeDepth, warped": ("ZoeDepth", {
        "keep_aspect_ratio": False, "do_pad": False, "size": {"height": 100, "width": 131},
    }, TORCH),
    "DepthPro": ("DepthPro", {}, TORCH),
    "DepthPro, small": ("DepthPro", {"size": {"height": 150, "width": 97}}, TORCH),
    "DepthPro, tiny": ("DepthPro", {"size": {"height": 61, "width": 67}}, TORCH),
    "Owlv2": ("Owlv2", {}, TORCH),
    "Owlv2, 300": ("Owlv2", {"size": {"height": 300, "width": 300}}, TORCH),
    "Owlv2, 61": ("Owlv2", {"size": {"height": 61, "width": 61}}, TORCH),
}  # fmt: skip
TOO_LARGE = "more than 178956970 pixels"
# Thin and tiny ones, and ratios at which two grids are equally near.
EDGES = ((20, 300), (900, 10), (40, 1500), (27, 27), (200, 9), (150, 150), (300, 400), (120, 80))


def elements(tensor):
    """As numpy has them; of bfloat16, which it lacks, the bits."""
    tensor = torch.as_tensor(tensor)
    bits = tensor.view(torch.int16) if tensor.dtype == torch.bfloat16 else tensor
    return np.ascontiguousarray(bits.numpy())


def tensors_of(path):
    """By transformers' names: where there is nothing beside it, the tensor is called otherwise."""
    if path.endswith(".npz"):
        with np.load(path) as archive:
            tensors = {name: archive[name] for name in archive.files}
    else:
        tensors = {name: elements(tensor) for name, tensor in load_file(path).items()}
    return {{"data": "pixel_values", "images": "pixel_values"}.get(n, n): a for n, a in tensors.items()}


def differences(ours, theirs):
    """Sentences; dimensions of 1 that one picture has are no difference."""
    for name, array in theirs.items():
        if name == "task_inputs":
            continue  # text
        if name not in ours:
            if not name.endswith("mask") or not elements(array).all():
                yield f"{name} is missing"
            continue
        array = elements(array[0] if isinstance(array, list) and len(array) == 1 else array)
        if array.size == ours[name].size and name.endswith("pixel_values"):
            array = array.reshape(ours[name].shape)
        difference = worst(ours[name].squeeze(), array.squeeze())
        if difference:
            yield f"{name}: {difference[1]}"


def picture_for(processor, path):
    """As Pillow opens it where the processor makes it RGB, else RGB."""
    if not getattr(processor, "do_convert_rgb", None):
        return load_rgb(path)
    with Image.open(path) as picture:
        picture.load()
        return picture


def compare(processor, config, path, out):
    """Sentences on one picture, none where all is equal; None: it becomes too large."""
    text = {"task_inputs": ["semantic"]} if "OneFormer" in type(processor).__name__ else {}
    try:
        theirs = processor(images=picture_for(processor, path), return_tensors="pt", **text)
    except (ValueError, RuntimeError, IndexError) as error:
        theirs = str(error)
    if Path(out).exists():
        os.remove(out)
    made = run("normalize", path, "--preset", config, "-o", out, "-q", "--force")
    if TOO_LARGE in made.stderr:
        return None
    if isinstance(theirs, str) or made.returncode:
        if isinstance(theirs, str) and made.returncode:
            return []
        return [f"imnorm {made.returncode} {made.stderr}, transformers {str(theirs)[:200]}"]
    return list(differences(tensors_of(out), theirs))


def write_all(folder):
    os.mkdir(folder)
    write_pictures(folder)
    for i, (width, height) in enumerate(EDGES):
        Path(folder, f"edge-{i}.png").write_bytes(png(width, height, i))
    rgba = Image.fromarray(pixels(211, 133, 5, 4), "RGBA")
    Path(folder, "alpha.png").write_bytes(encode(rgba, "PNG"))


def main():
    good, sentences = True, []
    print(f"transformers {transformers.__version__}, every output tensor, a picture a run\n")
    print("| job | pictures | equal, bit for bit |\n|---|---:|---:|")
    with tempfile.TemporaryDirectory() as temporary:
        folder = sys.argv[1] if len(sys.argv) > 1 else f"{temporary}/pictures"
        if len(sys.argv) < 2:
            write_all(folder)
        wanted = sys.argv[2:] or JOBS
        paths = sorted(path for path in Path(folder).rglob("*") if path.is_file())[:60]
        for label, end in [(label, end) for label in wanted for end in JOBS[label][2]]:
            stem, settings, _ = JOBS[label]
            name = f"{stem}ImageProcessor{end}"
            processor, config = processor_and_config(name, temporary, settings, label)
            written = json.loads(config.read_text(encoding="utf-8"))
            config.write_text(json.dumps({**settings, **written}), encoding="utf-8")
            compared, equal = 0, 0
            for i, path in enumerate(paths):
                kind = "safetensors" if i % 2 or "Llama4" in name else "npz"
                found = compare(processor, config, str(path), f"{temporary}/out.{kind}")
                if found is None:
                    continue
                compared += 1
                equal += not found
                sentences += [f"{name} ({label}): {path}: {sentence}" for sentence in found[:1]]
            print(f"| {name} ({label}) | {compared} | {equal} |", flush=True)
            good = good and 0 < equal == compared
    for sentence in sentences:
        print(f"  differs: {sentence}")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
