"""Files as no quantizer writes them, made with gguf's own writer."""

import numpy as np

from support import FIXTURES, hugging_face_name, rewrite, values_of_awq, values_of_gguf

SOURCE = FIXTURES / "micro" / "q1_0.gguf"
ODD = {
    "zero": 0x0000, "negative zero": 0x8000, "negative": 0xBE00, "smallest": 0x0001,
    "negative subnormal": 0x83FF, "largest": 0x7BFF, "most negative": 0xFBFF,
}


def with_scale(tool, bits: int, name: str, row: int, group: int):
    path = tool.folder / f"odd-{bits:04x}-{name}.gguf"

    def change(tensor, data):
        if tensor == name:
            data[row, group * 18:group * 18 + 2] = np.frombuffer(np.uint16(bits).tobytes(), np.uint8)

    rewrite(SOURCE, path, change)
    return path


def check_odd_scales_keep_their_values(tool):
    for label, bits in ODD.items():
        for name in ["blk.1.ffn_down.weight", "token_embd.weight"]:
            path = with_scale(tool, bits, name, 3, 0)
            target = path.with_suffix(".awq")
            tool.run("convert", path, "--to", "awq", "-o", target)
            expected, found = values_of_gguf(path), values_of_awq(target)
            odd = expected[hugging_face_name(name)][3, :128]
            scale = np.frombuffer(np.uint16(bits).tobytes(), "<f2").astype(np.float32)
            assert np.array_equal(np.abs(odd), np.full(128, np.abs(scale[0]))), label
            for tensor, values in expected.items():
                assert np.array_equal(values, found[tensor]), (label, tensor)


def check_scales_that_are_not_finite_are_refused(tool):
    for bits, value in [(0x7E00, "nan"), (0x7C00, "inf"), (0xFC00, "-inf")]:
        path = with_scale(tool, bits, "blk.0.ffn_down.weight", 77, 1)
        target = path.with_suffix(".awq")
        error = tool.run("convert", path, "--to", "awq", "-o", target, status=65).stderr
        assert f"tensor 'blk.0.ffn_down.weight' row 77 group 1: the scale of this group is {value}" \
            in error, error
        assert str(path) in error, error
        assert not target.exists()
        assert not list(tool.folder.glob(".*partial*"))


def check_a_file_of_the_python_writer_converts(tool):
    path = tool.folder / "rewritten.gguf"
    rewrite(SOURCE, path, lambda name, data: None)
    target = tool.folder / "rewritten-awq"
    tool.run("convert", path, "--to", "awq", "-o", target)
    ours = (target / "model.safetensors").read_bytes()
    assert ours == (FIXTURES / "micro" / "awq" / "model.safetensors").read_bytes()


def check_exit_statuses(tool):
    target = tool.converted("micro")
    tool.run("convert", tool.folder / "none.gguf", "--to", "awq", "-o", "x", status=66)
    tool.run("convert", tool.source("micro"), "--to", "nothing", "-o", "x", status=64)
    tool.run("convert", tool.source("micro"), "--to", "awq", "-o", target, status=73)
    weights = target / "model.safetensors"
    tool.run("convert", weights, "--to", "awq", "-o", tool.folder / "again", status=65)
    tool.run("convert", tool.source("micro"), "--to", "awq", "-o", target, "--force")
