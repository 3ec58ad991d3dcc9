import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.crdt.lib0 import MAX_DEPTH, MAX_SAFE_INTEGER, UNDEFINED, AnyValue, DecodeError, Decoder, Encoder, varuint

WHOLE = st.integers(min_value=-MAX_SAFE_INTEGER, max_value=MAX_SAFE_INTEGER)
SCALARS = st.none() | st.booleans() | WHOLE | st.floats(allow_nan=False) | st.text() | st.binary() | st.just(UNDEFINED)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=12)


def written(value: AnyValue) -> bytes:
    encoder = Encoder()
    encoder.any(value)
    return bytes(encoder.data)


@given(VALUES)
def test_any_value_comes_back(value: AnyValue) -> None:
    decoder = Decoder(written(value))
    assert decoder.any() == value
    decoder.finish()


@given(WHOLE)
def test_integers_come_back(value: int) -> None:
    encoder = Encoder()
    encoder.varint(value)
    encoder.varuint(abs(value))
    decoder = Decoder(bytes(encoder.data))
    assert (decoder.varint(), decoder.varuint()) == (value, abs(value))
    assert decoder.at_end


def test_a_string_is_counted_in_bytes() -> None:
    encoder = Encoder()
    encoder.var_string("Закон")
    assert bytes(encoder.data)[0] == 10
    assert Decoder(bytes(encoder.data)).var_string() == "Закон"


@pytest.mark.parametrize("value", [-1, MAX_SAFE_INTEGER + 1])
def test_what_is_no_varuint_is_not_written(value: int) -> None:
    with pytest.raises(ValueError, match="no varint"):
        varuint(value)
    with pytest.raises(ValueError, match="no varint"):
        Encoder().varint(value * 2**60)


@pytest.mark.parametrize(
    ("data", "read"),
    [
        (b"", "uint8"),
        (b"", "varuint"),
        (b"\x80", "varuint"),
        (b"\x80\x00", "varuint"),
        (b"\xff\xff\xff\xff\xff\xff\xff\x1f", "varuint"),
        (b"\xff" * 9 + b"\x01", "varuint"),
        (b"\x40", "varint"),
        (b"\x05abc", "var_bytes"),
        (b"\x02\xc3\x28", "var_string"),
        (b"\x03\xed\xa0\x80", "var_string"),
        (b"\x73", "any"),
        (b"\x76\x01", "any"),
        (b"\x75\xff\xff\xff\xff\x0f", "any"),
        (b"\x7b\x00", "any"),
    ],
)
def test_what_is_not_in_the_format_is_refused(data: bytes, read: str) -> None:
    with pytest.raises(DecodeError):
        getattr(Decoder(data), read)()


@pytest.mark.parametrize(("opening", "closing"), [(b"\x75\x01", b""), (b"\x76\x01\x01a", b"")])
def test_deep_values_are_refused_before_the_stack_ends(opening: bytes, closing: bytes) -> None:
    with pytest.raises(DecodeError, match="deeply"):
        Decoder(opening * 5000 + b"\x7e" + closing).any()
    Decoder(opening * MAX_DEPTH + b"\x7e").any()


def test_bytes_left_over_are_an_error() -> None:
    decoder = Decoder(b"\x01\x02")
    assert decoder.varuint() == 1
    with pytest.raises(DecodeError, match="1 bytes left over"):
        decoder.finish()


def test_numbers_are_one_kind_as_in_javascript() -> None:
    assert Decoder(b"\x7c\x40\x40\x00\x00").any() == 3
    assert isinstance(Decoder(b"\x7c\x40\x40\x00\x00").any(), int)
    assert Decoder(b"\x7a" + b"\x00" * 7 + b"\x07").any() == 7
    assert Decoder(written(2.5)).any() == 2.5
    assert Decoder(written(2**40)).any() == 2**40
    assert math.isinf(float(str(Decoder(written(math.inf)).any())))
    assert repr(UNDEFINED) == "undefined"
