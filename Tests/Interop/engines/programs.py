"""The programs that run.py starts: bonsai-fmt, and each engine in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

from compare import Logits
from plan import OUTPUTS, PROMPTS, SPLIT, Model, Run
from worker import UNAVAILABLE

HERE = Path(__file__).resolve().parent


class Skipped(Exception):
    """What is missing here."""


class Failed(Exception):
    """What a program said of our file."""


class Engines:
    """Runs models in engines, each in a process of its own, and each only once."""

    def __init__(self, environments: Path, folder: Path):
        self.environments = environments
        self.folder = folder
        self.results: dict[tuple, Logits | Exception] = {}
        self.prompts = folder / "prompts.json"
        self.prompts.write_text(json.dumps(PROMPTS))

    def logits(self, run: Run, model: Path) -> Logits:
        key = (run.engine, run.setting, model)
        if key not in self.results:
            result = self.folder / f"{len(self.results)}.npz"
            try:
                self.python(run.engine, "worker.py", run.engine, model, run.setting, self.prompts,
                            result)
                self.results[key] = Logits.load(result)
            except (Skipped, Failed) as error:
                self.results[key] = error
        if isinstance(self.results[key], Exception):
            raise self.results[key]
        return self.results[key]

    def python(self, engine: str, script: str, *arguments) -> None:
        """Runs a script with an engine's packages."""
        interpreter = self.environments / engine / "bin" / "python"
        if not interpreter.exists():
            raise Skipped(f"{engine} is not installed")
        result = execute(interpreter, HERE / script, *arguments)
        if result.returncode == UNAVAILABLE:
            raise Skipped(last_line(result.stderr))
        if result.returncode != 0:
            print(result.stderr[-4000:], file=sys.stderr)
            raise Failed(f"{engine}, status {result.returncode}: {last_line(result.stderr)}")

    def versions(self) -> dict[str, str]:
        return {
            key[0]: result.version for key, result in self.results.items()
            if isinstance(result, Logits)}


class Converter:
    """The program under test."""

    def __init__(self, binary: Path, folder: Path):
        self.binary = binary
        self.folder = folder
        self.help = execute(binary, "convert", "--help").stdout
        self.made: dict[tuple[str, str], Path] = {}

    def ours(self, model: Model, layout: str) -> Path:
        """Our file of a layout, or the first of its shards."""
        key = (model.name, layout)
        if key not in self.made:
            self.made[key] = self.convert(model, layout)
        return self.made[key]

    def convert(self, model: Model, layout: str) -> Path:
        output, source = OUTPUTS[layout], model.sources[layout]
        if unknown := [text for text in output.options[:1] if text not in self.help]:
            raise Skipped(f"bonsai-fmt does not know {unknown[0]}")
        if isinstance(source, str):
            source = self.ours(model, source)
        target = self.folder / model.name / layout.replace(", ", "-") / output.name
        target.parent.mkdir(parents=True)
        result = execute(
            self.binary, "convert", source, "--to", output.to, "-o", target, *output.options)
        if result.returncode != 0:
            raise Failed(f"bonsai-fmt, status {result.returncode}: {last_line(result.stderr)}")
        if layout == SPLIT:
            shards = sorted(target.parent.rglob("*-00001-of-*.gguf"))
            if len(shards) != 1:
                raise Failed(f"bonsai-fmt wrote {len(shards)} first shards")
            return shards[0]
        return target


def execute(*arguments, limit: int = 900) -> subprocess.CompletedProcess:
    """Runs a program to its end; one that takes too long has failed."""
    command = list(map(str, arguments))
    try:
        return subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=limit)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 124, "", f"no end after {limit} s")
    except OSError as error:
        return subprocess.CompletedProcess(command, 127, "", str(error))


def last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it said nothing"])[-1]
