#!/usr/bin/env python3
"""Do engines compute with our files what they compute with everybody else's?

usage: run.py [BINARY] [--environments FOLDER] [--only ENGINE ...] [--json FILE]

Converts the fixtures and small random models of other architectures, runs three prompts through
each engine, and compares the logits with those of other people's file of the same layout in the
same engine, and with those of transformers in float32. Exit status: 0 when all ran and agreed, 1
when something failed, 2 on wrong usage, 3 when nothing failed but something was skipped. README.md
beside this file says what it needs.
"""

import argparse
import json
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from compare import Difference, difference, unlike_tensors
from plan import ARCHITECTURES, MODELS, REFERENCE, RUNS, Model, Run, fixture, made
from programs import Converter, Engines, Failed, Skipped

PACKAGE = Path(__file__).resolve().parent.parent.parent.parent
OK, FAILED, SKIPPED = "ok", "FAILED", "SKIPPED"


@dataclass
class Row:
    """A line of the table: one file of ours in one engine, held against one other result."""

    model: str
    layout: str
    engine: str
    setting: str
    against: str
    verdict: str
    note: str = ""
    largest: float | None = None
    limit: float | None = None
    top1: float | None = None
    top5: float | None = None
    positions: int | None = None


def rows_of(model: Model, run: Run, converter: Converter, engines: Engines) -> list[Row]:
    """Ours against theirs in the same engine, where there is such a file, and the reference."""
    comparisons = []
    if run.layout in model.theirs:
        comparisons.append(("the same engine", run, model.theirs[run.layout]))
    if run != REFERENCE:
        comparisons.append(("transformers", REFERENCE, model.theirs["fp16"]))
    result = []
    for against, other, path in comparisons:
        row = Row(model.name, run.layout, run.engine, run.setting, against, OK)
        try:
            ours = converter.ours(model, run.layout)
            unlike = unlike_tensors(ours, path) if run == other else []
            found = difference(engines.logits(run, ours), engines.logits(other, path))
            judge(row, run, found, run == other and not unlike)
            note_unlike(row, unlike, model.other_forms.get(run.layout, ()))
        except Skipped as error:
            row.verdict, row.note = SKIPPED, str(error)
        except Failed as error:
            row.verdict, row.note = FAILED, str(error)
        result.append(row)
    return result


def judge(row: Row, run: Run, found: Difference | str, exact: bool) -> None:
    if isinstance(found, str):
        row.verdict, row.note = FAILED, found
        return
    row.limit = 0 if exact else run.limit_for(found.magnitude)
    row.largest, row.top1, row.top5, row.positions = (
        found.largest, found.top1, found.top5, found.positions)
    if not (found.largest <= row.limit and found.top1 >= (1 if exact else run.top1)):
        row.verdict = FAILED


def note_unlike(row: Row, unlike: list[str], other_forms: tuple[str, ...]) -> None:
    """Other bytes fail a row, whatever the logits, but where others write the values otherwise."""
    if not unlike:
        return
    row.note = "; ".join(filter(None, [row.note, f"other bytes in {len(unlike)} tensors"]))
    if unexpected := [name for name in unlike if name.rpartition(".")[0] not in other_forms]:
        row.verdict = FAILED
        row.note += f", such as {unexpected[0]}"


def models(engines: Engines, folder: Path):
    """The fixtures, then the made models; a row in place of one that could not be made."""
    for name in MODELS:
        yield fixture(name)
    tokenizer = fixture(MODELS[0]).theirs["fp16"]
    for architecture in ARCHITECTURES:
        directory = folder / "made" / architecture
        try:
            engines.python("transformers", "make_model.py", architecture, tokenizer, directory)
            yield made(architecture, directory)
        except Skipped as error:
            yield Row(architecture, "-", "transformers", "-", "-", SKIPPED, str(error))
        except Failed as error:
            yield Row(architecture, "-", "transformers", "-", "-", FAILED, str(error))


COLUMNS = ["model", "layout", "engine", "setting", "against", "max |Δ|", "limit", "top-1", "top-5",
           "verdict"]
WIDTHS = [16, 12, 13, 18, 16, 9, 8, 7, 7, 8]


def line(cells: list[str]) -> str:
    return " ".join(cell.ljust(width) for cell, width in zip(cells, WIDTHS)).rstrip()


def text_of(row: Row) -> str:
    def number(value, form):
        return "-" if value is None else format(value, form)
    cells = [row.model, row.layout, row.engine, row.setting, row.against,
             number(row.largest, ".3g"), number(row.limit, ".3g"), number(row.top1, ".3f"),
             number(row.top5, ".3f"), row.verdict]
    return line(cells) + (f"  {row.note}" if row.note else "")


def compare_all(converter: Converter, engines: Engines, chosen: list[str]) -> list[Row]:
    rows = []

    def add(row: Row) -> None:
        rows.append(row)
        print(text_of(row), flush=True)

    print(line(COLUMNS))
    for model in models(engines, converter.folder):
        if isinstance(model, Row):
            add(model)
            continue
        for run in RUNS:
            if not chosen or run.engine in chosen:
                for row in rows_of(model, run, converter, engines):
                    add(row)
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary", nargs="?", type=Path,
                        default=PACKAGE / ".build/release/bonsai-fmt")
    parser.add_argument("--environments", type=Path, default=PACKAGE / ".build/engines",
                        metavar="FOLDER", help="where `setup` put the engines")
    parser.add_argument("--only", action="append", default=[], metavar="ENGINE",
                        choices=sorted({run.engine for run in RUNS}))
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    arguments = parser.parse_args()
    if not arguments.binary.is_file():
        parser.error(f"there is no {arguments.binary}")
    with tempfile.TemporaryDirectory(prefix="bonsai-fmt-engines-") as name:
        engines = Engines(arguments.environments.absolute(), Path(name))
        converter = Converter(arguments.binary.resolve(), Path(name) / "models")
        rows = compare_all(converter, engines, arguments.only)
    for engine, version in sorted(engines.versions().items()):
        print(f"{engine}: {version}")
    count = {verdict: sum(row.verdict == verdict for row in rows)
             for verdict in (OK, FAILED, SKIPPED)}
    print(f"engines: {count[OK]} passed, {count[FAILED]} failed, {count[SKIPPED]} skipped")
    if arguments.json:
        document = {"engines": engines.versions(), "rows": [asdict(row) for row in rows]}
        arguments.json.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    return 1 if count[FAILED] else 3 if count[SKIPPED] else 0


if __name__ == "__main__":
    sys.exit(main())
