"""Statistics in Python's own unbounded integers, fractions and decimals, to hold imnorm's against."""

import decimal
import json
from fractions import Fraction

import jsonschema
import numpy as np

from imnorm_test import SOURCE, ImnormTest, run

SCHEMA = SOURCE / "docs/schemas/imnorm.stats-1.schema.json"


def root(value):
    """The double nearest to the square root of a fraction."""
    with decimal.localcontext() as context:
        context.prec = 80
        return float(
            (decimal.Decimal(value.numerator) / decimal.Decimal(value.denominator)).sqrt()
        )


def total(values):
    return sum(values) if isinstance(values, list) else int(values.sum())


def total_of_products(a, b):
    return sum(x * y for x, y in zip(a, b)) if isinstance(a, list) else int((a * b).sum())


class Sums:
    """Exact sums over pixels, [pixels][channels] at a time; integers, or floats as fractions."""

    def __init__(self, arrays):
        flats = [np.asarray(a).reshape(-1, np.asarray(a).shape[-1]) for a in arrays]
        flat = np.concatenate(flats)
        if flat.dtype.kind == "f":
            columns = [[Fraction(float(v)) for v in column] for column in flat.T]
        else:
            columns = list(flat.T.astype(np.int64))  # squares of 2^31 16-bit samples fit
        self.pixels = len(flat)
        self.channels = len(columns)
        self.sum = [total(c) for c in columns]
        self.squares = [total_of_products(c, c) for c in columns]
        self.cross = [
            total_of_products(columns[i], columns[j])
            for i in range(self.channels)
            for j in range(i + 1, self.channels)
        ]
        self.min = [min(c) if isinstance(c, list) else int(c.min()) for c in columns]
        self.max = [max(c) if isinstance(c, list) else int(c.max()) for c in columns]

    def mean(self, c):
        return Fraction(self.sum[c]) / self.pixels

    def variance(self, c, ddof=0):
        n = self.pixels
        return (Fraction(self.squares[c]) * n - Fraction(self.sum[c]) ** 2) / (n * (n - ddof))

    def covariance(self):
        n = self.pixels
        rows = [[None] * self.channels for _ in range(self.channels)]
        pairs = iter(self.cross)
        for i in range(self.channels):
            rows[i][i] = self.variance(i)
            for j in range(i + 1, self.channels):
                product = Fraction(next(pairs)) * n - Fraction(self.sum[i]) * self.sum[j]
                rows[i][j] = rows[j][i] = product / (n * n)
        return rows


class StatsTest(ImnormTest):
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text()))

    def assert_valid(self, document):
        errors = [
            f"{list(e.absolute_path)}: {e.message[:300]}"
            for e in self.validator.iter_errors(document)
        ]
        self.assertEqual(errors, [])

    def stats(self, *arguments, **options):
        document = super().stats(*arguments, **options)
        self.assert_valid(document)
        return document

    def stats_text(self, *arguments, code=0, **options):
        result = run("stats", *arguments, **options)
        self.assert_exit(code, result)
        self.assert_valid(json.loads(result.stdout))
        return result.stdout

    def assert_sums(self, stats, sums, ddof=0):
        """Sums equal, and every number that follows from them is the nearest double."""
        exact = stats["exact"]
        scale = Fraction(stats["scale"])
        self.assertEqual(int(exact["pixels"]), sums.pixels)
        self.assertEqual([number_of(t) for t in exact["sum"]], sums.sum)
        self.assertEqual([number_of(t) for t in exact["sum_squares"]], sums.squares)
        self.assertEqual([number_of(t) for t in exact["cross"]], sums.cross)
        for c in range(sums.channels):
            self.assertEqual(stats["mean"][c], float(sums.mean(c) / scale))
            self.assertEqual(stats["std"][c], root(sums.variance(c, ddof) / scale**2))
            self.assertEqual(stats["min"][c], float(Fraction(sums.min[c]) / scale))
            self.assertEqual(stats["max"][c], float(Fraction(sums.max[c]) / scale))
        if ddof == 0:
            expected = [[float(v / scale**2) for v in row] for row in sums.covariance()]
            self.assertEqual(stats["covariance"], expected)


def number_of(text):
    """An exact sum's text: a decimal integer, or an odd hexadecimal one and a power of two."""
    if "p" not in text:
        return Fraction(int(text))
    digits, exponent = text.split("p")
    return int(digits, 16) * Fraction(2) ** int(exponent)


def tiff(array, sample_format=1, nodata=None):
    """A plain TIFF of any number of bands: uint8, uint16, float32 (3) or signed (2), one strip.

    `nodata` is the text of GDAL's tag for the value that is no data.
    """
    height, width, bands = array.shape
    data = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<")).tobytes()
    bits = array.dtype.itemsize * 8
    short, long = 3, 4
    arrays = b""
    after = 8 + len(data)

    def shorts(values):
        nonlocal arrays
        packed = b"".join(v.to_bytes(2, "little") for v in values)
        if len(packed) <= 4:
            return packed.ljust(4, b"\0")
        at = after + len(arrays)
        arrays += packed
        return at.to_bytes(4, "little")

    color = array.dtype == np.uint8 and bands == 3
    entries = [
        (256, long, 1, width.to_bytes(4, "little")),
        (257, long, 1, height.to_bytes(4, "little")),
        (258, short, bands, shorts([bits] * bands)),
        (259, short, 1, shorts([1])),
        (262, short, 1, shorts([2 if color else 1])),
        (273, long, 1, (8).to_bytes(4, "little")),
        (277, short, 1, shorts([bands])),
        (278, long, 1, height.to_bytes(4, "little")),
        (279, long, 1, len(data).to_bytes(4, "little")),
        (284, short, 1, shorts([1])),
    ]
    if bands > 1 and not color:
        entries.append((338, short, bands - 1, shorts([0] * (bands - 1))))
    entries.append((339, short, bands, shorts([sample_format] * bands)))
    if nodata is not None:
        packed = nodata.encode() + b"\0"
        if len(arrays) % 2:
            arrays += b"\0"
        at = (after + len(arrays)).to_bytes(4, "little")
        entries.append((42113, 2, len(packed), packed.ljust(4, b"\0") if len(packed) <= 4 else at))
        if len(packed) > 4:
            arrays += packed
    directory = len(entries).to_bytes(2, "little")
    for tag, kind, count, value in entries:
        directory += tag.to_bytes(2, "little") + kind.to_bytes(2, "little")
        directory += count.to_bytes(4, "little") + value
    directory += b"\0" * 4
    if (after + len(arrays)) % 2:
        arrays += b"\0"
    return b"II*\0" + (after + len(arrays)).to_bytes(4, "little") + data + arrays + directory
