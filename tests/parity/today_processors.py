"""processor_config.json as transformers' Processors save it, every output tensor of its pictures.

today_processors.py [FOLDER]. The tokenizers beside the image processors are of one word: nothing of
them touches a pixel.
"""

import sys
import tempfile
from pathlib import Path

import transformers
from tokenizers import Tokenizer, models

from today_views import compare, write_all

WORDS = ("<unk>", "<pad>", "<s>", "</s>", "<image>", "<video>", "<fake_token_around_image>",
         "<end_of_utterance>", "<row_1_col_1>", "<global-img>", "[IMG]", "[IMG_BREAK]", "[IMG_END]",
         "<|image_pad|>", "<|video_pad|>", "<|vision_start|>", "<|vision_end|>")  # fmt: skip
# The Processor, its image processor, and what it wants to know beside.
PROCESSORS = (
    ("CLIP", "CLIP", {}),
    ("Siglip", "Siglip", {}),
    ("Blip", "Blip", {}),
    ("Llava", "CLIP", {"patch_size": 14}),
    ("TrOCR", "ViT", {}),
    ("CLIPSeg", "ViT", {}),
    ("LlavaOnevision", "LlavaOnevision", {"video": True}),
    ("Pixtral", "Pixtral", {}),
    ("Idefics3", "Idefics3", {}),
    ("Blip2", "Blip", {"num_query_tokens": 32}),
    ("PaliGemma", "Siglip", {"image_seq_length": 256}),
    ("LlavaNext", "LlavaNext", {
        "size": {"shortest_edge": 336}, "crop_size": {"height": 336, "width": 336},
    }),
    ("Qwen2VL", "Qwen2VL", {"video": True}),
    ("Vilt", "Vilt", {}),
    ("Sam", "Sam", {}),
    ("OwlViT", "OwlViT", {}),
    ("GroundingDino", "GroundingDino", {}),
    ("Align", "EfficientNet", {}),
)  # fmt: skip
OF_IMAGES = ("size", "crop_size", "image_seq_length")


def tokenizer():
    made = Tokenizer(models.WordLevel({word: i for i, word in enumerate(WORDS)}, "<unk>"))
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=made, unk_token="<unk>", pad_token="<pad>", bos_token="<s>", eos_token="</s>"
    )
    fast.image_token, fast.video_token = "<image>", "<video>"
    fast.image_token_id, fast.video_token_id = WORDS.index("<image>"), WORDS.index("<video>")
    return fast


def saved(name, stem, settings, folder):
    """A Processor's image processor, and the file that the Processor writes."""
    of_images = {key: settings[key] for key in settings if key in OF_IMAGES}
    images = getattr(transformers, f"{stem}ImageProcessor")(**of_images)
    if "image_seq_length" in of_images:
        images.image_seq_length = of_images["image_seq_length"]
    parts = {"image_processor": images}
    if name != "Sam":
        parts["tokenizer"] = tokenizer()
    if settings.get("video"):
        parts["video_processor"] = getattr(transformers, f"{name}VideoProcessor")()
    more = {key: settings[key] for key in settings if key not in (*OF_IMAGES, "video")}
    processor = getattr(transformers, f"{name}Processor")(**parts, **more)
    processor.save_pretrained(folder)
    return processor.image_processor, Path(folder, "processor_config.json")


def main():
    good, sentences = True, []
    print(f"transformers {transformers.__version__}, processor_config.json\n")
    print("| Processor | pictures | equal, bit for bit |\n|---|---:|---:|")
    with tempfile.TemporaryDirectory() as temporary:
        folder = sys.argv[1] if len(sys.argv) > 1 else f"{temporary}/pictures"
        if len(sys.argv) < 2:
            write_all(folder)
        paths = sorted(path for path in Path(folder).rglob("*") if path.is_file())[:20]
        for name, stem, settings in PROCESSORS:
            images, config = saved(name, stem, settings, f"{temporary}/{name}")
            compared = equal = 0
            for path in paths:
                found = compare(images, config, str(path), f"{temporary}/out.npz")
                if found is None:
                    continue
                compared += 1
                equal += not found
                sentences += [f"{name}: {path}: {sentence}" for sentence in found[:1]]
            print(f"| {name} | {compared} | {equal} |", flush=True)
            good = good and 0 < equal == compared
    for sentence in sentences:
        print(f"  differs: {sentence}")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
