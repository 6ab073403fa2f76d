"""Runs one model in one engine, in a process of its own and with the engine's own packages.

usage: worker.py ENGINE MODEL SETTING PROMPTS.json RESULT.npz

RESULT gets the engine's version and, for each prompt, the ids that the engine's own tokenizer makes
of it with the model's files, and a row of logits for each of them. Exit status: 0 when it is
written, 3 when the engine cannot be imported; else the engine did not take the model.
"""

import importlib
import json
import sys
import traceback
from pathlib import Path

NOT_IMPORTABLE = 3


def main() -> None:
    engine, model, setting, prompts, result = sys.argv[1:]
    try:
        module = importlib.import_module("on_" + engine.replace(".", "_"))
    except Exception:  # whatever a broken installation throws
        traceback.print_exc()
        sys.exit(NOT_IMPORTABLE)

    import numpy as np  # known to be there only with an engine
    rows = {"version": np.array(module.version())}
    texts = json.loads(Path(prompts).read_text())
    for index, (ids, logits) in enumerate(module.logits(Path(model), setting, texts)):
        rows[f"ids{index}"] = np.asarray(ids, np.int64)
        rows[f"logits{index}"] = np.asarray(logits, np.float32)
    np.savez(result, **rows)


if __name__ == "__main__":
    main()
