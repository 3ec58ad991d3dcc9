"""Edits in whole words (docs/spec/compare.md C2, C10-C14)."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from server.compare.sequence import matches
from server.compare.words import diff, tokens

PIECES = st.sampled_from(
    ["стаття", "пункт", "проєкт", "1882000", "1873627,8", "здоров’я", " ", " ", ", ", "\t", "👩‍⚖️", "🇺🇦", "е́", "№ 5", "“", "\n", "שלום"]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=30).map("".join), st.text(max_size=40))


@settings(max_examples=300, deadline=None)
@given(TEXTS, TEXTS)
def test_C2_the_pieces_rebuild_both_texts_exactly_whatever_they_are(left: str, right: str) -> None:
    words = diff(left, right)
    assert "".join(text for sign, text in words if sign != "+") == left
    assert "".join(text for sign, text in words if sign != "-") == right
    assert "".join(tokens(left)) == left


def test_C10_a_long_text_is_cut_into_the_same_pieces_as_short_ones() -> None:
    piece = "стаття 1882000 тис.  грн\u00a0 👩‍⚖️ е́ 🇺🇦\t№ 5,\u200d слово "
    count = 3 * 50_000 // len(piece) + 7
    assert tokens(piece * count) == tokens(piece) * count


def test_C10_one_changed_sum_is_one_replaced_token() -> None:
    words = diff("Виділити 1882000 тис. гривень", "Виділити 1873627,8 тис. гривень")
    assert words == (("=", "Виділити "), ("-", "1882000"), ("+", "1873627,8"), ("=", " тис. гривень"))


def test_C10_words_dates_indices_and_clusters_stay_whole() -> None:
    assert diff("до 01.06.2006 р.", "до 01.07.2006 р.")[1:3] == (("-", "01.06.2006"), ("+", "01.07.2006"))
    assert diff("пункт 12.10² Правил", "пункт 12.10³ Правил")[1:3] == (("-", "12.10²"), ("+", "12.10³"))
    assert diff("об'єкта майна", "об'єкту майна")[:2] == (("-", "об'єкта"), ("+", "об'єкту"))
    for cluster in ("👩‍⚖️", "🇺🇦", "е́", "👍🏽"):
        assert tokens(f"а {cluster} б") == ["а", " ", cluster, " ", "б"]
    assert diff("за 👩‍⚖️ суд", "за 👩‍🚒 суд")[1:3] == (("-", "👩‍⚖️"), ("+", "👩‍🚒"))


def test_C11_C12_neighbouring_edits_are_one_with_the_deletion_first() -> None:
    words = diff("розглядає службова особа апарату суду", "розглядає суддя апеляційної інстанції суду")
    assert words == (("=", "розглядає "), ("-", "службова особа апарату"), ("+", "суддя апеляційної інстанції"), ("=", " суду"))


def test_C13_a_new_wording_is_no_confetti_but_a_surviving_sentence_stays() -> None:
    assert [sign for sign, _ in diff("Пост ДАІ на дорозі", "Дорожня станція патрульної поліції на мосту через річку")] == ["-", "+"]
    sentence = "Народні депутати не несуть юридичної відповідальності за результати голосування."
    words = diff("Народним депутатам гарантується недоторканність в усіх випадках без винятку. " * 5 + sentence, sentence)
    assert words[-1] == ("=", sentence)


def test_C14_no_edit_reaches_over_the_edge_of_a_cell() -> None:
    words = diff("1\tАвдіївка\tДонецька\t5", "1\tБахмут\tДонецька\t7")
    assert words == (("=", "1\t"), ("-", "Авдіївка"), ("+", "Бахмут"), ("=", "\tДонецька\t"), ("-", "5"), ("+", "7"))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 4), max_size=40), st.lists(st.integers(0, 4), max_size=40))
def test_C2_matches_are_equal_codes_in_increasing_order(left: list[int], right: list[int]) -> None:
    found = matches(left, right, 4)
    assert all(left[i] == right[j] for i, j in found)
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(found))
    if left == right:
        assert len(found) == len(left)


def test_C6_a_region_with_too_many_edits_is_left_or_followed_as_far_as_asked() -> None:
    left, right = [0, 1] * 400, [1, 1, 0, 2] * 200
    assert len(matches(left, right, 64)) > 300
    assert len(matches(left, right)) <= len(matches(left, right, 64))
