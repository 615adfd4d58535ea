#!/usr/bin/python3
"""Writes statistics_golden.json: data sets and the numbers that follow from their definitions.

Everything is computed with Python's fractions from the definitions (residuals formed one by one,
nothing expanded into totals), square roots with decimal at 80 digits, and rounded once by float().
"""
import json
import pathlib
import random
from decimal import Decimal, getcontext
from fractions import Fraction

getcontext().prec = 80
getcontext().Emax = 10**6
getcontext().Emin = -10**6


def root(x):
    """sqrt of a Fraction, correctly rounded."""
    if x == 0:
        return 0.0
    # Numerator and denominator may be longer than 80 digits; the division below rounds at 80.
    return float((Decimal(x.numerator) / Decimal(x.denominator)).sqrt())


def number(x):
    return None if x is None else repr(float(x))


def channel_numbers(pictures, c, settings):
    scale, ddof = Fraction(settings["scale"]), settings["ddof"]
    measured = [p for p in pictures if p["pixels"] > 0]
    n = sum(p["pixels"] for p in measured)
    s1 = sum(p["sum"][c] for p in measured)
    s2 = sum(p["sum_squares"][c] for p in measured)
    mean, second = Fraction(s1) / n, Fraction(s2) / n
    spread = second - mean * mean
    out = {"mean": mean / scale}
    variance = spread * Fraction(n, n - ddof) / scale**2 if n > ddof else None
    out["std"] = None if variance is None else root(variance)
    out["variance"] = variance
    images = len(measured)
    if images >= 2:
        correction = Fraction(images, images - 1)
        if settings.get("sampled_from"):
            correction *= Fraction(settings["sampled_from"] - len(pictures),
                                   settings["sampled_from"])
        e = sum((p["sum"][c] - mean * p["pixels"]) ** 2 for p in measured)
        out["mean_error"] = root(correction * e / Fraction(n) ** 2 / scale**2)
        g = sum((p["sum_squares"][c] - 2 * mean * p["sum"][c]
                 + (2 * mean**2 - second) * p["pixels"]) ** 2 for p in measured)
        if variance is not None:
            out["std_error"] = 0.0 if spread == 0 else root(
                correction * g / Fraction(n) ** 2 / (4 * variance * scale**2) / scale**2)
        else:
            out["std_error"] = None
    else:
        out["mean_error"] = out["std_error"] = None
    return out


def expected(pictures, settings):
    count = settings["channels"]
    rows = [channel_numbers(pictures, c, settings) for c in range(count)]
    out = {key: [number(row[key]) for row in rows]
           for key in ("mean", "std", "mean_error", "std_error")}
    measured = [p for p in pictures if p["pixels"] > 0]
    n = sum(p["pixels"] for p in measured)
    scale = Fraction(settings["scale"])
    covariance = [[None] * count for _ in range(count)]
    correlation = [[None] * count for _ in range(count)]
    pair = 0
    for a in range(count):
        covariance[a][a] = rows[a]["variance"]
        if rows[a]["variance"]:
            correlation[a][a] = 1.0
        for b in range(a + 1, count):
            cross = sum(p["cross"][pair] for p in measured)
            sa, sb = (sum(p["sum"][i] for p in measured) for i in (a, b))
            pair += 1
            if n <= settings["ddof"]:
                continue
            cov = (Fraction(cross) / n - Fraction(sa) / n * Fraction(sb) / n) * Fraction(
                n, n - settings["ddof"]) / scale**2
            covariance[a][b] = covariance[b][a] = cov
            product = rows[a]["variance"] * rows[b]["variance"]
            if product:
                size = root(cov**2 / product)
                correlation[a][b] = correlation[b][a] = -size if cov < 0 else size
    out["covariance"] = [[number(x) for x in row] for row in covariance]
    out["correlation"] = [[number(x) for x in row] for row in correlation]
    return out


def picture(width, height, pixels):
    """Sums of a list of pixels (tuples)."""
    count = len(pixels[0]) if pixels else 3
    return {
        "width": width, "height": height, "pixels": len(pixels),
        "sum": [sum(p[c] for p in pixels) for c in range(count)],
        "sum_squares": [sum(p[c] ** 2 for p in pixels) for c in range(count)],
        "cross": [sum(p[a] * p[b] for p in pixels)
                  for a in range(count) for b in range(a + 1, count)],
        "min": [min((p[c] for p in pixels), default=0) for c in range(count)],
        "max": [max((p[c] for p in pixels), default=0) for c in range(count)],
    }


def made_pictures(rng, images, top, channels):
    out = []
    for _ in range(images):
        width, height = rng.randint(1, 9), rng.randint(1, 9)
        base = rng.randint(0, top)
        spread = rng.choice([0, 1, top // 8, top])
        pixels = [tuple(min(top, max(0, base + rng.randint(-spread, spread)))
                        for _ in range(channels)) for _ in range(width * height)]
        out.append(picture(width, height, pixels))
    return out


def huge_pictures(rng, images, top):
    """Pictures of 2^28 pixels whose sums are made directly: totals far beyond 64 bits."""
    out = []
    for _ in range(images):
        n = (1 << 28) - rng.randint(0, 1000)
        counts = {}
        left = n
        for _ in range(5):
            part = rng.randint(0, left)
            counts[tuple(rng.randint(top - 9, top) for _ in range(3))] = part
            left -= part
        key = (top, top, top - 1)
        counts[key] = counts.get(key, 0) + left
        out.append({
            "width": 1 << 14, "height": 1 << 14, "pixels": n,
            "sum": [sum(k * v[c] for v, k in counts.items()) for c in range(3)],
            "sum_squares": [sum(k * v[c] ** 2 for v, k in counts.items()) for c in range(3)],
            "cross": [sum(k * v[a] * v[b] for v, k in counts.items())
                      for a, b in ((0, 1), (0, 2), (1, 2))],
            "min": [min(v[c] for v in counts) for c in range(3)],
            "max": [max(v[c] for v in counts) for c in range(3)],
        })
    return out


def integer_cases():
    rng = random.Random(20240)
    cases = []

    def add(name, pictures, **settings):
        full = {"channels": 3, "samples": "uint8", "scale": 255, "ddof": 0, **settings}
        cases.append({"name": name, "settings": full, "pictures": pictures,
                      "expected": expected(pictures, full)})

    for i in range(12):
        add(f"made 8-bit {i}", made_pictures(rng, rng.randint(1, 40), 255, 3), ddof=i % 2)
    for i in range(4):
        add(f"made 16-bit {i}", made_pictures(rng, 20, 65535, 3), samples="uint16", scale=65535)
    add("grey", made_pictures(rng, 10, 255, 1), channels=1)
    add("five bands", made_pictures(rng, 6, 255, 5), channels=5, scale=1)
    add("constant", [picture(4, 4, [(7, 0, 255)] * 16)] * 3)
    add("one pixel, ddof 1", [picture(1, 1, [(7, 0, 255)])], ddof=1)
    add("one picture", made_pictures(rng, 1, 255, 3))
    add("a picture of which nothing counts",
        made_pictures(rng, 3, 255, 3) + [picture(5, 5, [])])
    add("huge 8-bit", huge_pictures(rng, 30, 255))
    add("huge 16-bit", huge_pictures(rng, 30, 65535), samples="uint16", scale=65535)
    add("a scale that is no integer", made_pictures(rng, 5, 255, 3), scale=0.1)
    add("a sample of a list", made_pictures(rng, 12, 255, 3), sampled_from=40)
    add("a sample that is the list", made_pictures(rng, 12, 255, 3), sampled_from=12)
    return cases


def float_cases():
    rng = random.Random(7)
    cases = []

    def add(name, values):
        settings = {"channels": 1, "samples": "float", "scale": 1, "ddof": 0}
        exact = [[Fraction(v) for v in row] for row in values]
        flat = [v for row in exact for v in row]
        n = len(flat)
        mean = sum(flat) / n
        spread = sum((v - mean) ** 2 for v in flat) / n
        cases.append({"name": name, "settings": settings,
                      "values": [[v.hex() for v in row] for row in values],
                      "expected": {"mean": number(mean), "std": repr(root(spread)),
                                   "covariance": number(spread)}})

    add("1e16 next to 1e-3", [[1e16, 1e-3, -1e16], [1e-3, 3e-3, 1e16, -1e16]])
    add("far from zero", [[1e9 + rng.random() for _ in range(50)] for _ in range(4)])
    add("float32 values", [[float.fromhex("0x1.99999ap-4")] * 3, [0.5, 0.25]])
    add("constant", [[0.1] * 7, [0.1] * 2])
    add("subnormal", [[5e-324, 1e-320], [0.0, 5e-324]])
    add("wide", [[rng.uniform(-1, 1) * 10.0 ** rng.randint(-150, 150) for _ in range(20)]
                 for _ in range(5)])
    return cases


def histogram_cases():
    rng = random.Random(99)
    percents = [0, 1, 5, 25, 50, 75, 95, 99, 100, 33.333333, 0.000001]
    cases = []
    for name, values, scale in [
            ("two values", [0, 255], 255), ("one value", [9], 255),
            ("skewed", [min(255, int(rng.expovariate(0.02))) for _ in range(501)], 255),
            ("16-bit", [rng.randint(0, 65535) for _ in range(100)], 65535),
            ("constant", [5] * 40, 1)]:
        ordered = sorted(values)
        rows = []
        for percent in percents:
            place = (len(values) - 1) * Fraction(round(percent * 10**6), 10**8)
            low = place.numerator // place.denominator
            high = min(low + 1, len(values) - 1)
            value = ordered[low] + (ordered[high] - ordered[low]) * (place - low)
            rows.append(number(value / Fraction(scale)))
        n = len(values)
        mean = Fraction(sum(values), n)
        m2, m3, m4 = (sum((v - mean) ** k for v in values) / n for k in (2, 3, 4))
        skewness = None if m2 == 0 else root(m3**2 / m2**3) * (-1 if m3 < 0 else 1)
        cases.append({"name": name, "values": values, "scale": scale, "percents": percents,
                      "percentiles": rows, "skewness": number(skewness),
                      "excess_kurtosis": None if m2 == 0 else number(m4 / m2**2 - 3)})
    return cases


def texts(pictures):
    for p in pictures:
        for key in ("sum", "sum_squares", "cross"):
            p[key] = [str(x) for x in p[key]]
    return pictures


def main():
    integers = integer_cases()
    for case in integers:
        case["pictures"] = texts(json.loads(json.dumps(case["pictures"])))
    out = {"integers": integers, "floats": float_cases(), "histograms": histogram_cases()}
    path = pathlib.Path(__file__).with_name("statistics_golden.json")
    lists = [f'"{name}": [\n' + ",\n".join(json.dumps(case) for case in cases) + "\n]"
             for name, cases in out.items()]
    path.write_text("{\n" + ",\n".join(lists) + "\n}\n")


if __name__ == "__main__":
    main()
