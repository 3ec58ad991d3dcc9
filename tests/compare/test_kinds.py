"""What happened to a unit (docs/spec/compare.md C20-C28) and which unit is which (C30-C35)."""

import pytest

from server.compare.compare import compare
from server.compare.folding import orthographic, typographic
from server.compare.model import Kind
from tests.compare.sides import kinds, rebuild, side

PEACE = "Держава забезпечує мир і безпеку людей на всій території України"
WATER = "Органи місцевого самоврядування відповідають за якість питної води в громадах"
ROADS = "Міністерство щороку оприлюднює звіт про стан автомобільних доріг загального користування"


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("1. | Здоров’я “людини” – № 5", '1. | Здоров\'я "людини" - N 5', Kind.TYPOGRAPHIC),
        ("1. | позиції інших", "1. | позицiї iнших", Kind.TYPOGRAPHIC),
        ("1. | стаття 129¹ Конституції", "1. | стаття 129 - 1 Конституції", Kind.TYPOGRAPHIC),
        ("1. | 1 882 000 гривень ,  так", "1. | 1882000 гривень, так", Kind.TYPOGRAPHIC),
        ("1. | їжак", "1. | і\u0308жак", Kind.TYPOGRAPHIC),
        ("12-1. | про воду", "12¹. | про воду", Kind.TYPOGRAPHIC),
        ("– | про воду", "- | про воду", Kind.TYPOGRAPHIC),
        ("paragraph:  | 1. про воду", "point: 1. | про воду", Kind.TYPOGRAPHIC),
        ("1. | проект постанови", "1. | проєкт постанови", Kind.ORTHOGRAPHIC),
        ("1. | віце-прем'єр на пів року", "1. | віцепрем’єр на півроку", Kind.ORTHOGRAPHIC),
        ("1. | згідно з Законом ( 1427-12 ) України", "1. | згідно з Законом України", Kind.NOTE),
        ("1. | вода {Слова виключено Законом № 5} чиста", "1. | вода чиста", Kind.NOTE),
        ("editor_note:  | {Стаття 1 в редакції}", "editor_note:  | {Стаття 1 в новій редакції}", Kind.NOTE),
        ("1. | про воду", "2. | про воду", Kind.RENUMBERED),
        ("1. | Кабінет, міністр", "1. | Кабінет міністр", Kind.REPLACED),
        ("1. | кабінет Міністрів", "1. | Кабінет Міністрів", Kind.REPLACED),
        ("1. | сплатити 100 гривень", "1. | сплатити 200 гривень", Kind.REPLACED),
        ("1. | пункти 5 000", "1. | пункти 50 00", Kind.REPLACED),
        ("1. | про воду", "1. | про воду", Kind.SAME),
    ],
)
def test_C20_to_C26_a_change_is_called_what_it_is(old: str, new: str, kind: Kind) -> None:
    comparison = compare(side(PEACE, old, prefix="л"), side(PEACE, new, prefix="п"))
    assert kinds(comparison) == [Kind.SAME, kind]
    rebuild(comparison)


def test_C22_folding_twice_changes_nothing() -> None:
    for text in ("Здоров’я – “так” № 5, 129¹", "1 882 000 грн. ( проект )", "iнші", "👩‍⚖️ суд"):
        assert typographic(typographic(text)) == typographic(text)
        assert orthographic(orthographic(typographic(text))) == orthographic(typographic(text))


def test_C25_a_cited_number_that_only_followed_a_renumbering_is_a_reference() -> None:
    old = side(
        "article: Стаття 1. | " + PEACE,
        "article: Стаття 2. | " + WATER,
        "article: Стаття 3. | Виконання статті 2 цього Закону контролює суд",
        prefix="л",
    )
    new = side(
        "article: Стаття 1. | " + PEACE,
        "article: Стаття 2. | Нова норма про щось зовсім інше",
        "article: Стаття 3. | " + WATER,
        "article: Стаття 4. | Виконання статті 3 цього Закону контролює суд",
        prefix="п",
    )
    assert kinds(compare(old, new)) == [Kind.SAME, Kind.INSERTED, Kind.RENUMBERED, Kind.REFERENCE]
    other = side(*(f"{unit.kind}: {unit.label} | {unit.text.replace('статті 3', 'статті 9')}" for unit in new.units), prefix="п")
    assert kinds(compare(old, other))[-1] is Kind.REPLACED


def test_C27_a_moved_unit_is_told_from_a_moved_and_edited_one_and_the_fewest_move() -> None:
    old = side(PEACE, WATER, ROADS, "кінець", prefix="л")
    assert kinds(compare(old, side(WATER, ROADS, PEACE, "кінець", prefix="п"))) == [Kind.SAME, Kind.SAME, Kind.MOVED, Kind.SAME]
    edited = compare(old, side(WATER, ROADS, PEACE.replace("мир", "спокій"), "кінець", prefix="п"))
    assert kinds(edited) == [Kind.SAME, Kind.SAME, Kind.MOVED_EDITED, Kind.SAME]
    rebuild(edited)


def test_C28_a_split_and_a_merge_are_one_replaced_row_with_a_group() -> None:
    whole, cut = side(f"{PEACE}. {WATER}.", ROADS, prefix="л"), side(f"{PEACE}.", f"{WATER}.", ROADS, prefix="п")
    for comparison, alone in ((compare(whole, cut), Kind.INSERTED), (compare(cut, whole), Kind.DELETED)):
        grouped = [row for row in comparison.alignment if row.group is not None]
        assert sorted(row.kind for row in grouped) == sorted([Kind.REPLACED, alone])
        assert len({row.group for row in grouped}) == 1
        rebuild(comparison)


def test_C30_equal_ids_are_the_same_unit_whatever_their_texts() -> None:
    comparison = compare(side("а", "б", "в", ids="АБВ"), side("в", "зовсім інше", "а", ids="БВА"))
    assert [(row.left, row.right) for row in comparison.alignment] == [(1, 0), (2, 1), (0, 2)]
    assert kinds(comparison) == [Kind.REPLACED, Kind.REPLACED, Kind.MOVED]


def test_C32_short_neighbours_go_along_with_a_moved_unit() -> None:
    old = side(PEACE, "1) | так;", "2) | ні;", WATER, ROADS, "кінець тексту", "ще рядок", prefix="л")
    new = side(WATER, ROADS, "кінець тексту", "ще рядок", PEACE, "1) | так;", "2) | ні;", prefix="п")
    assert kinds(compare(old, new)) == [Kind.SAME] * 4 + [Kind.MOVED] * 3


def test_C34_a_new_wording_under_the_same_number_replaces_the_old_one() -> None:
    old = side(PEACE, "6.10 | Пост ДАІ", WATER, prefix="л")
    new = side(PEACE, "6.10 | Дорожня станція патрульної поліції", WATER, prefix="п")
    assert kinds(compare(old, new)) == [Kind.SAME, Kind.REPLACED, Kind.SAME]


def test_C34_a_point_whose_end_became_a_paragraph_stays_the_point_of_its_number() -> None:
    old = side(
        "8. | Поточний рахунок закривається банком (без заяви отримувача) через чотири місяці з дня зарахування допомоги.", prefix="л"
    )
    new = side(
        "8. | Поточний рахунок закривається банком:", "без заяви отримувача через чотири місяці з дня зарахування допомоги;", prefix="п"
    )
    comparison = compare(old, new)
    assert kinds(comparison) == [Kind.REPLACED, Kind.INSERTED]
    assert [row.left for row in comparison.alignment] == [0, None]
    assert comparison.alignment[0].group == comparison.alignment[1].group is not None


def test_C34_lone_paragraphs_that_open_alike_are_one_with_new_words() -> None:
    ending = (
        "повертаються банком на рахунок для зарахувань, відкритий на підставі договору про виплату з обов'язковим зазначенням реквізитів"
    )
    old = side("1. | " + WATER, f"Невикористані кошти протягом десяти днів {ending}:", "2. | " + ROADS, prefix="л")
    new = side("1. | " + WATER, "Невикористані кошти протягом дня йдуть до бюджету:", "2. | " + ROADS, prefix="п")
    assert kinds(compare(old, new)) == [Kind.SAME, Kind.REPLACED, Kind.SAME]


def test_C35_a_note_is_never_taken_for_a_norm() -> None:
    comparison = compare(side(PEACE, prefix="л"), side(f"editor_note:  | {PEACE}.", prefix="п"))
    assert sorted(kinds(comparison)) == [Kind.DELETED, Kind.NOTE]


def test_C6_empty_and_unrelated_texts_compare() -> None:
    assert kinds(compare(side(), side())) == []
    assert kinds(compare(side(), side(PEACE))) == [Kind.INSERTED]
    assert kinds(compare(side(PEACE), side())) == [Kind.DELETED]
    unrelated = compare(side(PEACE, prefix="л"), side("Зовсім нічого спільного", "ані слова", prefix="п"))
    assert sorted(kinds(unrelated)) == [Kind.DELETED, Kind.INSERTED, Kind.INSERTED]
    rebuild(compare(side("", " ", "\u200b", prefix="л"), side("", "👩‍⚖️", "\u202eх", prefix="п")))


def test_C6_a_megabyte_in_one_paragraph_and_thousands_of_equal_rows_compare() -> None:
    words = [f"слово{place % 7919}" for place in range(90_000)]
    changed = [*words[:500], "вставка", *words[500:80_000], *words[80_010:]]
    comparison = compare(side(" ".join(words), prefix="л"), side(" ".join(changed), prefix="п"))
    assert len([piece for piece in comparison.alignment[0].words if piece[0] != "="]) == 2
    rebuild(comparison)
    rows = compare(side(*["row:  | 0\t0"] * 6000, prefix="л"), side(*["row:  | 0\t0"] * 5000, prefix="п"))
    assert rows.summary()[Kind.SAME] == 5000
    assert rows.summary()[Kind.DELETED] == 1000
