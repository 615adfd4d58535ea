"""ICC profiles by hand: of primaries and a curve, of grey, of inks by a table; and sound parts to break."""

import struct

import numpy as np

# Primaries as they are after adaptation to D50, a column each.
SRGB = ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410))
P3 = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))
ADOBE = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def fixed(value):
    return struct.pack(">i", round(value * 65536))


def xyz(values):
    return b"XYZ " + bytes(4) + b"".join(map(fixed, values))


def gamma(value):
    return b"curv" + bytes(4) + struct.pack(">IH", 1, round(value * 256)) + bytes(2)


def table(function, count=1024):
    values = [round(65535 * function(i / (count - 1))) for i in range(count)]
    return b"curv" + bytes(4) + struct.pack(f">I{count}H", count, *values) + bytes(count % 2 * 2)


def parametric(*numbers):
    kind = {1: 0, 3: 1, 4: 2, 5: 3, 7: 4}[len(numbers)]
    return b"para" + bytes(4) + struct.pack(">HH", kind, 0) + b"".join(map(fixed, numbers))


def srgb_light(x):
    return x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4


def text(name):
    ascii_ = name.encode() + b"\0"
    data = b"desc" + bytes(4) + struct.pack(">I", len(ascii_)) + ascii_ + bytes(78)
    return data + bytes(-len(data) % 4)


def unicode(name):
    data = name.encode("utf-16-be")
    return b"mluc" + bytes(4) + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(data), 28) + data


def profile(space, tags, kind=b"mntr", pcs=b"XYZ ", version=0x02400000, pad=0):
    """A profile of named tags; `pad` bytes that mean nothing stand in one of its own."""
    tags = dict(tags)
    if pad:
        tags[b"pad "] = b"data" + bytes(4) + np.random.default_rng(1).bytes(pad)
    at = 128 + 4 + 12 * len(tags)
    entries, data = b"", b""
    for name, value in tags.items():
        value += bytes(-len(value) % 4)
        entries += name + struct.pack(">II", at + len(data), len(value))
        data += value
    size = at + len(data)
    header = struct.pack(">I4sI4s4s4s", size, b"lcms", version, kind, space, pcs) + bytes(12)
    header += b"acsp" + bytes(28) + fixed(0.96420) + fixed(1) + fixed(0.82491)
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + entries + data


def colors(primaries, curve, name="made", described=text, **more):
    red, green, blue = primaries
    tags = {b"desc": described(name), b"wtpt": xyz((0.96420, 1, 0.82491)), b"rXYZ": xyz(red),
            b"gXYZ": xyz(green), b"bXYZ": xyz(blue), b"rTRC": curve, b"gTRC": curve, b"bTRC": curve}
    return profile(b"RGB ", tags, **more)


def gray(curve, name="grey", **more):
    tags = {b"desc": text(name), b"wtpt": xyz((0.96420, 1, 0.82491)), b"kTRC": curve}
    return profile(b"GRAY", tags, **more)


def inks(name="inks", grid=7, **more):
    """CMYK by a table of Lab, roughly as paper takes it."""
    steps = np.linspace(0, 1, grid)
    c, m, y, k = np.meshgrid(steps, steps, steps, steps, indexing="ij")
    red, green, blue = (1 - c * 0.95) * (1 - k), (1 - m * 0.9) * (1 - k), (1 - y * 0.92) * (1 - k)
    light = 8 + 84 * (0.3 * red + 0.59 * green + 0.11 * blue)
    a, b = 90 * (red - green), 90 * (0.5 * red + 0.5 * green - blue)
    lab = np.stack([light * 652.8, (a + 128) * 256, (b + 128) * 256], -1)
    cells = np.clip(lab.round(), 0, 65535).astype(">u2").tobytes()
    straight = struct.pack(">HH", 0, 65535)
    data = b"mft2" + bytes(4) + bytes([4, 3, grid, 0])
    data += b"".join(fixed(v) for v in (1, 0, 0, 0, 1, 0, 0, 0, 1)) + struct.pack(">HH", 2, 2)
    data += straight * 4 + cells + straight * 3
    tags = {b"desc": text(name), b"wtpt": xyz((0.96420, 1, 0.82491)), b"A2B0": data}
    return profile(b"CMYK", tags, kind=b"prtr", pcs=b"Lab ", **more)


def srgb():
    """As HP's, which most pictures have: a table of 1024 entries."""
    return colors(SRGB, table(srgb_light), "sRGB IEC61966-2.1")


def display_p3(**more):
    return colors(P3, parametric(*SRGB_CURVE), "Display P3", unicode, version=0x04000000, **more)


def adobe_rgb(**more):
    return colors(ADOBE, gamma(563 / 256), "Adobe RGB (1998)", **more)
