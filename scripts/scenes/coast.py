"""Bays, cliffs, islands and boats."""

import numpy as np

from scenes.canvas import Canvas, clouds, ramp, rgb, ridge, smooth, water


def sunset_bay(width, height):
    c = Canvas(width, height, 11)
    horizon, sun = 0.62, c.aspect * 0.62
    c.pixels = ramp(
        c.y / horizon, (0, "#2b3a6b"), (0.45, "#a2567f"), (0.75, "#f08a5d"), (1, "#ffd27a")
    )
    clouds(c, horizon, rgb("#ffb38a"), 0.5, 0.7)
    away = np.hypot(c.x - sun, c.y - 0.5)
    c.glow(rgb("#ffcf80"), 0.9 * np.exp(-away * 7))
    c.paint(rgb("#fff6d8"), c.disc(sun, 0.5, 0.055, 3))
    ridge(c, 0.52 + 0.14 * (1 - c.profile(2)), "#6b3f63", 0.25, "#f08a5d")
    water(c, horizon, sun, rgb("#ffdf9e"))
    ridge(c, 0.80 + 0.25 * c.profile(2) + 0.25 * (c.x / c.aspect - 0.2), "#1d1426")
    return c


def cliffs(width, height):
    c = Canvas(width, height, 12)
    horizon = 0.55
    c.pixels = ramp(c.y / horizon, (0, "#3f86c9"), (0.7, "#9fcbe9"), (1, "#e3f1f5"))
    clouds(c, horizon, rgb("#ffffff"), 0.55, 0.95)
    water(c, horizon, c.aspect * 0.3, rgb("#ffffff"), 0.5)
    c.paint(rgb("#0f5e7a"), (c.y > horizon) * 0.35)
    for start, top, tone in ((0.55, 0.36, "#b9a98a"), (0.72, 0.28, "#d1c09b")):
        x = c.x / c.aspect
        face = np.where(x > start, top + 0.06 * c.profile(3), 2.0)
        foot = 0.60 + 0.30 * smooth(start, 1.0, x) + 0.03 * c.profile(9)
        layers = 0.75 + 0.35 * c.noise(1.5, 40, 4)
        rock = rgb(tone) * (layers * (0.7 + 0.5 * c.noise(14, 5, 4)))[..., None]
        body = c.edge(c.y - face) * c.edge(foot - c.y) * smooth(start, start + 0.01, x)
        c.paint(rock, body)
        c.paint(
            rgb("#6f9a45") * (0.7 + 0.5 * c.noise(20, 20, 3))[..., None],
            body * c.edge(face + 0.035 + 0.02 * c.noise(20, 20, 3) - c.y),
        )
        c.paint(
            rgb("#ffffff"),
            np.exp(-(((c.y - foot) / 0.012) ** 2))
            * smooth(start, start + 0.02, x)
            * c.noise(20, 40, 3),
        )
    return c


def lighthouse(width, height):
    c = Canvas(width, height, 13)
    horizon, x0, lamp = 0.7, c.aspect * 0.58, 0.235
    c.pixels = ramp(
        c.y / horizon, (0, "#10183a"), (0.5, "#394a86"), (0.85, "#c87d86"), (1, "#f2b88b")
    )
    stars = c.rng.random(c.y.shape) > 0.9993
    c.glow(rgb("#ffffff"), c.blur(stars, 0.0015) * 6 * smooth(0.5, 0.1, c.y))
    water(c, horizon, x0, rgb("#ffd9a0"), 0.5)
    angle = np.arctan2(c.y - lamp, x0 - c.x)
    reach = np.exp(-2.2 * np.hypot(c.x - x0, c.y - lamp))
    c.glow(rgb("#fff0b8"), 0.7 * np.exp(-((angle / 0.09) ** 2)) * reach)
    ridge(c, 0.74 + 0.12 * c.profile(4) + 0.35 * abs(c.x - x0) ** 1.6, "#231d2b")
    half = 0.045 + 0.045 * np.clip(c.y - lamp, 0, 1)
    tower = c.edge(half - abs(c.x - x0)) * c.edge(c.y - 0.27) * c.edge(0.79 - c.y)
    stripe = np.where(((c.y - 0.27) / 0.105).astype(int) % 2 == 0, 1.0, 0.0)[..., None]
    light = (1.0 - 0.55 * smooth(-1, 1, (c.x - x0) / half))[..., None]
    c.paint((rgb("#f4ead9") * (1 - stripe) + rgb("#c2403a") * stripe) * light * 0.85, tower)
    c.paint(rgb("#2a2733"), c.box(x0 - 0.07, 0.262, x0 + 0.07, 0.277))
    c.paint(rgb("#ffe9a8"), c.box(x0 - 0.036, 0.205, x0 + 0.036, 0.262))
    c.paint(rgb("#c2403a") * 0.7, c.polygon([(x0 - 0.05, 0.205), (x0, 0.155), (x0 + 0.05, 0.205)]))
    c.glow(rgb("#fff0b8"), 0.9 * np.exp(-np.hypot(c.x - x0, c.y - lamp) * 22))
    return c


def misty_islands(width, height):
    c = Canvas(width, height, 14)
    c.pixels = ramp(c.y, (0, "#cfe3ea"), (0.4, "#f7ead7"), (1, "#f2d5b8"))
    c.glow(rgb("#fff3d6"), 0.5 * np.exp(-6 * np.hypot(c.x - c.aspect * 0.3, c.y - 0.25)))
    for i in range(7):
        base = 0.36 + 0.09 * i
        ridge(
            c, base - 0.26 * (c.profile(1.5 + 0.7 * i) - 0.4), "#17414f", 0.86 - 0.13 * i, "#e6dfd3"
        )
        mist = np.exp(-(((c.y - base - 0.06) / 0.05) ** 2)) * c.noise(2, 6, 4)
        c.paint(rgb("#f3ebe0"), mist * (0.9 - 0.09 * i))
    return c


def pier(width, height):
    c = Canvas(width, height, 15)
    horizon = 0.48
    c.pixels = ramp(c.y / horizon, (0, "#5f6b73"), (1, "#e8e6e1"))
    clouds(c, horizon, rgb("#fafafa"), 0.6, 0.8)
    water(c, horizon, c.aspect * 0.5, rgb("#ffffff"), 0.6)
    middle = c.aspect * 0.5
    depth = np.clip((c.y - horizon - 0.01) / (1 - horizon), 1e-3, 1)
    across = (c.x - middle) / depth
    deck = c.edge(depth * (0.42 - abs(across))) * (c.y > horizon + 0.01)
    planks = 0.75 + 0.25 * (np.sin(9 / depth) > -0.8)
    grain = 0.75 + 0.4 * c.noise(40, 12, 3)
    c.paint(rgb("#8a8378") * (planks * grain)[..., None], deck)
    for i in range(9):
        d = 0.04 * 1.45**i
        for side in (-1, 1):
            x, foot = middle + side * 0.44 * d, horizon + 0.01 + d * (1 - horizon)
            c.paint(
                rgb("#2d2b29"),
                c.box(x - 0.028 * d, foot - 0.30 * d, x + 0.028 * d, foot + 0.05 * d),
            )
    return c


def moonlight(width, height):
    c = Canvas(width, height, 16)
    horizon, moon = 0.6, c.aspect * 0.35
    c.pixels = ramp(c.y / horizon, (0, "#050b1e"), (1, "#27426b"))
    away = np.hypot(c.x - moon, c.y - 0.22)
    c.glow(rgb("#9fb8e0"), 0.6 * np.exp(-away * 8))
    c.paint(
        rgb("#f6f1dc") * (0.85 + 0.2 * c.noise(14, 14, 3))[..., None], c.disc(moon, 0.22, 0.075)
    )
    ridge(c, 0.54 + 0.12 * (1 - c.profile(2, 4)), "#0a1226")
    water(c, horizon, moon, rgb("#dfe8ff"), 1.2)
    return c


def regatta(width, height):
    c = Canvas(width, height, 17)
    horizon = 0.5
    c.pixels = ramp(c.y / horizon, (0, "#2f7fd0"), (1, "#cdeaf7"))
    clouds(c, horizon, rgb("#ffffff"), 0.5, 0.9)
    ridge(c, 0.45 + 0.08 * (1 - c.profile(3)), "#557f6b", 0.5, "#cdeaf7")
    water(c, horizon, c.aspect * 0.7, rgb("#ffffff"), 0.7)
    c.paint(rgb("#1173a8"), (c.y > horizon) * 0.4)
    for x, y, size, sail in (
        (0.2, 0.56, 0.16, "#f7f3e8"),
        (0.85, 0.60, 0.22, "#e4574c"),
        (0.5, 0.74, 0.42, "#ffffff"),
        (1.2, 0.8, 0.36, "#f2b632"),
    ):
        mast, foot = x + 0.02 * size, y - 0.1 * size
        curve = [
            (mast + 0.46 * size * np.sin(np.pi / 2 * t), foot - size * (1 - t))
            for t in np.linspace(0, 1, 20)
        ]
        main = c.polygon([(mast, foot), (mast, foot - size)] + curve)
        jib = c.polygon(
            [
                (mast - 0.03 * size, foot),
                (mast - 0.03 * size, foot - 0.85 * size),
                (mast - 0.36 * size, foot),
            ]
        )
        shading = (0.78 + 0.35 * np.clip((c.x - mast) / size + 0.3, 0, 1))[..., None]
        hull = c.polygon(
            [
                (x - 0.42 * size, y - 0.07 * size),
                (x + 0.5 * size, y - 0.07 * size),
                (x + 0.36 * size, y + 0.06 * size),
                (x - 0.3 * size, y + 0.06 * size),
            ]
        )
        c.paint(rgb("#083b56"), c.blur(hull, 0.02 * size) * 0.5)
        c.paint(rgb(sail) * shading, main)
        c.paint(rgb(sail) * 0.92, jib)
        c.paint(
            rgb("#4a2f22"), c.box(mast - 0.008 * size, foot - 1.03 * size, mast + 0.008 * size, y)
        )
        c.paint(
            rgb("#fbfbf7") * (1 - 2.5 * np.clip(c.y - y + 0.07 * size, 0, 0.2))[..., None], hull
        )
    return c
