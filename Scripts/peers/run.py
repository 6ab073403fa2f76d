#!/usr/bin/env python3
"""Measures bonsai-fmt beside other people's programs; README.md says which, and how to run this."""

import argparse
import json
import os
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time

LISTING = """
import sys, time
from safetensors import safe_open
start = time.monotonic()
with safe_open(sys.argv[1], framework="numpy") as file:
    count = 0
    for name in file.keys():
        part = file.get_slice(name)
        part.get_dtype(), part.get_shape()
        count += 1
print(time.monotonic() - start)
assert count == int(sys.argv[2])
"""


def run(command, **options):
    """Seconds, seconds of user time, and MiB of peak memory."""
    os.sync()
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, **options)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    if status != 0:
        sys.exit(f"{' '.join(command)}: failed with status {status}")
    return wall, usage.ru_utime, usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def figure(values, places):
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:.{places}f} ({low:.{places}f}–{high:.{places}f})"


def report(name, ours, peer, theirs, target):
    """One pair as a row."""
    ratio = figure([one[0] / other[0] for one, other in zip(ours, theirs)], 3)
    walls = [figure([each[0] for each in runs], 3) for runs in (ours, theirs)]
    peaks = [f"{max(each[2] for each in runs):.0f}" for runs in (ours, theirs)]
    print(f"| {name} | {peer} | {walls[0]} | {walls[1]} | {ratio} {target} | {peaks[0]} | {peaks[1]} |", flush=True)


def pairs(runs, ours, theirs):
    """Both, in turns."""
    found = ([], [])
    for _ in range(runs):
        found[1].append(theirs())
        found[0].append(ours())
    return found


def many_tensors(path, count):
    """A safetensors file of small tensors, with names as long as real ones."""
    header, end = {"__metadata__": {"format": "pt"}}, 0
    for number in range(count):
        name = f"model.layers.{number // 100}.mlp.experts.{number % 100}.down_proj.weight"
        header[name] = {"dtype": "F16", "shape": [2, 4], "data_offsets": [end, end + 16]}
        end += 16
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + bytes(end))


def listing(path, count):
    """Opens and lists in Python, without the start of the interpreter."""
    process = subprocess.run(
        [sys.executable, "-c", LISTING, path, str(count)], capture_output=True, text=True, check=True
    )
    return float(process.stdout), 0, 0


def inspections(program, sample, many, runs):
    dump = os.path.join(os.path.dirname(sys.executable), "gguf-dump")
    inspect = [program, "inspect", sample]
    report("`inspect` of the GGUF", *rotate(pairs(
        runs, lambda: run(inspect), lambda: run([dump, sample])), "`gguf-dump`"), "≤ 0.005")
    count = 100_000
    many_tensors(many, count)
    inspect = [program, "inspect", many, "--tensors"]
    report("`inspect --tensors` of 100,000 tensors", *rotate(pairs(
        runs, lambda: run(inspect), lambda: listing(many, count)), "safetensors, open and list"), "≤ 1.0")
    report("the same", *rotate(pairs(
        runs, lambda: run(inspect),
        lambda: run([sys.executable, "-c", LISTING, many, str(count)])),
        "the same, with Python's start"), "")


def rotate(found, peer):
    return found[0], peer, found[1]


def compressing(program, sample, model, folder, runs):
    """Three ways of ours to a compressed file, each round beside one run of zstd."""
    names = [name for name in os.listdir(model) if name.endswith(".safetensors")]
    if names != ["model.safetensors"]:
        sys.exit("the FP16 model must be one file")
    source = os.path.join(model, names[0])
    packed, output = os.path.join(folder, "packed.zst"), os.path.join(folder, "compressed")
    ours = ["--threads", "2", "--quiet"]
    convert = [program, "convert", sample, "--to", "fp16", "--compress", "zstd:3", "--shard-size", "1TB",
               "-o", output] + ours
    rows = [
        ("`convert --to fp16 --compress zstd --no-verify`", convert + ["--no-verify"], "≤ 1.1"),
        ("the same, proven", convert, ""),
        ("`pack` of FP16", [program, "pack", source, "-o", packed, "--level", "3"] + ours, ""),
    ]
    theirs, found = [], [[] for _ in rows]
    for _ in range(runs):
        theirs.append(run(["zstd", "-q", "-T2", "-3", source, "-o", packed]))
        os.remove(packed)
        for results, (_, command, _) in zip(found, rows):
            results.append(run(command))
            shutil.rmtree(output) if os.path.isdir(output) else os.remove(packed)
    for results, (name, _, target) in zip(found, rows):
        report(name, results, "`zstd -T2 -3`", theirs, target)


def measure(program, shape, runs, folder):
    sample, model = os.path.join(folder, "sample.gguf"), os.path.join(folder, "fp16")
    run([program, "sample", "--shape", shape, "--seed", "1", "-o", sample, "--quiet"])
    print(f"{shape} sample, {runs} runs\n")
    print("| bonsai-fmt | peer | wall s | peer's wall s | ratio | peak MiB | peer's |")
    print("|---|---|---|---|---|---|---|")
    inspections(program, sample, os.path.join(folder, "many.safetensors"), runs)
    report("`fingerprint` of the GGUF", *rotate(pairs(
        runs, lambda: run([program, "fingerprint", sample]), lambda: run(["sha256sum", sample])),
        "`sha256sum`"), "≤ 1.0")
    run([program, "convert", sample, "--to", "fp16", "-o", model, "--shard-size", "1TB", "--no-verify", "--quiet"])
    compressing(program, sample, model, folder, runs)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--shape", default="1.7b", choices=["micro", "1.7b", "4b", "8b"])
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--in", dest="folder", default=".")
    options = parser.parse_args()
    for tool in ("zstd", "sha256sum"):
        if not shutil.which(tool):
            sys.exit(f"{tool} is needed")
    with tempfile.TemporaryDirectory(prefix="bonsai-peers-", dir=options.folder) as folder:
        measure(os.path.abspath(options.program), options.shape, options.runs, folder)


main()
