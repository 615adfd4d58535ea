"""Skylines, streets, walls and signs."""

import numpy as np

from scenes.canvas import Canvas, clouds, ramp, rgb, smooth, water


def _towers(c, base, low, high, widths, wall, lit=0.0, window=0.016, lights=("#ffd98a", "#fff1c9")):
    """A row of buildings, left to right, with a grid of windows of which some are lit."""
    x = -0.05
    while x < c.aspect:
        width = c.rng.uniform(*widths)
        top = base - c.rng.uniform(low, high)
        face = c.box(x, top, x + width, base)
        tone = rgb(wall) * c.rng.uniform(0.75, 1.2)
        side = 1.0 - 0.3 * np.clip((c.x - x) / width, 0, 1)
        c.paint(tone * side[..., None], face)
        if c.rng.random() < 0.35:
            c.paint(tone, c.box(x + width * 0.47, top - 0.06, x + width * 0.53, top + 0.01))
        columns, rows = max(1, int(width / window)), max(1, int((base - top) / window))
        on = c.rng.random((rows, columns)) < lit
        warm = c.rng.random((rows, columns))[..., None]
        glow = rgb(lights[0]) * (1 - warm) + rgb(lights[1]) * warm
        u, v = (c.x - x) / width * columns, (c.y - top) / window
        i = np.clip(v.astype(int), 0, rows - 1)
        j = np.clip(u.astype(int), 0, columns - 1)
        pane = (abs(u % 1 - 0.5) < 0.3) & (abs(v % 1 - 0.5) < 0.27) & (face > 0.9) & (v < rows)
        c.paint(tone * 0.7, pane * 0.8)
        c.paint(glow[i, j], pane * on[i, j] * 0.95)
        x += width + c.rng.uniform(0, 0.012)


def skyline_night(width, height):
    c = Canvas(width, height, 21)
    horizon = 0.68
    c.pixels = ramp(c.y / horizon, (0, "#04071a"), (0.6, "#131b45"), (1, "#5a3a6e"))
    stars = c.blur(c.rng.random(c.y.shape) > 0.9996, 0.0015)
    c.glow(rgb("#ffffff"), stars * 7 * smooth(0.45, 0.0, c.y))
    _towers(c, horizon, 0.12, 0.34, (0.05, 0.12), "#1a1f42", 0.25, 0.013)
    _towers(c, horizon, 0.10, 0.46, (0.07, 0.15), "#0b0f24", 0.45, 0.018)
    water(c, horizon, c.aspect * 0.5, rgb("#ffcf87"), 0.25)
    return c


def skyline_dusk(width, height):
    c = Canvas(width, height, 22)
    c.pixels = ramp(c.y, (0, "#3b2a6b"), (0.5, "#d6618f"), (0.8, "#ffb56b"), (1, "#ffe3a3"))
    clouds(c, 0.9, rgb("#ffc9a8"), 0.5, 0.6)
    c.paint(rgb("#fff2cc"), c.disc(c.aspect * 0.3, 0.6, 0.11, 3))
    _towers(c, 1.0, 0.2, 0.5, (0.08, 0.16), "#7b3f74", 0.0, 0.03)
    _towers(c, 1.0, 0.1, 0.42, (0.10, 0.2), "#2c1a3f", 0.2, 0.03)
    return c


def avenue(width, height):
    c = Canvas(width, height, 23)
    vx, vy = c.aspect * 0.5, 0.52
    c.pixels = ramp(c.y / vy, (0, "#6fa8dc"), (1, "#f6e7c8"))
    dx, dy = c.x - vx, c.y - vy
    # Walls stand left and right of a vanishing point: depth follows from the distance to it.
    depth = 0.5 / np.maximum(abs(dx), 1e-3)
    along, up = np.log(depth + 1) * 4, -dy * depth * 2
    block = along.astype(int) + np.where(dx < 0, 40, 0)
    tops = 0.9 + 1.4 * c.rng.random(80)
    tones = np.array([rgb(t) for t in ("#b5654a", "#d8b98a", "#8c9aa6", "#c98b6b", "#a7a08f")])
    tone = tones[c.rng.integers(0, 5, 80)][block % 80]
    wall = (up < tops[block % 80]) & (up > -0.5)
    pane = (abs(along * 5 % 1 - 0.5) < 0.28) & (abs(up * 6 % 1 - 0.5) < 0.3) & (up > -0.25)
    haze = np.clip(np.exp(-depth * 0.09), 0, 1)[..., None]
    face = tone * np.where(dx < 0, 0.95, 0.62)[..., None]
    face = np.where(pane[..., None], face * 0.35 + rgb("#8fb8d8") * 0.3, face)
    c.paint(face * haze + rgb("#f1e3c9") * (1 - haze), wall * 1.0)
    ground = np.maximum(dy, 1e-3)
    across = dx / ground
    road = dy > 0
    tone = np.where((abs(across) < 0.62)[..., None], rgb("#4b4d52"), rgb("#a79f92"))
    dash = (abs(across) < 0.015) & ((np.log(ground) * 6) % 1 < 0.5)
    tone = (
        np.where(dash[..., None], rgb("#f4f0dc"), tone)
        * (0.85 + 0.25 * c.noise(30, 30, 3))[..., None]
    )
    fade = smooth(0, 0.15, dy)[..., None]
    c.paint(tone * fade + rgb("#e7d8bd") * (1 - fade), road * (abs(across) < 0.98))
    for i in range(7):
        d = 0.035 * 1.5**i
        for side in (-1, 1):
            x, foot = vx + side * 0.8 * d, vy + d
            c.paint(rgb("#4d3825"), c.box(x - 0.02 * d, foot - 0.55 * d, x + 0.02 * d, foot))
            for _ in range(9):
                at = c.rng.normal(0, 0.13, 2) * d
                leaf = rgb("#4f8a3b") * c.rng.uniform(0.6, 1.25)
                c.paint(leaf, c.disc(x + at[0], foot - 0.72 * d + at[1], 0.14 * d, 3) * 0.9)
    return c


def rainy_window(width, height):
    c = Canvas(width, height, 24)
    c.pixels = ramp(c.y, (0, "#0a1230"), (0.6, "#1d2a4d"), (1, "#10131f"))
    lights = ("#ff7a3c", "#ffd166", "#ef476f", "#4cc9f0", "#f8f9fa", "#80ed99")
    for _ in range(60):
        x, y = c.rng.uniform(0, c.aspect), c.rng.normal(0.58, 0.16)
        radius, color = c.rng.uniform(0.025, 0.085), rgb(lights[c.rng.integers(6)])
        ring = c.disc(x, y, radius, 5) * (0.7 + 0.3 * (np.hypot(c.x - x, c.y - y) > radius * 0.85))
        c.glow(color, ring * c.rng.uniform(0.12, 0.5))
    behind = c.pixels.copy()
    for _ in range(260):
        x, y, radius = c.rng.uniform(0, c.aspect), c.rng.uniform(0, 1), c.rng.uniform(0.004, 0.016)
        drop = c.disc(x, y, radius, 2)
        # A drop shows the street upside down.
        rows = np.clip((1.1 - y + (y - c.y) * 14) * c.height, 0, c.height - 1).astype(int)
        columns = np.clip((x + (x - c.x) * 14) * c.height, 0, c.width - 1).astype(int)
        near = drop > 0
        inside = np.zeros_like(behind)
        inside[near] = behind[rows[near], columns[near]] * 0.9 + 0.04
        c.paint(inside, drop)
        c.glow(rgb("#ffffff"), c.disc(x - radius * 0.4, y - radius * 0.4, radius * 0.2, 2) * 0.5)
    return c


def poster(width, height):
    c = Canvas(width, height, 25)
    c.pixels = ramp(np.floor(c.y * 9) / 9, (0, "#f9e7c4"), (0.5, "#f4a261"), (1, "#e76f51"))
    c.paint(rgb("#e63946"), c.disc(c.aspect * 0.5, 0.42, 0.22))
    _towers(c, 0.9, 0.2, 0.48, (0.07, 0.13), "#457b9d", 0.0, 0.04)
    _towers(c, 0.9, 0.08, 0.32, (0.07, 0.16), "#1d3557", 0.3, 0.04, ("#f1c453", "#f1c453"))
    c.paint(rgb("#1d3557"), c.y > 0.9)
    for i in range(3):
        c.paint(
            rgb("#f9e7c4"),
            c.box(0.06, 0.925 + 0.02 * i, c.aspect - 0.06 - 0.12 * i, 0.932 + 0.02 * i),
        )
    return c


def badge(width, height):
    """A round sign, and the alpha map that cuts it out with a soft shadow."""
    c = Canvas(width, height, 26)
    x = c.aspect * 0.5
    c.pixels[:] = rgb("#101418")
    alpha = np.maximum(c.blur(c.disc(x + 0.01, 0.52, 0.42), 0.03) * 0.5, c.disc(x, 0.48, 0.42))
    c.paint(ramp(c.y, (0, "#2f6fde"), (1, "#123a8c")), c.disc(x, 0.48, 0.42))
    c.paint(rgb("#ffffff"), c.disc(x, 0.48, 0.385) * (1 - c.disc(x, 0.48, 0.365)))
    tram = c.box(x - 0.2, 0.3, x + 0.2, 0.62)
    c.paint(rgb("#ffffff"), tram)
    for left in (-0.17, -0.05, 0.07):
        c.paint(rgb("#1f55b8"), c.box(x + left, 0.34, x + left + 0.1, 0.46))
    for left in (-0.13, 0.13):
        c.paint(rgb("#ffffff"), c.disc(x + left, 0.65, 0.045))
        c.paint(rgb("#1f55b8"), c.disc(x + left, 0.65, 0.022))
    c.paint(
        rgb("#ffffff"),
        c.polygon(
            [
                (x - 0.07, 0.3),
                (x, 0.2),
                (x + 0.07, 0.3),
                (x + 0.05, 0.3),
                (x, 0.228),
                (x - 0.05, 0.3),
            ]
        ),
    )
    return c, alpha


def tower_block(width, height):
    c = Canvas(width, height, 27)
    c.pixels = ramp(c.y, (0, "#8fc1e3"), (1, "#f0efe6"))
    clouds(c, 1.1, rgb("#ffffff"), 0.5, 0.8)
    _towers(c, 1.0, 0.62, 0.85, (0.24, 0.3), "#9aa3ad", 0.1, 0.045, ("#ffe9b0", "#dfefff"))
    return c


def brick_wall(width, height):
    c = Canvas(width, height, 28)
    rows = 14
    v = c.y * rows
    u = c.x * rows * 0.42 + np.where(v.astype(int) % 2 == 0, 0.5, 0)
    tone = c.rng.uniform(0.75, 1.15, (rows + 2, 64))[v.astype(int), u.astype(int) % 64]
    rough = c.noise(40, 40, 4)
    mortar = np.maximum(smooth(0.42, 0.48, abs(v % 1 - 0.5)), smooth(0.46, 0.485, abs(u % 1 - 0.5)))
    c.pixels = rgb("#a4503a") * (tone * (0.75 + 0.5 * rough))[..., None]
    c.paint(rgb("#c9bda9") * (0.8 + 0.35 * rough)[..., None], mortar)
    c.shade(1.0 - 0.22 * smooth(0.3, 0.45, abs(v % 1 - 0.38)))
    c.shade(1.15 - 0.7 * np.hypot(c.x - c.aspect * 0.35, c.y - 0.3))
    return c
