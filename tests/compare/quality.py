"""`make quality`: how good and how fast comparison is on every real pair, written to docs/quality.md; fails below what is promised."""

import difflib
import multiprocessing
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from server.compare.compare import compare
from server.compare.model import Kind, Side, side_of
from server.formats.canonical import Line
from server.ids import BlockId
from server.text.numbering import load_scheme
from tests.compare.corpus import ACTS, QUIET, act, against_anchors, imported, pair, pairs_of, reported, side
from tests.compare.mutations import Scores, mutate
from tests.compare.notes import against_notes
from tests.conftest import ROOT

MUTATED = ("zu-2939", "konst", "kmu-1236", "zu-3262", "kmu-1272", "gg-", "tpg", "constitution-1958")
SEEDS = 6
PATIENCE_S = 60
NOISE = (("konst", 10, 11), ("zu-2114", 1, 2), ("konst", 5, 6), ("tpg", 3, 4))


def main() -> int:
    """Measures, writes the page, prints it; 1 when a promise is not kept."""
    failed: list[str] = []
    parts = ["# Quality of comparison", "Made by `make quality`; the rules are in [spec/compare.md](spec/compare.md).", *_alignment(failed)]
    parts += [*_notes(failed), *_noise(failed), *_mutations(failed), *_times()]
    page = "\n\n".join(parts) + "\n"
    (ROOT / "docs" / "quality.md").write_text(page, encoding="utf-8")
    print(page)
    for line in failed:
        print(f"not kept: {line}", file=sys.stderr)
    return 1 if failed else 0


def _promise(failed: list[str], name: str, value: float, least: float) -> str:
    if value < least:
        failed.append(f"{name}: {value:.4f}, promised {least}")
    return f"{100 * value:.2f} %"


def _alignment(failed: list[str]) -> Iterator[str]:
    right, wrong, apart, count, exact = 0, list[str](), list[str](), 0, 0
    for folder in ACTS:
        for found in pairs_of(folder):
            if found.facts.get("anchors"):
                comparison = compare(side(found.old), side(found.new))
                score, sets = against_anchors(found, comparison), reported(found, comparison)
                known = (set(found.facts["anchors"][name]) for name in ("added", "removed", "changed"))
                exact += all(told == ids for told, ids in zip((sets.added, sets.removed, sets.changed), known, strict=True))
                right, count = right + score.right, count + 1
                wrong, apart = wrong + score.wrong, apart + score.apart
    share = _promise(failed, "anchors", right / (right + len(wrong) + len(apart)), 0.995)
    yield "## Units against the sources' own ids"
    units = right + len(wrong) + len(apart)
    yield f"{count} pairs: {share} of {units} units as the ids say; {len(wrong)} taken for another, {len(apart)} left alone."
    yield f"Added, removed and changed ids are exactly those of the sources in {exact} of the {count} pairs."
    yield "\n".join(f"- {line}" for line in (*wrong, *apart)) or "None differs."


def _notes(failed: list[str]) -> Iterator[str]:
    pairs = [found for folder in ACTS if folder.parent.name == "uk" for found in pairs_of(folder) if found.facts]
    scores = [against_notes(compare(side(found.old), side(found.new))) for found in pairs]
    named, found = sum(score.named for score in scores), sum(score.found for score in scores)
    changes, unnamed = sum(score.changes for score in scores), sum(score.unnamed for score in scores)
    yield "## Editors' notes"
    recall = _promise(failed, "notes", found / named, 1.0)
    yield f"New notes that name a provision: {named}; a change is reported there: {found} ({recall})."
    share = f"{100 * unnamed / changes:.1f} %"
    yield f"Reported units: {changes}; in provisions that no note names: {unnamed} ({share}; one note often stands for a new wording)."


def _noise(failed: list[str]) -> Iterator[str]:
    yield "## Pairs that differ only in typesetting and notes"
    lines = ["| pair | rows that are a change | typographic | orthographic | note |", "|---|---|---|---|---|"]
    for name, old, new in NOISE:
        found = pair(name, old, new)
        counts = compare(side(found.old), side(found.new)).summary()
        loud = sum(count for kind, count in counts.items() if kind not in QUIET)
        if loud:
            failed.append(f"noise in {found.name}: {loud}")
        lines.append(f"| {found.name} | {loud} | {counts[Kind.TYPOGRAPHIC]} | {counts[Kind.ORTHOGRAPHIC]} | {counts[Kind.NOTE]} |")
    yield "\n".join(lines)


def _mutations(failed: list[str]) -> Iterator[str]:
    scores = Scores()
    for name in MUTATED:
        source = side(sorted(act(name).glob("*.md"))[1])
        for seed in range(SEEDS):
            mutant = mutate(source, seed)
            scores.add(compare(source, mutant.side), mutant)
    yield "## Seeded edits"
    lines = ["| edit | true | precision | recall |", "|---|---|---|---|"]
    for name, score, least in (("move", scores.moved, 0.98), ("renumber", scores.renumbered, 0.98), ("split, merge", scores.grouped, 0.9)):
        shares = [
            _promise(failed, f"{name} {what}", value, least) for what, value in (("precision", score.precision), ("recall", score.recall))
        ]
        lines.append(f"| {name} | {score.right + score.missed} | {shares[0]} | {shares[1]} |")
    kinds = "move (half of them edited), swap, insert and shift, split, merge, rename"
    yield f"{len(MUTATED)} acts, {SEEDS} seeds each, 8 edits of every kind: {kinds}."
    yield "\n".join(lines)


def _times() -> Iterator[str]:
    files = act("tsyv") / "02_2022-07-19.md", act("tsyv") / "03_2022-08-01.md"
    old, new = side(files[0]), side(files[1])
    rewritten, edited, paragraphs = _rewritten(old), _edited(old), _paragraphs(old)
    yield "## Time"
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    yield f"In one run on {machine}, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors; the best of several."
    lines = ["| | seconds | of processor |", "|---|---|---|"]
    lines.append(f"| two trees of 400 kB, numbered, aligned, told | {_best(lambda: _from_trees(1400))} |")
    lines.append(f"| the Civil Code, 1.7 MB | {_best(lambda: _from_trees(0))} |")
    lines.append(f"| … the whole command with both imports | {_best(lambda: _command(files), 2)} |")
    lines.append(f"| 2 MB of units rewritten | {_best(lambda: compare(*rewritten), 1)} |")
    lines.append(f"| every unit of the Civil Code edited | {_best(lambda: compare(old, edited), 1)} |")
    lines.append(f"| a paragraph of 1 MB, 2,000 edits | {_best(lambda: compare(*paragraphs), 1)} |")
    lines += [f"| {name} on the Civil Code | {spent} |" for name, spent in _others(old, new, files)]
    yield "\n".join(lines)


def _from_trees(units: int) -> None:
    """From trees to a comparison; `units` > 0 takes that many blocks around the place where the editions differ."""
    trees = [imported(act("tsyv") / name).tree for name in ("02_2022-07-19.md", "03_2022-08-01.md")]
    cut = [type(tree)(tree.blocks[4300 : 4300 + units] if units else tree.blocks) for tree in trees]
    compare(*(side_of(tree, load_scheme("law")) for tree in cut))


def _best(work: Callable[[], object], times: int = 5) -> str:
    """Seconds on the clock and of the processor, children included, of the best run: two cells of a table."""
    spent: list[tuple[float, float]] = []
    for _ in range(times):
        start, before = time.perf_counter(), _processor()
        work()
        spent.append((time.perf_counter() - start, _processor() - before))
    return " | ".join(f"{min(column):.2f}" for column in zip(*spent, strict=True))


def _processor() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _command(files: tuple[Path, Path]) -> None:
    with tempfile.NamedTemporaryFile() as target:
        subprocess.run([sys.executable, "-m", "server.cli", "compare", *map(str, files), "-o", target.name], check=True, cwd=ROOT)


def _words(source: Side) -> list[str]:
    return [word for unit in source.units for word in unit.text.split()]


def _rewritten(source: Side) -> tuple[Side, Side]:
    draw, words = Random(1), _words(source)

    def text(prefix: str) -> Side:
        return Side("", tuple(Line(BlockId(f"{prefix}{n}"), "paragraph", "", " ".join(draw.choices(words, k=60))) for n in range(4500)))

    return text("л"), text("п")


def _edited(source: Side) -> Side:
    draw = Random(2)
    lines = []
    for place, unit in enumerate(source.units):
        words = unit.text.split(" ")
        words[draw.randrange(len(words))] = "змінено"
        lines.append(Line(BlockId(f"п{place}"), unit.kind, unit.label, " ".join(words)))
    return Side("", tuple(lines))


def _paragraphs(source: Side) -> tuple[Side, Side]:
    draw, words = Random(3), _words(source)[:130_000]
    changed = list(words)
    for place in draw.sample(range(len(words)), 2000):
        changed[place] = "змінено"
    sides = (Side("", (Line(BlockId(f"б{n}"), "paragraph", "", " ".join(text)),)) for n, text in enumerate((words, changed)))
    left, right = sides
    return left, right


def _difflib(left: list[str], right: list[str]) -> None:
    difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes()


def _others(old: Side, new: Side, files: tuple[Path, Path]) -> Iterator[tuple[str, str]]:
    names = [str(file) for file in files]
    yield "`git diff --word-diff`", _tool(["git", "diff", "--no-index", "--word-diff", *names])
    yield "`wdiff`", _tool(["wdiff", *names]) if shutil.which("wdiff") else "not installed |"
    yield "difflib over paragraphs", _best(lambda: _difflib([u.text for u in old.units], [u.text for u in new.units]), 1)
    yield "difflib over words", _best(lambda: _with_patience(_words(old), _words(new)), 1) + f" (at most {PATIENCE_S})"


def _with_patience(left: list[str], right: list[str]) -> None:
    """Not longer than PATIENCE_S: it is quadratic."""
    worker = multiprocessing.get_context("fork").Process(target=_difflib, args=(left, right))
    worker.start()
    worker.join(PATIENCE_S)
    worker.kill()
    worker.join()


def _tool(command: list[str]) -> str:
    return _best(lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=False), 3)


if __name__ == "__main__":
    sys.exit(main())
