"""llama.cpp: a GGUF, by llama-cpp-python; keys and values are cached in F32."""

from pathlib import Path

import llama_cpp


def version() -> str:
    return f"llama-cpp-python {llama_cpp.__version__}"


def logits(path: Path, setting: str, texts: list[str]):
    model = llama_cpp.Llama(
        str(path), n_ctx=256, n_batch=256, logits_all=True, verbose=False,
        type_k=llama_cpp.GGML_TYPE_F32, type_v=llama_cpp.GGML_TYPE_F32)
    for text in texts:
        ids = model.tokenize(text.encode(), add_bos=False, special=True)
        model.reset()
        model.eval(ids)
        yield ids, model.scores[:len(ids)].copy()
