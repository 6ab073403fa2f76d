"""zstd reads what we pack, and we read what zstd packs."""

import shutil
import subprocess

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
