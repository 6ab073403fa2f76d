"""The fingerprint is the one that its definition gives, written down a second time in Python."""

from fingerprint_reference import fingerprint
from support import FIXTURES, MODELS, SAMPLE, rewrite


def check_fingerprints_are_those_of_the_definition(tool):
    for model in MODELS:
        expected = fingerprint(FIXTURES / model / "fp16")
        assert expected == fingerprint(FIXTURES / model / "q1_0.gguf"), model
        for form in ["q1_0.gguf", "f16.gguf", "fp16", "awq", "mlx"]:
            found = tool.run("fingerprint", FIXTURES / model / form).stdout.strip()
            assert found == expected, (model, form)


def check_the_fingerprint_of_a_sample(tool):
    path = tool.source(SAMPLE)
    assert tool.run("fingerprint", path).stdout.strip() == fingerprint(path)


def check_verify_sees_one_sign(tool):
    def turn(name, data):
        if name == "blk.0.ffn_up.weight":
            data.reshape(-1)[5] ^= 1
    path = tool.folder / "turned.gguf"
    rewrite(tool.source("micro"), path, turn)
    same = tool.run("verify", tool.source("micro"), FIXTURES / "micro" / "mlx").stdout
    assert same.startswith("same weights: ")
    text = tool.run("verify", tool.source("micro"), path, status=1).stdout
    assert "model.layers.0.mlp.up_proj.weight: 1 signs flipped, 0 scales" in text
    assert fingerprint(path) == tool.run("fingerprint", path).stdout.strip()
