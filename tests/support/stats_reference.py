"""Statistics in Python's own unbounded integers, fractions and decimals, to hold imnorm's against."""

import decimal
import json
import struct
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


def packed(array, bits):
    """Samples of so many bits, one behind the other, each row from a whole byte on."""
    rows = ["".join(f"{value:0{bits}b}" for value in row.ravel()) for row in array]
    return b"".join(
        int(row.ljust(-len(row) % 8 + len(row), "0"), 2).to_bytes((len(row) + 7) // 8, "big")
        for row in rows
    )


def tiff(array, sample_format=1, nodata=None, planar=1, bits=None, order="<"):
    """A plain TIFF of any number of bands: uint8, uint16, float32 (3) or signed (2), one strip a
    plane.

    `nodata` is the text of GDAL's tag for the value that is no data, `planar` 2 puts one band behind
    the other, and `bits` packs unsigned samples.
    """
    height, width, bands = array.shape
    parts = [array[..., c] for c in range(bands)] if planar == 2 else [array]
    stored = array.dtype.newbyteorder(order)
    strips = [packed(part, bits) if bits else part.astype(stored).tobytes() for part in parts]
    ascii_, short, long = 2, 3, 4
    color = array.dtype == np.uint8 and bands == 3
    places = [8 + sum(map(len, strips[:i])) for i in range(len(strips))]
    entries = [
        (256, long, [width]), (257, long, [height]),
        (258, short, [bits or array.dtype.itemsize * 8] * bands), (259, short, [1]),
        (262, short, [2 if color else 1]), (273, long, places), (277, short, [bands]),
        (278, long, [height]), (279, long, [len(strip) for strip in strips]),
        (284, short, [planar]),
    ]  # fmt: skip
    if bands > 1 and not color:
        entries.append((338, short, [0] * (bands - 1)))
    entries.append((339, short, [sample_format] * bands))
    if nodata is not None:
        entries.append((42113, ascii_, list(nodata.encode() + b"\0")))
    data = b"".join(strips)
    data += b"\0" * (len(data) % 2)
    arrays, directory = b"", struct.pack(order + "H", len(entries))
    for tag, kind, values in entries:
        code = {ascii_: "B", short: "H", long: "I"}[kind]
        value = struct.pack(order + code * len(values), *values)
        if len(value) > 4:
            at = 8 + len(data) + len(arrays)
            arrays += value + b"\0" * (len(value) % 2)
            value = struct.pack(order + "I", at)
        directory += struct.pack(order + "HHI", tag, kind, len(values)) + value.ljust(4, b"\0")
    magic = (b"II" if order == "<" else b"MM") + struct.pack(order + "H", 42)
    at = struct.pack(order + "I", 8 + len(data) + len(arrays))
    return magic + at + data + arrays + directory + bytes(4)
