"""The structure of real acts is recognised (docs/spec/text.md F10-F40): counts, labels, notes, scopes, anchors."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from server.formats import formats, markdown, plain
from server.formats.source import Imported
from server.text.numbering import hierarchy
from server.text.tree import Table, Tree, Unit
from tests.conftest import SHARED

LAWS = SHARED / "data" / "laws"
ACTS = sorted(chain.parent for language in ("uk", "de", "fr") for chain in LAWS.glob(f"{language}/*/chain.json"))
PLAIN_NUMBER = re.compile(r"\D*[0-9]+\s?\.?")


@cache
def read(file: Path) -> Imported:
    return formats.read("act.md", file.read_bytes())


def revisions(act: Path) -> list[dict[str, Any]]:
    chain: dict[str, Any] = json.loads((act / "chain.json").read_bytes())
    return list(chain["revisions"])


def units(tree: Tree, kind: str = "") -> list[Unit]:
    return [unit for unit in tree.units() if not kind or unit.kind == kind]


def labels(tree: Tree, kind: str) -> list[str]:
    return [unit.label for unit in units(tree, kind)]


def tree_of(text: str) -> Tree:
    return markdown.read(text.encode()).tree


def shapes(text: str) -> list[tuple[str, str, str]]:
    return [(unit.kind, unit.label, unit.text.replace("\ufffc", " / ")) for unit in tree_of(text).units()]


@pytest.mark.parametrize("act", ACTS, ids=[act.name for act in ACTS])
def test_F10_the_articles_of_every_edition_are_as_many_as_counted_by_others(act: Path) -> None:
    for revision in revisions(act):
        tree = read(act / revision["file"]).tree
        found = labels(tree, "article")
        if act.parent.name == "uk":
            found = [label for label in found if PLAIN_NUMBER.fullmatch(label)]
        unnumbered = [unit for unit in units(tree, "heading") if re.match("Article [A-Z]{3}", unit.text)]
        assert len(found) + len(unnumbered) == revision["articles"], revision["file"]


@pytest.mark.parametrize("act", [act for act in ACTS if act.parent.name == "uk"], ids=lambda act: act.name)
def test_F11_every_anchor_of_the_rada_that_stands_before_text_is_kept_once(act: Path) -> None:
    for revision in revisions(act):
        imported = read(act / revision["file"])
        source = (act / revision["file"]).read_text("utf-8")
        empty = re.findall(r"\[\]\{#\w+\}\\?\s*(?:</?div>\s*)*(?=\[\]\{#|:::)", source)
        assert len(set(imported.anchors.values())) == len(imported.anchors)
        assert revision["anchors"] - len(empty) <= len(imported.anchors) <= revision["anchors"]
        assert set(imported.anchors) <= {block.bid for block in imported.tree.blocks}


@pytest.mark.usefixtures("shared")
def test_F12_labels_are_kept_exactly_as_they_were_found() -> None:
    civil = labels(read(LAWS / "uk/tsyvilnyi-kodeks/01_2022-05-07.md").tree, "article")
    assert {"Стаття 1.", "Стаття 48 - 1 .", "Стаття 597 - 12 ."} <= set(civil)
    constitution = labels(read(LAWS / "uk/konstytutsiia/10_2020-01-01.md").tree, "article")
    assert {"Стаття 129 - 1 .", "Стаття 131 - 2 ."} <= set(constitution)
    resolution = read(LAWS / "uk/kmu-1272-2021-yepidtrymka/12_2022-07-13.md").tree
    assert "5 - 1 ." in labels(resolution, "point")
    assert labels(resolution, "annex") == ["Додаток 2", "Додаток 1", "Додаток 2"]


@pytest.mark.parametrize(
    ("text", "kind", "label"),
    [
        ("12.10² Водієві забороняється:", "point", "12.10²"),
        ("12.10 -2. Водієві", "point", "12.10 -2."),
        ("1\\. Затвердити", "point", "1."),
        ("1. Затвердити", "point", "1."),
        ("1) суди;", "subpoint", "1)"),
        ("1-1) суди;", "subpoint", "1-1)"),
        ("4 - 1 ) за зобов'язаннями", "subpoint", "4 - 1 )"),
        ("в) на мостах;", "subpoint", "в)"),
        ("ґ) на шляхопроводах;", "subpoint", "ґ)"),
        ("- обганяти;", "item", "-"),
        ("– обганяти;", "item", "–"),
        ("Стаття 111 - 2. Назва", "article", "Стаття 111 - 2."),
        ("Стаття 111 - 2", "article", "Стаття 111 - 2"),
        ("Стаття 9-1. Назва", "article", "Стаття 9-1."),
        ("Стаття 9¹. Назва", "article", "Стаття 9¹."),
        ("Розділ I\\\nЗАГАЛЬНІ ПОЛОЖЕННЯ", "section", "Розділ I"),
        ("РОЗДІЛ ІІІ ПРАВА", "section", "РОЗДІЛ ІІІ"),
        ("Розділ 2. Порядок", "section", "Розділ 2."),
        ("II. Порядок ведення", "section", "II."),
        ("Глава 8\\\nЮРИДИЧНІ ОСОБИ", "chapter", "Глава 8"),
        ("Підрозділ 1\\\nФІЗИЧНА ОСОБА", "subsection", "Підрозділ 1"),
        ("§ 28⁵. Засідання", "clause", "§ 28⁵."),
        ("КНИГА ПЕРША\\\nЗАГАЛЬНІ ПОЛОЖЕННЯ", "book", "КНИГА ПЕРША"),
        ("Додаток 1\\\nдо Порядку", "annex", "Додаток 1"),
        ("Додаток\\\nдо постанови", "annex", "Додаток"),
        ("Примітка. Терміни вжито", "note", "Примітка."),
    ],
)
def test_F13_a_provision_is_known_by_how_it_begins(text: str, kind: str, label: str) -> None:
    (unit,) = tree_of(text).units()
    assert (unit.kind, unit.label) == (kind, label)


@pytest.mark.parametrize(
    "text",
    [
        "Стаття 5 цього Закону застосовується з 1 січня.",
        "Розділ II Порядку викласти в такій редакції;",
        "Додатково до обмежень забороняється",
        "21.12.2020 набрала чинності",
        "47.19",
        "1,5 метра;",
        "{Пункт 5 виключено}",
        "а також інші особи",
        "COVID-19 (далі - хвороба)",
        "2 метри між столиками",
    ],
)
def test_F14_a_sentence_that_only_looks_like_a_number_keeps_its_beginning(text: str) -> None:
    (unit,) = tree_of(text).units()
    assert unit.label == ""
    assert unit.kind in {"paragraph", "editor_note"}


def test_F15_what_a_number_means_depends_on_where_it_stands() -> None:
    law = shapes(
        "Стаття 5. Терміни\n\n1. Вживаються:\n\n1) особа;\n\nа) фізична;\n\n"
        "Розділ II\n\n1. Закон набирає чинності.\n\n1) негайно;\n\nа) усюди;"
    )
    assert [kind for kind, _, _ in law] == ["article", "part", "point", "subpoint", "section", "point", "subpoint", "subpoint"]
    resolution = tree_of("1\\. Установити:\n\n1) строк;\n\nа) перший;\n\n2\\. Дозволити:\n\nа) рух;")
    assert [(unit.kind, unit.level) for unit in resolution.units()] == [
        *(("point", 1), ("subpoint", 1), ("subpoint", 2)),
        *(("point", 1), ("subpoint", 1)),
    ]


@pytest.mark.usefixtures("shared")
def test_F16_an_approved_instrument_and_its_annexes_open_scopes_of_their_own() -> None:
    imported = read(LAWS / "uk/kmu-1272-2021-yepidtrymka/12_2022-07-13.md")
    approvals, annexes = units(imported.tree, "approval"), units(imported.tree, "annex")
    assert len(approvals) == 2
    assert all(unit.scope == "" for unit in approvals)
    assert [unit.scope for unit in annexes] == [approvals[0].bid, approvals[1].bid, approvals[1].bid]
    titles = {unit.scope: unit.text for unit in units(imported.tree, "title")}
    assert titles[approvals[1].bid].startswith("ПОРЯДОК")
    assert titles[annexes[1].bid].startswith("РЕЄСТР")
    parents = hierarchy(imported.tree)
    first = next(unit for unit in units(imported.tree, "point") if unit.scope == approvals[0].bid)
    assert parents[first.bid] == approvals[0].bid


@pytest.mark.usefixtures("shared")
def test_F17_the_head_of_a_resolution_is_taken_apart() -> None:
    tree = read(LAWS / "uk/rozp-336-2022/01_2022-04-29.md").tree
    norm = [(unit.kind, unit.text) for unit in tree.units() if unit.kind != "editor_note"]
    assert norm[:2] == [("issuer", "КАБІНЕТ МІНІСТРІВ УКРАЇНИ"), ("act_type", "РОЗПОРЯДЖЕННЯ")]
    assert norm[2] == ("date_line", "від 29 квітня 2022 р. № 336-р\ufffcКиїв")
    assert norm[3][0] == "title"
    assert norm[3][1].startswith("Про виділення коштів")
    assert norm[-2:] == [("signature", "Прем'єр-міністр України\ufffcД. ШМИГАЛЬ"), ("signature", "Інд. 67")]


@pytest.mark.parametrize(
    ("act", "title", "kind"),
    [
        ("rozp-336-2022", "Про виділення коштів", "rozporiadzhennia"),
        ("kmu-83-2015-perelik", "Про затвердження переліку", "postanova"),
        ("konstytutsiia", "Конституція України", "zakonoproiekt"),
        ("zu-2939-dostup-do-informatsii", "Про доступ до публічної інформації", "zakonoproiekt"),
    ],
)
@pytest.mark.usefixtures("shared")
def test_F18_title_and_kind_are_taken_from_the_page(act: str, title: str, kind: str) -> None:
    imported = read(sorted((LAWS / "uk" / act).glob("*.md"))[0])
    assert imported.title.startswith(title)
    assert imported.kind == kind
    assert "page-header" in {warning.code for warning in imported.warnings}


def test_F20_editors_notes_stand_apart_from_the_norm() -> None:
    found = shapes(
        "2. Норма діє. {Пункт 2 в редакції Закону № 5-IX від 01.02.2021}\n\n{Статтю доповнено\n\nчастиною другою}\n\nЗмінна {n} лишається."
    )
    assert found == [
        ("point", "2.", "Норма діє."),
        ("editor_note", "", "{Пункт 2 в редакції Закону № 5-IX від 01.02.2021}"),
        ("editor_note", "", "{Статтю доповнено"),
        ("editor_note", "", "частиною другою}"),
        ("paragraph", "", "Змінна {n} лишається."),
    ]


@pytest.mark.usefixtures("shared")
def test_F21_new_notes_of_every_edition_become_note_units() -> None:
    act = LAWS / "uk/zu-3262-dostup-do-sudovykh-rishen"
    chain = json.loads((act / "chain.json").read_bytes())
    notes = {unit.text for unit in units(read(act / "13_2021-10-04.md").tree, "editor_note")}
    letters = {"".join(filter(str.isalnum, note)) for note in notes}
    for sample in chain["pairs"][-1]["notes_sample"]:
        bare = "".join(filter(str.isalnum, re.sub(r"\]\([^)]*\)", "]", sample)))
        assert any(bare[:60] in note for note in letters), sample


def test_F22_quoted_new_wording_is_held_together() -> None:
    text = "1\\. Статтю 5 викласти в такій редакції:\n\n“Стаття 5. Назва “у лапках”\n\n1. Перша частина.\n\n2. Друга”;\n\n2\\. Далі."
    found = list(tree_of(text).units())
    assert [bool(unit.quoted) for unit in found] == [False, True, True, True, False]
    assert len({unit.quoted for unit in found[1:4]}) == 1


@pytest.mark.usefixtures("shared")
def test_F23_a_table_stays_a_table_and_a_layout_table_becomes_units() -> None:
    tree = read(LAWS / "uk/kmu-83-2015-perelik/11_2021-08-26.md").tree
    (table,) = [block for block in tree.blocks if isinstance(block, Table)]
    assert {len(row.cells) for row in table.rows} == {2}
    assert [cell.text for cell in table.rows[0].cells] == ["Код згідно з ЄДРПОУ", "Найменування об'єкта"]
    codes = [row.cells[0].text for row in table.rows if row.cells[0].text.isdigit()]
    assert len(codes) > 200
    assert all(len(code) == 8 for code in codes)


def test_F24_grid_and_pipe_tables_are_read_cell_by_cell() -> None:
    head = "+------+-----------+\n| № \\  | Назва\\    |\n| п/п  | об\\'єкта  |\n+======+===========+\n"
    grid = head + "| 1    | **Київ**  |\n+------+-----------+\n"
    pipe = "| № п/п | Назва об'єкта |\n|---|---|\n| 1 | **Київ** |\n"
    for text in (grid, pipe):
        (table,) = tree_of(text).blocks
        assert isinstance(table, Table)
        texts = [[cell.text.replace("\ufffc", " ") for cell in row.cells] for row in table.rows]
        assert texts == [["№ п/п", "Назва об'єкта"], ["1", "Київ"]]
        assert table.rows[1].cells[1].runs[0].marks == {"strong": {}}


@pytest.mark.usefixtures("shared")
def test_F25_both_converters_give_the_same_structure_of_one_edition() -> None:
    """Noise pair: the Constitution of 2020 through turndown and through pandoc."""

    def norms(name: str) -> list[tuple[str, str]]:
        tree = read(LAWS / "uk/konstytutsiia" / name).tree
        return [
            (unit.kind, "".join(filter(str.isalnum, unit.label))) for unit in tree.units() if unit.kind in {"section", "article", "point"}
        ]

    assert norms("10_2020-01-01.md") == norms("11_2020-01-01_reconverted.md")


def test_F26_plain_text_wrapped_at_eighty_columns_is_joined() -> None:
    text = (
        "                    КАБІНЕТ МІНІСТРІВ УКРАЇНИ\n                          ПОСТАНОВА\n"
        "     1. Затвердити Порядок взаємодії органів виконавчої влади під час\n"
        "підготовки проєктів актів, що додається до цієї постанови, та інші\nдокументи.\n"
        "     2. Міністерствам забезпечити виконання цієї постанови у тримісячний\nстрок.\n"
    )
    found = [(unit.kind, unit.label, unit.text) for unit in plain.read(text.encode("cp1251")).tree.units()]
    assert found[:2] == [("issuer", "", "КАБІНЕТ МІНІСТРІВ УКРАЇНИ"), ("act_type", "", "ПОСТАНОВА")]
    assert [(kind, label) for kind, label, _ in found[2:]] == [("point", "1."), ("point", "2.")]
    assert found[2][2].endswith("та інші документи.")


def test_F27_html_marks_are_kept_and_everything_else_stays_visible_text() -> None:
    tree = tree_of("Площа 5 м<sup>2</sup> і <u>підкреслено</u><br>далі <blink onclick=x()>ні</blink>")
    (unit,) = tree.units()
    assert [(run.text, dict(run.marks)) for run in unit.runs][:4] == [
        ("Площа 5 м", {}),
        ("2", {"sup": {}}),
        (" і ", {}),
        ("підкреслено", {"underline": {}}),
    ]
    assert "<blink onclick=x()>ні</blink>" in unit.text
    assert unit.text.count("\ufffc") == 1


def test_F28_an_office_and_a_name_alone_in_the_next_paragraph_are_one_signature() -> None:
    assert [unit.text for unit in tree_of("1. Набирає чинності негайно.\n\nПрезидент України\n\nВ. ЗЕЛЕНСЬКИЙ").units()][-1] == (
        "Президент України\ufffcВ. ЗЕЛЕНСЬКИЙ"
    )
    assert len(list(tree_of("Президент України\n\nпризначає суддів.\n\nВ. ЗЕЛЕНСЬКИЙ").units())) == 3
    assert len(list(tree_of("Президент України").units())) == 1
