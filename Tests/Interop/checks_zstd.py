"""zstd and readers of seek tables read what we pack, and we read what they pack."""

import random
import shutil
import struct
import subprocess

import numpy as np
import pyzstd
import zstandard
from gguf import GGUFReader
from safetensors.numpy import load_file

from support import FIXTURES


def run(*arguments):
    return subprocess.run([str(argument) for argument in arguments], check=True, capture_output=True)


def fingerprint(tool, path):
    return tool.run("fingerprint", path).stdout


def check_zstd_reads_ours(tool):
    for source in [FIXTURES / "micro" / "f16.gguf", FIXTURES / "micro" / "awq" / "model.safetensors"]:
        for level in [1, 3, 19]:
            packed = tool.folder / f"{source.stem}-{level}.zst"
            tool.run("pack", source, "--level", level, "-o", packed)
            run("zstd", "-q", "-t", packed)
            assert run("zstd", "-q", "-d", "-c", packed).stdout == source.read_bytes(), (source, level)


def check_we_read_theirs(tool):
    source = FIXTURES / "micro" / "q1_0.gguf"
    expected = fingerprint(tool, source)
    ways = [["-1"], ["-19", "--long=27"], ["-T0"], ["--no-check"], ["--no-content-size"]]
    for number, way in enumerate(ways):
        packed = tool.folder / f"theirs-{number}.zst"
        with source.open("rb") as stream:
            packed.write_bytes(
                subprocess.run(["zstd", "-q", "-c", *way], stdin=stream, check=True,
                               stdout=subprocess.PIPE).stdout)
        unpacked = tool.folder / f"theirs-{number}.gguf"
        tool.run("inspect", packed)
        tool.run("unpack", packed, "-o", unpacked)
        assert unpacked.read_bytes() == source.read_bytes(), way
        assert fingerprint(tool, unpacked) == expected, way


def check_beyond_the_window(tool):
    source = tool.folder / "zeros.bin"
    source.write_bytes(b"GGUF" + bytes(1000))
    packed = tool.folder / "wide.zst"
    with source.open("rb") as stream, packed.open("wb") as target:
        subprocess.run(["zstd", "-q", "-c", "--long=28"], stdin=stream, stdout=target, check=True)
    result = tool.run("inspect", packed, status=65)
    assert "a window of 268435456 bytes" in result.stderr, result.stderr


def check_packed_models_convert(tool):
    copy = tool.folder / "to-pack"
    shutil.copytree(FIXTURES / "micro" / "awq", copy)
    tool.run("pack", copy)
    packed = tool.folder / "to-pack.zst"
    run("zstd", "-q", "-t", packed / "model.safetensors.zst")
    tool.run("convert", packed, "--to", "gguf", "-o", tool.folder / "from-packed.gguf")
    assert fingerprint(tool, tool.folder / "from-packed.gguf") == fingerprint(tool, copy)


def seek_table(packed):
    """The entries of a seek table, read as zstd's own description of it says."""
    count, flags, magic = struct.unpack("<IBI", packed[-9:])
    assert magic == 0x8F92EAB1 and flags == 0x80, (magic, flags)
    start = len(packed) - 9 - 12 * count
    frame = struct.unpack("<II", packed[start - 8:start])
    assert frame == (0x184D2A5E, 12 * count + 9), frame
    return list(struct.iter_unpack("<III", packed[start:-9])), start - 8


def compare_seek_table(packed, content):
    """Every frame is where the table says, holds what it says, and ends with the checksum there."""
    entries, frames_end = seek_table(packed)
    decompressor = zstandard.ZstdDecompressor()
    place = begin = 0
    for size, content_size, checksum in entries:
        frame = packed[place:place + size]
        assert decompressor.decompress(frame) == content[begin:begin + content_size]
        assert struct.unpack("<I", frame[-4:])[0] == checksum
        place += size
        begin += content_size
    assert (place, begin) == (frames_end, len(content))


def compare_random_access(path, content):
    picks = random.Random(1)
    with pyzstd.SeekableZstdFile(path, "r") as file:
        assert file.seek_table_info[2] == len(content)
        for _ in range(50):
            start = picks.randrange(len(content))
            file.seek(start)
            assert file.read(3000) == content[start:start + 3000], start


def check_others_read_what_convert_compresses(tool):
    source = FIXTURES / "micro" / "q1_0.gguf"
    for target in ["gguf", "gguf-f16"]:
        plain, packed = tool.folder / f"{target}-plain.gguf", tool.folder / f"{target}.gguf.zst"
        tool.run("convert", source, "--to", target, "-o", plain)
        tool.run("convert", source, "--to", target, "--compress", "zstd", "-o", packed)
        compare_packed(packed, plain.read_bytes())
        for one, other in zip(GGUFReader(plain).tensors, GGUFReader(unzstd(packed)).tensors):
            assert one.name == other.name and np.array_equal(one.data, other.data), one.name
    for target in ["fp16", "awq", "mlx"]:
        plain, packed = tool.folder / f"{target}-plain", tool.folder / f"{target}.zst"
        tool.run("convert", source, "--to", target, "-o", plain)
        tool.run("convert", source, "--to", target, "--compress", "zstd:19", "-o", packed)
        file = packed / "model.safetensors.zst"
        compare_packed(file, (plain / "model.safetensors").read_bytes())
        expected, found = load_file(plain / "model.safetensors"), load_file(unzstd(file))
        assert expected.keys() == found.keys()
        assert all(np.array_equal(expected[name], found[name]) for name in expected)


def compare_packed(path, content):
    run("zstd", "-q", "-t", path)
    compare_seek_table(path.read_bytes(), content)
    compare_random_access(path, content)


def unzstd(path):
    """What the tool makes of it, as a file."""
    result = path.with_name(path.name.removesuffix(".zst") + ".back")
    run("zstd", "-q", "-d", "-f", path, "-o", result)
    return result


def check_we_read_seek_tables_of_others(tool):
    source = FIXTURES / "micro" / "f16.gguf"
    expected = fingerprint(tool, source)
    content = source.read_bytes()
    for size in [100_000, 1 << 30]:
        packed = tool.folder / f"pyzstd-{size}.gguf.zst"
        with pyzstd.SeekableZstdFile(packed, "w", max_frame_content_size=size) as file:
            file.write(content)
        assert "zstd with a seek table" in tool.run("inspect", packed).stdout
        assert fingerprint(tool, packed) == expected
        converted = tool.folder / f"pyzstd-{size}.gguf"
        tool.run("convert", packed, "--to", "gguf", "-o", converted)
        assert fingerprint(tool, converted) == expected


def check_shards_of_plain_zstd_convert(tool):
    source = FIXTURES / "micro" / "q1_0.gguf"
    shards = tool.folder / "plain-shards"
    tool.run("convert", source, "--to", "fp16", "--shard-size", "300KB", "-o", shards)
    for shard in sorted(shards.glob("*.safetensors")):
        with shard.open("rb") as stream, open(f"{shard}.zst", "wb") as target:
            subprocess.run(["zstd", "-q", "-c", "-19", "--long=27"], stdin=stream, stdout=target,
                           check=True)
        shard.unlink()
    for target in ["gguf", "awq", "mlx"]:
        output = tool.folder / f"from-plain-shards-{target}"
        tool.run("convert", shards, "--to", target, "-o", output)
        assert fingerprint(tool, output) == fingerprint(tool, source)
