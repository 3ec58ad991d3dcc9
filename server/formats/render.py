"""What every writer needs: final labels, the words of cross references, placeholder marks as text."""

from collections.abc import Iterator
from functools import cached_property

from server.crdt.content import Run
from server.formats.blocks import BREAK, safe_href
from server.text.convert import merge_runs
from server.text.numbering import Scheme, labels
from server.text.references import Citations
from server.text.tree import Tree, Unit


class Rendering:
    """A tree as it is shown: labels are final, references and footnote anchors are words, only breaks stay placeholders."""

    def __init__(self, tree: Tree, scheme: Scheme) -> None:
        self.tree = tree
        self._scheme = scheme
        self.labels = labels(tree, scheme)

    @cached_property
    def _citations(self) -> Citations:
        return Citations(self.tree, self._scheme)

    def runs(self, runs: tuple[Run, ...], source: str = "") -> tuple[Run, ...]:
        """The runs to show; `source` is the unit they stand in."""
        return merge_runs(shown for run in runs for shown in self._shown(run, source))

    def _shown(self, run: Run, source: str) -> Iterator[Run]:
        marks = {name: value for name, value in run.marks.items() if name not in {"ref", "footnote", "image", "break"}}
        for name, value in run.marks.items():
            match name:
                case "break":
                    yield from (BREAK for _ in run.text)
                case "ref":
                    yield Run(self._citations.cite(str(value.get("target", "")), str(value.get("form", "")), source), marks)
                case "footnote":
                    yield Run(self.labels_of(str(value.get("target", ""))), {**marks, "sup": {}})
                case "image":
                    href = safe_href(str(value.get("src", "")))
                    yield Run(str(value.get("alt", "")) or href, {**marks, "link": {"href": href}} if href else marks)
                case _:
                    continue
            return
        yield Run(run.text, marks)

    def labels_of(self, bid: str) -> str:
        """The label of a footnote, or a star when it is gone."""
        return next((label for unit, label in self.labels.items() if unit == bid), "") or "*"

    def line(self, unit: Unit) -> tuple[Run, ...]:
        """Label and text of a unit as one line of runs."""
        label, runs = self.labels[unit.bid], self.runs(unit.runs, unit.bid)
        return (Run(f"{label} "), *runs) if label and runs else (Run(label), *runs)


def plain_text(runs: tuple[Run, ...], line_break: str = "\n") -> str:
    """The text of shown runs."""
    return "".join(line_break * len(run.text) if "break" in run.marks else run.text for run in runs)
