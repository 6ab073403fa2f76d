"""safetensors opens what we write; numpy finds the same values in it as in the source."""

import json

import numpy as np
from gguf import GGMLQuantizationType, GGUFReader
from safetensors import safe_open
from safetensors.numpy import load_file

from support import FIXTURES, MODELS, SAMPLE, values_of_awq, values_of_gguf


def check_tensors_are_those_of_autoawq(tool):
    for model in MODELS:
        ours = load_file(tool.converted(model) / "model.safetensors")
        theirs = load_file(FIXTURES / model / "awq" / "model.safetensors")
        assert ours.keys() == theirs.keys()
        for name, tensor in theirs.items():
            assert ours[name].dtype == tensor.dtype and ours[name].shape == tensor.shape, name
            assert ours[name].tobytes() == tensor.tobytes(), name


def check_metadata_says_pytorch(tool):
    with safe_open(tool.converted("micro") / "model.safetensors", framework="np") as file:
        assert file.metadata() == {"format": "pt"}


def check_values_are_those_of_the_source(tool):
    for model in [*MODELS, SAMPLE]:
        expected = values_of_gguf(tool.source(model))
        found = values_of_awq(tool.converted(model))
        assert expected.keys() == found.keys()
        for name, values in expected.items():
            assert np.array_equal(values, found[name]), (model, name)


def check_our_decoding_is_that_of_llama_cpp(tool):
    for model in MODELS:
        values = values_of_gguf(tool.source(model))
        wide = values_of_gguf(FIXTURES / model / "f16.gguf")
        assert values.keys() == wide.keys()
        for name in wide:
            assert np.array_equal(values[name], wide[name]), name


def check_gguf_reads_our_sample(tool):
    reader = GGUFReader(tool.source(SAMPLE))
    reference = GGUFReader(tool.source("micro"))
    described = lambda file: [(t.name, t.tensor_type, t.shape.tolist()) for t in file.tensors]
    assert described(reader) == described(reference)
    types = {tensor.tensor_type for tensor in reader.tensors}
    assert types == {GGMLQuantizationType.Q1_0, GGMLQuantizationType.F32}
    assert reader.fields["general.architecture"].contents() == "qwen3"
    assert len(reader.fields["tokenizer.ggml.tokens"].contents()) == 512


def check_shards_are_one_model(tool):
    path = tool.folder / "sharded"
    tool.run("convert", tool.source("micro"), "--to", "awq", "--shard-size", "200KB", "-o", path)
    index = json.loads((path / "model.safetensors.index.json").read_text())
    whole = load_file(tool.converted("micro") / "model.safetensors")
    assert index["weight_map"].keys() == whole.keys()
    assert index["metadata"]["total_size"] == sum(tensor.nbytes for tensor in whole.values())
    shards = {name: load_file(path / name) for name in set(index["weight_map"].values())}
    assert len(shards) > 1
    assert sum(map(len, shards.values())) == len(whole)
    for name, shard in index["weight_map"].items():
        assert shards[shard][name].tobytes() == whole[name].tobytes(), name
