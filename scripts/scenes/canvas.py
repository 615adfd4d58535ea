"""What every scene is painted with: gradients, fractal noise, soft shapes, light.

A canvas is a float array [height][width][3] in 0..1. Positions are fractions of the *height* from
the top left corner, so that circles are round whatever the format is.
"""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

SUPERSAMPLING = 2


class Canvas:
    """Pixels and their coordinates: x in 0..aspect, y in 0..1."""

    def __init__(self, width, height, seed):
        self.width, self.height = width * SUPERSAMPLING, height * SUPERSAMPLING
        self.aspect = width / height
        self.rng = np.random.default_rng(seed)
        y, x = np.mgrid[0 : self.height, 0 : self.width]
        self.x, self.y = (x + 0.5) / self.height, (y + 0.5) / self.height
        self.pixels = np.zeros((self.height, self.width, 3))

    def paint(self, color, alpha):
        """Lays a colour (one, or one a pixel) over the picture by an alpha map."""
        alpha = np.clip(alpha, 0, 1)[..., None]
        self.pixels += (np.asarray(color, float) - self.pixels) * alpha

    def glow(self, color, amount):
        """Adds light."""
        self.pixels += np.asarray(color, float) * amount[..., None]

    def shade(self, amount):
        """Multiplies by a brightness map."""
        self.pixels *= amount[..., None]

    def edge(self, distance, softness=1.0):
        """Alpha of a shape from its signed distance (positive inside), antialiased."""
        return np.clip(distance * self.height / softness + 0.5, 0, 1)

    def disc(self, x, y, radius, softness=1.0):
        return self.edge(radius - np.hypot(self.x - x, self.y - y), softness)

    def box(self, left, top, right, bottom):
        inside = np.minimum(
            np.minimum(self.x - left, right - self.x), np.minimum(self.y - top, bottom - self.y)
        )
        return self.edge(inside)

    def polygon(self, points):
        mask = Image.new("L", (self.width, self.height))
        ImageDraw.Draw(mask).polygon(
            [(x * self.height, y * self.height) for x, y in points], fill=255
        )
        return np.asarray(mask, float) / 255

    def blur(self, map_, radius):
        """Softens an alpha map; radius as a fraction of the height."""
        picture = Image.fromarray((np.clip(map_, 0, 1) * 255).astype(np.uint8))
        soft = picture.filter(ImageFilter.GaussianBlur(radius * self.height))
        return np.asarray(soft, float) / 255

    def noise(self, cells_x, cells_y, octaves=5, roughness=0.55):
        """Fractal noise, about 0..1: random grids, each twice as fine as the one before."""
        total, amplitude, weight = np.zeros((self.height, self.width)), 1.0, 0.0
        for _ in range(octaves):
            rows, columns = int(cells_y) + 3, int(cells_x * self.aspect) + 3
            grid = Image.fromarray(self.rng.random((rows, columns)).astype(np.float32))
            total += amplitude * np.asarray(
                grid.resize(
                    (self.width, self.height), Image.BICUBIC, box=(1, 1, columns - 1, rows - 1)
                )
            )
            weight += amplitude
            amplitude *= roughness
            cells_x, cells_y = cells_x * 2, cells_y * 2
        return total / weight

    def profile(self, cells, octaves=6, roughness=0.5):
        """A one-dimensional noise along x, for ridges and shores."""
        return self.noise(cells, 1, octaves, roughness)[self.height // 2]

    def image(self):
        """The finished picture."""
        bytes_ = (np.clip(self.pixels, 0, 1) * 255 + 0.5).astype(np.uint8)
        size = (self.width // SUPERSAMPLING, self.height // SUPERSAMPLING)
        return Image.fromarray(bytes_).resize(size, Image.BOX)

    def samples16(self):
        """The finished picture in 16-bit samples."""
        s = SUPERSAMPLING
        mean = self.pixels.reshape(self.height // s, s, self.width // s, s, 3).mean(axis=(1, 3))
        return (np.clip(mean, 0, 1) * 65535 + 0.5).astype(np.uint16)


def rgb(text):
    """'#rrggbb' -> three floats."""
    return np.array([int(text[i : i + 2], 16) for i in (1, 3, 5)]) / 255


def ramp(position, *stops):
    """Colours along a 0..1 map; stops are (position, '#rrggbb')."""
    where = [stop[0] for stop in stops]
    colors = np.array([rgb(stop[1]) for stop in stops])
    return np.stack([np.interp(position, where, colors[:, c]) for c in range(3)], axis=-1)


def smooth(low, high, value):
    """0 below low, 1 above high, and a soft step between."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def clouds(canvas, horizon, color, cover=0.5, strength=0.8):
    """Clouds that flatten towards the horizon."""
    depth = np.clip((horizon - canvas.y) / horizon, 0, 1)
    noise = canvas.noise(3, 9, 6)
    canvas.paint(color, smooth(1 - cover, 1.25 - cover, noise) * strength * smooth(0, 0.25, depth))


def water(canvas, horizon, light_x, light, sparkle=1.0):
    """Mirrors the sky below the horizon, with waves, and the light's path on it."""
    below = canvas.y > horizon
    depth = np.clip((canvas.y - horizon) / (1 - horizon), 0, 1)
    waves = canvas.noise(6, 60, 4, 0.6) - 0.5
    row = np.clip(2 * horizon - canvas.y + waves * (0.03 + 0.12 * depth), 0, 1)
    columns = np.broadcast_to(np.arange(canvas.width), below.shape)
    mirror = canvas.pixels[np.clip(row * canvas.height, 0, canvas.height - 1).astype(int), columns]
    dark = mirror * (0.82 - 0.35 * depth[..., None]) + rgb("#0b2a3c") * 0.16
    canvas.pixels = np.where(below[..., None], dark, canvas.pixels)
    spread = 0.03 + 0.22 * depth
    path = np.exp(-(((canvas.x - light_x) / spread) ** 2))
    glitter = smooth(0.02, 0.13, waves) * path * below
    canvas.glow(light, glitter * 0.75 * sparkle)


def ridge(canvas, heights, color, haze=0.0, haze_color="#ffffff"):
    """A solid ground below a line of heights (fractions from the top)."""
    shadow = 1 - 0.25 * np.clip((canvas.y - heights) * 3, 0, 1)
    tint = rgb(color) * (1 - haze) + rgb(haze_color) * haze
    canvas.paint(tint * shadow[..., None], canvas.edge(canvas.y - heights))


def sphere(canvas, x, y, radius, color, light=(-0.5, -0.65, 0.57), gloss=0.6, bump=None):
    """A shaded ball with its highlight and the shadow it throws on the table."""
    shadow = np.hypot((canvas.x - x - 0.35 * radius) / 1.25, (canvas.y - y - 0.9 * radius) / 0.35)
    canvas.shade(1 - 0.55 * smooth(0, 1, 1 - shadow / (radius * 1.15)))
    dx, dy = (canvas.x - x) / radius, (canvas.y - y) / radius
    dz = np.sqrt(np.clip(1 - dx * dx - dy * dy, 0, 1))
    if bump is not None:
        dx, dy = dx + bump[0], dy + bump[1]
    diffuse = np.clip(dx * light[0] + dy * light[1] + dz * light[2], 0, 1)
    bounce = np.clip(dy, 0, 1) * 0.12
    tone = np.asarray(color) * (0.16 + 0.84 * diffuse + bounce)[..., None]
    half = np.array(light) + np.array([0, 0, 1.0])
    half /= np.linalg.norm(half)
    spark = np.clip(dx * half[0] + dy * half[1] + dz * half[2], 0, 1) ** 50
    canvas.paint(tone + gloss * spark[..., None], canvas.disc(x, y, radius))
