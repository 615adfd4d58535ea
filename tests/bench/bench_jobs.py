"""Whole jobs against their peers and their limit, alternating, as ratios in one Markdown table.

bench_jobs.py BUILD_FOLDER PICTURES [--quick]. BUILD_FOLDER holds imnorm and the C++ peers of this
folder. Every round runs each contender once; the figures are medians. Times are context: only the
ratios of one run mean anything.
"""

import argparse
import concurrent.futures
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
PYTHON = "/usr/bin/python3"


def wall_and_cpu(command):
    """Seconds that passed, and those that user and system worked."""
    with tempfile.TemporaryFile() as said:
        begin = time.perf_counter()
        job = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said)
        _, status, usage = os.wait4(job.pid, 0)
        seconds = time.perf_counter() - begin
        job.returncode = os.waitstatus_to_exitcode(status)
        if job.returncode != 0:
            said.seek(0)
            raise RuntimeError(f"{command}: {said.read().decode()}")
    for left in list(command):
        if left.endswith(".npy"):  # every run writes a new file, none replaces one
            pathlib.Path(left).unlink()
    return seconds, usage.ru_utime + usage.ru_stime


def wall(command):
    return wall_and_cpu(command)[0]


def printed(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0:
        raise RuntimeError(f"{command}: {done.stderr.decode()[-400:]}")
    return float(done.stdout.split()[-1])


def each_file(folder, repeat, threads, command):
    """One process a file, as many at a time as there are threads: how such tools are used."""
    paths = [str(p) for p in folder.rglob("*") if p.is_file()] * repeat
    begin = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda p: subprocess.run(command(p), capture_output=True), paths))
    return time.perf_counter() - begin


def peak_mib(command):
    """The kernel's own high-water mark, read while the job runs."""
    job = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0
    while job.poll() is None:
        try:
            status = pathlib.Path(f"/proc/{job.pid}/status").read_text()
        except OSError:
            break
        lines = [line for line in status.splitlines() if line.startswith("VmHWM")]
        peak = max([peak, *(int(line.split()[1]) for line in lines)])
        time.sleep(0.002)
    job.wait()
    return peak / 1024


def own_jobs(build, pictures, out, threads, repeat):
    imnorm = str(build / "imnorm")
    folders = [str(pictures)] * repeat
    stats = [imnorm, "stats", *folders, "-j", str(threads), "-q"]
    normalize = [imnorm, "normalize", *folders, "--preset", "imagenet", "-j", str(threads), "-q"]
    normalize += ["--force", "-o", str(out / "x.npy")]
    return stats, normalize


def alternating(commands, rounds):
    """Name -> medians of (wall, CPU) seconds."""
    times = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            times[name].append(wall_and_cpu(command))
    return {name: tuple(map(statistics.median, zip(*both))) for name, both in times.items()}


def print_own_ratios(build, pictures, out, rounds, repeat):
    """What more threads and histograms come to, in runs long enough for either."""
    commands = {}
    for threads in (1, 2):
        stats, normalize = own_jobs(build, pictures, out, threads, repeat)
        loop = [str(build / "tests/bench/decode_loop"), str(threads), str(repeat), str(pictures)]
        # The loop has no stage that is serial: what it gains is what the machine has to give.
        commands |= {("loop", threads): loop, ("stats", threads): stats}
        commands["normalize", threads] = normalize
    commands["histogram"] = [*commands["stats", 1], "--histogram", "--percentiles"]
    medians = alternating(commands, rounds)
    print("\n| 1 to 2 threads | pictures/s | CPU time a picture |")
    print("|---|---|---|")
    for job, name in (("loop", "bare decode loop"), ("stats", "stats"), ("normalize", "normalize")):
        (wall1, cpu1), (wall2, cpu2) = medians[job, 1], medians[job, 2]
        print(f"| {name} | {wall1 / wall2:.2f}x | {cpu2 / cpu1:.2f}x |")
    histogram, plain = medians["histogram"][1], medians["stats", 1][1]
    print(f"\nCPU time of `stats --histogram --percentiles`: {histogram / plain:.2f} of plain `stats`")
    stats, normalize = own_jobs(build, pictures, out, 2, repeat)
    print(f"\npeak memory: stats {peak_mib(stats):.0f} MiB, normalize {peak_mib(normalize):.0f} MiB")


def contenders(build, pictures, out, threads, repeat):
    stats, normalize = own_jobs(build, pictures, out, threads, repeat)
    common = [str(threads), str(repeat), str(pictures)]
    cpp = [build / "tests/bench/decode_loop", build / "tests/bench/opencv_job"]

    def peer(name, job):
        return lambda: printed([PYTHON, str(HERE / "python_peer.py"), name, job, *common])

    table = {
        "bare decode loop": lambda: printed([str(cpp[0]), *common]),
        "imnorm stats": lambda: wall(stats),
        "imnorm stats --jpeg turbo": lambda: wall([*stats, "--jpeg", "turbo"]),
        "imnorm stats --histogram --percentiles": lambda: wall([*stats, "--histogram", "--percentiles"]),
        "imnorm normalize": lambda: wall(normalize),
        "imnorm normalize --fast-decode": lambda: wall([*normalize, "--fast-decode"]),
        "imnorm normalize --jpeg turbo": lambda: wall([*normalize, "--jpeg", "turbo"]),
        "torchvision stats": peer("torchvision", "stats"),
        "torchvision normalize": peer("torchvision", "normalize"),
        "Pillow + numpy stats": peer("pillow", "stats"),
        "cv2 stats": peer("cv2", "stats"),
        "cv2 normalize": peer("cv2", "normalize"),
    }
    if cpp[1].exists():
        for job in ("stats", "normalize"):
            table[f"OpenCV C++ {job}"] = lambda job=job: printed(
                [str(cpp[1]), job, *common, str(out / "cv.raw")]
            )
    if shutil.which("vips"):
        table["vips thumbnail (its own pixels)"] = lambda: each_file(
            pictures, repeat, threads, lambda p: ["vipsthumbnail", p, "-s", "256", "-o", f"{out}/%s.v"]
        )
    if shutil.which("convert") and "ImageMagick" in subprocess.getoutput("convert -version"):
        table["ImageMagick resize (its own pixels)"] = lambda: each_file(
            pictures, 1, threads, lambda p: ["convert", p, "-resize", "256x256^", "rgb:/dev/null"]
        ) * repeat
    return table


def compare(options):
    """Whole jobs of two builds, alternating."""
    rounds, repeat = (1, 1) if options.quick else (options.rounds, options.repeat)
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder)
        jobs = {}
        for build in (options.build, options.against):
            table = contenders(build, options.pictures, out, options.threads, repeat)
            jobs[build] = {n: run for n, run in table.items() if n.startswith("imnorm")}
        times = {(b, n): [] for b in jobs for n in jobs[b]}
        for _ in range(rounds):
            for build, name in times:
                times[build, name].append(jobs[build][name]())
        print("| job | time of this build / the other's |")
        print("|---|---|")
        for name in jobs[options.build]:
            mine = statistics.median(times[options.build, name])
            other = statistics.median(times[options.against, name])
            print(f"| {name} | {mine / other:.3f} |")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("pictures", type=pathlib.Path)
    parser.add_argument("--against", type=pathlib.Path, help="another build folder")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    options = parser.parse_args()
    if options.against:
        return compare(options)
    rounds, repeat = (1, 1) if options.quick else (options.rounds, options.repeat)

    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder)
        table = contenders(options.build, options.pictures, out, options.threads, repeat)
        times = {name: [] for name in table}
        missing = {}
        for _ in range(rounds):
            for name, run in table.items():
                if name in missing:
                    continue
                try:
                    times[name].append(run())
                except (RuntimeError, OSError) as error:
                    missing[name] = str(error).splitlines()[-1][:100]
        medians = {name: statistics.median(t) for name, t in times.items() if t}
        loop = medians["bare decode loop"]
        count = sum(1 for p in options.pictures.rglob("*") if p.is_file()) * repeat
        version = subprocess.run([str(options.build / "imnorm"), "--version"], capture_output=True)
        print(f"{platform.processor() or platform.machine()}, {options.threads} threads, "
              f"{count} inputs, {rounds} rounds; {version.stdout.decode().split()[-1]}\n")
        print("| what | of the bare decode loop | pictures/s | imnorm is faster by |")
        print("|---|---|---|---|")
        for name, median in medians.items():
            job = "imnorm stats" if "stats" in name else "imnorm normalize"
            own = name.startswith("imnorm") or name == "bare decode loop"
            factor = "" if own else f"{median / medians[job]:.1f}x"
            print(f"| {name} | {median / loop:.2f} | {count / median:.0f} | {factor} |")
        for name, reason in missing.items():
            print(f"| {name} | not run: {reason} | | |")
        print_own_ratios(options.build, options.pictures, out, rounds, 2 * repeat)


if __name__ == "__main__":
    main()
