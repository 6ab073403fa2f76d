"""Split GGUFs are cut where others cut them, and their readers find what we mean in them."""

import numpy as np
from gguf import GGUFReader

from support import FIXTURES, MODELS, rewrite

SOURCES = {"gguf": "q1_0.gguf", "gguf-f16": "f16.gguf"}
PADDING = 32


def cut(tensors, max_bytes=None, max_tensors=None):
    """llama-gguf-split's loop, written down a second time."""
    groups, filled = [[]], 0
    for tensor in tensors:
        size = -(-tensor.n_bytes // PADDING) * PADDING
        full = max_bytes is not None and filled + size > max_bytes
        full = full or (max_tensors is not None and len(groups[-1]) == max_tensors)
        if full and groups[-1]:
            groups, filled = [*groups, []], 0
        groups[-1].append(tensor)
        filled += size
    return groups


def split(tool, model, target, *options):
    path = tool.folder / "-".join([model, target, *map(str, options)]).replace("--", "")
    if not path.exists():
        source = FIXTURES / model / SOURCES[target]
        tool.run("convert", source, "--to", target, "-o", path, *options)
    return sorted(path.iterdir())


def check_every_file_is_that_of_the_python_writer(tool):
    for model in MODELS:
        for target, source in SOURCES.items():
            for ours_option, theirs in [
                (["--split-max-tensors", 1], {"split_max_tensors": 1}),
                (["--split-max-tensors", 7], {"split_max_tensors": 7}),
                (["--split-max-size", "20K"], {"split_max_size": 20_000}),
                (["--split-max-size", "1"], {"split_max_size": 1}),
                (["--split-max-size", "30kB", "--split-max-tensors", 4],
                 {"split_max_size": 30_000, "split_max_tensors": 4}),
            ]:
                ours = split(tool, model, target, *ours_option)
                folder = tool.folder / f"python-{ours[0].parent.name}"
                folder.mkdir(exist_ok=True)
                rewrite(FIXTURES / model / source, folder / f"{ours[0].parent.name}.gguf", **theirs)
                assert [path.name for path in ours] == sorted(p.name for p in folder.iterdir())
                for path in ours:
                    assert path.read_bytes() == (folder / path.name).read_bytes(), path.name


def check_sizes_are_counted_as_llama_cpp_counts_them(tool):
    for model in MODELS:
        for target, source in SOURCES.items():
            tensors = GGUFReader(FIXTURES / model / source).tensors
            for size in [1, 5_000, 18_432, 18_433, 36_864, 70_000, 10**9]:
                files = split(tool, model, target, "--split-max-size", size)
                expected = [[tensor.name for tensor in group] for group in cut(tensors, size)]
                found = [[tensor.name for tensor in GGUFReader(path).tensors] for path in files]
                assert found == expected, (model, target, size)


def check_numbers_and_keys(tool):
    for model in MODELS:
        files = split(tool, model, "gguf", "--split-max-tensors", 7)
        whole = GGUFReader(FIXTURES / model / "q1_0.gguf")
        names = {name for name in whole.fields if not name.startswith("GGUF.")}
        own = {"split.no": np.uint16, "split.count": np.uint16, "split.tensors.count": np.int32}
        for index, path in enumerate(files):
            reader = GGUFReader(path)
            keys = {name for name in reader.fields if not name.startswith("GGUF.")}
            assert keys == (names | set(own) if index == 0 else set(own)), path.name
            values = [index, len(files), len(whole.tensors)]
            for (key, kind), value in zip(own.items(), values):
                part = reader.fields[key].parts[-1]
                assert part.dtype == kind and part.tolist() == [value], (path.name, key)


def check_an_alignment_holds_in_every_file(tool):
    source = tool.folder / "aligned.gguf"
    rewrite(FIXTURES / "micro" / "q1_0.gguf", source, alignment=4096)
    whole = {tensor.name: tensor.data.tobytes() for tensor in GGUFReader(source).tensors}
    target = tool.folder / "aligned"
    tool.run("convert", source, "--to", "gguf", "-o", target, "--split-max-tensors", 9)
    found = {}
    for path in target.iterdir():
        reader = GGUFReader(path)
        assert reader.alignment == 4096 and reader.data_offset % 4096 == 0
        for tensor in reader.tensors:
            assert tensor.data_offset % 4096 == 0
            found[tensor.name] = tensor.data.tobytes()
    assert found == whole
