"""A tree as one standalone HTML page: semantic, styled for reading and print, without anything active in it."""

from html import escape

from server.crdt.content import Run
from server.formats.blocks import safe_href
from server.formats.render import Rendering
from server.text.numbering import Scheme
from server.text.tree import Cell, Table, Tree, Unit

_HEADINGS = {"title": "h1", "book": "h2", "section": "h2", "subsection": "h3", "chapter": "h3", "clause": "h4", "heading": "h4"}
_TAGS = {"strong": "strong", "em": "em", "underline": "u", "strike": "s", "sup": "sup", "sub": "sub"}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = """
:root { color-scheme: light dark; }
body { margin: 0 auto; max-width: 44rem; padding: 2rem 1rem; overflow-wrap: break-word;
  font: 1.0625rem/1.55 "PT Serif", "Times New Roman", serif; }
h1, h2, h3, h4 { line-height: 1.25; text-align: center; margin: 1.6em 0 .6em; break-after: avoid; }
h1 { font-size: 1.3rem; } h2 { font-size: 1.15rem; } h3, h4 { font-size: 1rem; }
p { margin: 0 0 .6em; text-indent: 2.5em; }
.issuer, .act_type { text-align: center; text-indent: 0; font-weight: bold; }
.date_line, .signature { text-indent: 0; }
.approval, .annex { text-indent: 0; margin: 2.5em 0 1em auto; width: 16rem; break-before: page; }
.article { margin-top: 1em; } .article .label { font-weight: bold; }
.quoted { border-inline-start: .2rem solid #8888; padding-inline-start: 1rem; }
.editor_note { font-size: .9rem; font-style: italic; opacity: .8; }
table { border-collapse: collapse; width: 100%; margin: 1em 0; font-size: .95rem; }
td, th { border: 1px solid #888; padding: .3rem .5rem; vertical-align: top; }
@page { margin: 20mm 10mm 20mm 30mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 14pt; }
  a { color: inherit; text-decoration: none; } tr { break-inside: avoid; }
}
"""
_HEAD = (
    f'<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
    '<meta name="viewport" content="width=device-width">\n'
)


def write(tree: Tree, scheme: Scheme, title: str = "") -> bytes:
    """The tree as an HTML page in UTF-8. Every text is escaped; links lead only where `safe_href` allows."""
    rendering = Rendering(tree, scheme)
    body = "\n".join(_unit(block, rendering) if isinstance(block, Unit) else _table(block, rendering) for block in tree.blocks)
    name = escape(title or _title(tree))
    head = f"<head>\n{_HEAD}<title>{name}</title>\n<style>{_STYLE}</style>\n</head>"
    page = f'<!DOCTYPE html>\n<html lang="uk">\n{head}\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n'
    return page.encode()


def _title(tree: Tree) -> str:
    units = list(tree.units())
    first = next((unit for unit in units if unit.kind == "title"), units[0] if units else None)
    return first.text.replace("\ufffc", " ")[:200] if first else ""


def _unit(unit: Unit, rendering: Rendering) -> str:
    tag = _HEADINGS.get(unit.kind, "p")
    label = rendering.labels[unit.bid]
    text = _inline(rendering.runs(unit.runs, unit.bid))
    shown = f'<span class="label">{escape(label)}</span> ' if label else ""
    classes = f"{escape(unit.kind)} level-{unit.level}" + (" quoted" if unit.quoted else "")
    return f'<{tag} id="{escape(unit.bid)}" class="{classes}">{shown}{text}</{tag}>'


def _table(table: Table, rendering: Rendering) -> str:
    rows = "\n".join(f"<tr>{''.join(_cell(cell, rendering) for cell in row.cells)}</tr>" for row in table.rows)
    return f'<table id="{escape(table.bid)}">\n{rows}\n</table>'


def _cell(cell: Cell, rendering: Rendering) -> str:
    tag = "th" if cell.header else "td"
    spans = "".join(f' {name}="{value}"' for name, value in (("colspan", cell.colspan), ("rowspan", cell.rowspan)) if value > 1)
    return f"<{tag}{spans}>{_inline(rendering.runs(cell.runs))}</{tag}>"


def _inline(runs: tuple[Run, ...]) -> str:
    return "".join(_run(run) for run in runs)


def _run(run: Run) -> str:
    if "break" in run.marks:
        return "<br>" * len(run.text)
    text = escape(run.text.replace("\x00", "\ufffd"))
    for name, tag in _TAGS.items():
        if name in run.marks:
            text = f"<{tag}>{text}</{tag}>"
    href = safe_href(str(run.marks.get("link", {}).get("href", "")))
    return f'<a href="{escape(href)}" rel="noopener noreferrer">{text}</a>' if href else text
