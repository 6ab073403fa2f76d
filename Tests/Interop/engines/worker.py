"""Runs one model in one engine, in a process of its own and with the engine's own packages.

usage: worker.py ENGINE MODEL SETTING PROMPTS.json RESULT.npz

RESULT gets the engine's version and, for each prompt, the ids that the engine's own tokenizer makes
of it with the model's files, and a row of logits for each of them. Exit status: 0 when it is
written, 3 when the engine cannot run here, with the reason as last line; else the engine did not
take the model.
"""

import importlib
import json
import sys
import traceback
from pathlib import Path

UNAVAILABLE = 3


class Unavailable(Exception):
    """Why an engine cannot do here what is asked, whatever the model."""


def engine_named(name: str):
    try:
        return importlib.import_module("on_" + name.replace(".", "_"))
    except Exception as error:  # whatever a broken installation throws
        traceback.print_exc()
        raise Unavailable(f"{name} cannot be imported: {error}")


def main() -> None:
    name, model, setting, prompts, result = sys.argv[1:]
    engine = engine_named(name)
    import numpy as np  # known to be there only with an engine
    rows = {"version": np.array(engine.version())}
    texts = json.loads(Path(prompts).read_text())
    for index, (ids, logits) in enumerate(engine.logits(Path(model), setting, texts)):
        rows[f"ids{index}"] = np.asarray(ids, np.int64)
        rows[f"logits{index}"] = np.asarray(logits, np.float32)
    np.savez(result, **rows)


if __name__ == "__main__":
    sys.modules["worker"] = sys.modules["__main__"]  # so that engines raise this Unavailable
    try:
        main()
    except Unavailable as error:
        print(error, file=sys.stderr)
        sys.exit(UNAVAILABLE)
