"""The two jobs as Python users write them: python_peer.py PEER JOB THREADS REPEAT FOLDER.

Prints the seconds of the work alone; imports and worker start-up of the interpreter are left out,
which favours the peer.
"""

import multiprocessing
import pathlib
import sys
import time

import numpy as np
from PIL import Image

MEAN = [0.485, 0.456, 0.406]
STD = [0.229, 0.224, 0.225]


def paths_of(folder, repeat):
    files = sorted(str(p) for p in pathlib.Path(folder).rglob("*") if p.is_file())
    return files * repeat


def pillow_sums(path):
    pixels = np.asarray(Image.open(path).convert("RGB"), dtype=np.uint64).reshape(-1, 3)
    return len(pixels), pixels.sum(0), (pixels * pixels).sum(0)


def torchvision_job(job, threads, paths):
    import torch
    import torchvision.transforms as T

    steps = [T.Resize(256), T.CenterCrop(224)] if job == "normalize" else []
    tail = [T.Normalize(MEAN, STD)] if job == "normalize" else []
    transform = T.Compose([*steps, T.ToTensor(), *tail])

    class Pictures(torch.utils.data.Dataset):
        def __len__(self):
            return len(paths)

        def __getitem__(self, i):
            return transform(Image.open(paths[i]).convert("RGB"))

    begin = time.perf_counter()
    batch = 50 if job == "normalize" else None
    loader = torch.utils.data.DataLoader(Pictures(), batch_size=batch, num_workers=threads)
    if job == "normalize":
        torch.cat(list(loader)).numpy().tofile("/dev/null")
    else:
        n, s1, s2 = 0, torch.zeros(3, dtype=torch.float64), torch.zeros(3, dtype=torch.float64)
        for x in loader:
            x = x.double()
            n += x[0].numel()
            s1 += x.sum((1, 2))
            s2 += (x * x).sum((1, 2))
    return time.perf_counter() - begin


def pillow_job(job, threads, paths):
    assert job == "stats"
    with multiprocessing.Pool(threads) as pool:
        pool.map(abs, range(threads))
        begin = time.perf_counter()
        for _ in pool.imap_unordered(pillow_sums, paths, chunksize=8):
            pass
        return time.perf_counter() - begin


def cv2_read(path):
    import cv2

    return cv2.imread(str(path), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)


def cv2_pixels(path):
    """The picture resized and cropped, [224, 224, 3] of uint8."""
    import cv2

    picture = cv2_read(path)
    scale = 256 / min(picture.shape[:2])
    small = cv2.resize(picture, None, fx=scale, fy=scale)
    y, x = (small.shape[0] - 224) // 2, (small.shape[1] - 224) // 2
    return small[y : y + 224, x : x + 224, ::-1]


def cv2_job(job, threads, paths):
    import cv2

    cv2.setNumThreads(threads)
    begin = time.perf_counter()
    for path in paths:
        if job == "stats":
            cv2.meanStdDev(cv2_read(path))
            continue
        rgb = cv2_pixels(path).astype(np.float32) / 255
        np.ascontiguousarray(((rgb - MEAN) / STD).astype(np.float32).transpose(2, 0, 1))
    return time.perf_counter() - begin


def main():
    peer, job, threads, repeat, folder = sys.argv[1:]
    run = {"torchvision": torchvision_job, "pillow": pillow_job, "cv2": cv2_job}[peer]
    print(f"{run(job, int(threads), paths_of(folder, int(repeat))):.6f}")


if __name__ == "__main__":
    main()
