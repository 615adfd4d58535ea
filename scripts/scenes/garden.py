"""Fruit, flowers, leaves and lawns."""

import numpy as np

from scenes.canvas import Canvas, clouds, ramp, rgb, ridge, smooth, sphere


def fruit_bowl(width, height):
    c = Canvas(width, height, 31)
    c.pixels = ramp(np.clip(c.y / 0.55 + 0.2 * (c.x - 0.5), 0, 1), (0, "#3a2b33"), (1, "#7a5a4e"))
    wood = c.noise(2, 30, 5)
    c.paint(rgb("#8a5a36") * (0.65 + 0.6 * wood)[..., None], c.edge(c.y - 0.58, 3))
    c.shade(1.15 - 0.35 * np.hypot(c.x - 0.4, c.y - 0.4))
    dimples = c.noise(60, 60, 2) - 0.5
    peel = (dimples * 0.35, np.roll(dimples, 9, 0) * 0.35)
    skin = 0.85 + 0.3 * c.noise(6, 26, 4)
    sphere(c, 0.36, 0.50, 0.16, rgb("#c92a2a") * skin[..., None], gloss=0.7)
    sphere(c, 0.93, 0.52, 0.155, rgb("#8fb339") * skin[..., None], gloss=0.6)
    sphere(c, 0.65, 0.60, 0.17, rgb("#f08c00"), gloss=0.35, bump=peel)
    for i in range(14):
        x, y = 1.04 + 0.075 * (i % 5) - 0.035 * (i // 5 % 2), 0.72 + 0.062 * (i // 5)
        sphere(c, x, y, 0.048, rgb("#5f2c82") * (0.8 + 0.25 * skin)[..., None], gloss=0.5)
    for x, y in ((0.16, 0.75), (0.29, 0.82), (0.21, 0.86)):
        sphere(c, x, y, 0.05, rgb("#a51130"), gloss=0.8)
    for x, y in ((0.36, 0.36), (0.93, 0.385)):
        c.paint(
            rgb("#3b2a1a"),
            c.polygon(
                [(x - 0.006, y), (x + 0.012, y - 0.07), (x + 0.022, y - 0.066), (x + 0.007, y)]
            ),
        )
    return c


def leaves(width, height):
    c = Canvas(width, height, 32)
    c.pixels = ramp(c.noise(3, 3, 4), (0, "#0c1f12"), (1, "#24492b"))
    for i in range(130):
        x, y = c.rng.uniform(-0.1, c.aspect + 0.1), c.rng.uniform(-0.1, 1.1)
        size, turn = c.rng.uniform(0.07, 0.17), c.rng.uniform(0, 2 * np.pi)
        dx, dy = c.x - x, c.y - y
        along = (dx * np.cos(turn) + dy * np.sin(turn)) / size
        across = (-dx * np.sin(turn) + dy * np.cos(turn)) / size
        outline = 0.42 * np.clip(1 - along * along, 0, 1) * (1 - 0.35 * along)
        body = c.edge((outline - abs(across)) * size) * (abs(along) < 1)
        vein = np.exp(-((across / 0.02) ** 2)) + 0.5 * (
            abs(np.sin((along - abs(across)) * 14)) < 0.1
        )
        autumn = c.rng.random()
        tone = ramp(
            np.array(autumn), (0, "#2f7d32"), (0.6, "#7fae3f"), (0.85, "#c9a227"), (1, "#b8572a")
        )
        tone = tone * (0.35 + 0.65 * i / 130)
        light = (1.0 + 0.35 * across - 0.15 * along)[..., None]
        c.shade(1 - 0.45 * c.edge((outline + 0.08 - abs(across)) * size, 12) * (abs(along) < 1.05))
        c.paint(tone * light + 0.12 * np.clip(vein, 0, 1)[..., None], body)
    return c


def flower_bed(width, height):
    c = Canvas(width, height, 33)
    c.pixels = ramp(c.noise(5, 5, 5) * 0.7 + 0.3 * c.y, (0, "#17361d"), (1, "#5d8f3a"))
    petals = ("#f94f6d", "#ffb703", "#f8edeb", "#9d4edd", "#ff7f51", "#48bfe3")
    for i in range(46):
        near = i / 46
        x, y = c.rng.uniform(0, c.aspect), 0.05 + 0.95 * near + c.rng.normal(0, 0.03)
        size, turn = 0.03 + 0.075 * near, c.rng.uniform(0, 6.28)
        count, color = int(c.rng.integers(5, 9)), rgb(petals[c.rng.integers(6)])
        stem = c.box(x - 0.05 * size, y, x + 0.05 * size, y + 3.5 * size)
        c.paint(rgb("#2d5a27"), stem * 0.9)
        radius = np.hypot(c.x - x, (c.y - y) * 1.15)
        angle = np.arctan2(c.y - y, c.x - x) + turn
        reach = size * (0.62 + 0.38 * abs(np.cos(angle * count / 2)))
        c.shade(1 - 0.3 * smooth(0, 1, 1 - np.hypot(c.x - x - 0.02, c.y - y - 0.03) / (1.4 * size)))
        tone = (
            color
            * (0.55 + 0.5 * np.clip(radius / size, 0, 1) + 0.1 * np.sin(angle * count * 2))[
                ..., None
            ]
        )
        c.paint(tone, c.edge(reach - radius))
        c.paint(
            rgb("#f6c945") * (1.1 - 1.6 * np.clip(radius / size, 0, 0.4))[..., None],
            c.disc(x, y, size * 0.26),
        )
    return c


def marbles(width, height):
    c = Canvas(width, height, 34)
    c.pixels = ramp(c.y, (0, "#d7dde8"), (0.5, "#aab4c8"), (1, "#8590a8"))
    colors = ("#1d4ed8", "#059669", "#dc2626", "#d97706", "#7c3aed")
    for i, (x, y, radius) in enumerate(
        (
            (0.3, 0.42, 0.15),
            (0.78, 0.4, 0.17),
            (0.52, 0.64, 0.16),
            (0.98, 0.7, 0.14),
            (0.2, 0.78, 0.12),
        )
    ):
        swirl = 0.55 + 0.45 * np.sin(26 * (c.x + 0.6 * c.y) + 7 * c.noise(3, 3, 2) + i)
        sphere(
            c,
            x,
            y,
            radius,
            rgb(colors[i]) * swirl[..., None] + 0.25 * (1 - swirl[..., None]),
            gloss=0.9,
        )
    return c


def pond(width, height):
    c = Canvas(width, height, 35)
    c.pixels = ramp(c.y, (0, "#4d7f6c"), (0.6, "#2a5a5c"), (1, "#12343f"))
    c.paint(rgb("#a8d5c5"), smooth(0.5, 0.75, c.noise(4, 16, 3)) * 0.35)
    for _ in range(15):
        x, y = c.rng.uniform(0, c.aspect), c.rng.uniform(0.1, 1)
        size, turn = 0.05 + 0.1 * y, c.rng.uniform(0, 6.28)
        dy = (c.y - y) / 0.45
        radius, angle = np.hypot(c.x - x, dy), np.arctan2(dy, c.x - x)
        notch = abs(np.angle(np.exp(1j * (angle - turn)))) > 0.28
        tone = rgb("#6aa84f") * (0.75 + 0.3 * radius / size + 0.08 * np.sin(angle * 14))[..., None]
        c.shade(1 - 0.4 * c.edge(size * 1.12 - np.hypot(c.x - x, dy - 0.02), 8))
        c.paint(tone, c.edge(size - radius) * notch)
        if c.rng.random() < 0.4:
            for k in range(9):
                at = x + size * 0.3 * np.cos(k * 0.7), y - 0.02 + size * 0.13 * np.sin(k * 0.7)
                c.paint(rgb("#f7c5d8") * (0.8 + 0.025 * k), c.disc(*at, size * 0.2, 2))
            c.paint(rgb("#ffe08a"), c.disc(x, y - 0.02, size * 0.14, 2))
    return c


def meadow(width, height):
    c = Canvas(width, height, 36)
    horizon = 0.5
    c.pixels = ramp(c.y / horizon, (0, "#3e8ed0"), (1, "#d8eef7"))
    clouds(c, horizon, rgb("#ffffff"), 0.55, 0.95)
    for i, tone in enumerate(("#7fa86b", "#6d9c4c", "#5b8f38", "#6aa33b")):
        ridge(
            c,
            0.44 + 0.11 * i + 0.14 * (c.profile(1.2 + 0.4 * i, 3) - 0.5),
            tone,
            0.35 - 0.11 * i,
            "#d8eef7",
        )
    grass = 0.72 + 0.5 * c.noise(90, 22, 3)
    c.shade(np.where(c.y > 0.55, 1 + (grass - 1) * smooth(0.5, 0.9, c.y), 1.0))
    for i in range(140):
        y = 0.62 + 0.38 * (i / 140)
        size = 0.003 + 0.012 * (y - 0.6)
        color = rgb(("#fff3b0", "#f94144", "#ffffff", "#f8961e")[c.rng.integers(4)])
        c.paint(color, c.disc(c.rng.uniform(0, c.aspect), y, size * 1.6, 2))
    trunk = c.aspect * 0.74
    c.paint(
        rgb("#4a3423"),
        c.polygon(
            [
                (trunk - 0.018, 0.66),
                (trunk - 0.01, 0.42),
                (trunk + 0.01, 0.42),
                (trunk + 0.02, 0.66),
            ]
        ),
    )
    for _ in range(120):
        at = c.rng.normal(0, 1, 2) * (0.075, 0.062)
        light = 0.75 - 3.0 * (at[0] + at[1])
        c.paint(
            rgb("#4c8a35") * np.clip(light, 0.35, 1.3),
            c.disc(trunk + at[0], 0.34 + at[1], 0.022, 3),
        )
    return c


def orchard(width, height):
    c = Canvas(width, height, 37)
    horizon = 0.42
    c.pixels = ramp(c.y / horizon, (0, "#8ab6d6"), (1, "#fbe8d3"))
    ridge(c, 0.36 + 0.08 * (1 - c.profile(2, 4)), "#7c8f7a", 0.5, "#fbe8d3")
    c.paint(
        ramp((c.y - horizon) / (1 - horizon), (0, "#9cb86a"), (1, "#4f7a35")), c.edge(c.y - horizon)
    )
    c.shade(np.where(c.y > horizon, 0.8 + 0.4 * c.noise(50, 50, 3), 1.0))
    for row in range(6):
        size = 0.035 * 1.55**row
        foot = horizon + 0.012 * 1.9**row
        for x in np.arange(c.aspect * 0.5 - 3.6 * size * 8, c.aspect + 2 * size, 3.6 * size):
            if not -size < x < c.aspect + size:
                continue
            c.shade(
                1 - 0.4 * c.edge(size * 1.1 - np.hypot(c.x - x - 0.4 * size, (c.y - foot) * 4), 10)
            )
            c.paint(rgb("#4a3528"), c.box(x - 0.07 * size, foot - size, x + 0.07 * size, foot))
            for _ in range(26):
                at = c.rng.normal(0, 0.42, 2) * size
                tone = ("#f6c1d0", "#fde2e4", "#e89bb3")[c.rng.integers(3)]
                shade = np.clip(0.95 - 0.5 * (at[0] + at[1]) / size, 0.6, 1.1)
                c.paint(
                    rgb(tone) * shade, c.disc(x + at[0], foot - 1.4 * size + at[1], 0.27 * size, 3)
                )
    return c
