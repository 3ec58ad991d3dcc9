"""The base encoding of every Yjs protocol (lib0): varints, strings with their length in UTF-8 bytes, JSON-like values. Strict."""

import math
import struct
from typing import TypeAlias

MAX_SAFE_INTEGER = 2**53 - 1
"""JavaScript's largest exact integer: the bound of every varint."""

MAX_DEPTH = 32
"""The deepest nesting of an `Any` value that is read."""

AnyValue: TypeAlias = "bool | int | float | str | bytes | Undefined | list[AnyValue] | dict[str, AnyValue] | None"
"""A value of lib0's `Any`. A whole float64 or bigint is an `int` here, as JavaScript has one kind of number."""

_FLOAT32 = struct.Struct(">f")
_FLOAT64 = struct.Struct(">d")
_BIGINT = struct.Struct(">q")


class DecodeError(ValueError):
    """The bytes are not what the protocol says; nothing was done with them."""


class Undefined:
    """JavaScript's `undefined`; there is one, `UNDEFINED`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "undefined"


UNDEFINED = Undefined()


class Decoder:
    """Reads forward through bytes. Every method raises DecodeError instead of reading past the end."""

    __slots__ = ("data", "end", "position")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.end = len(data)
        self.position = 0

    @property
    def at_end(self) -> bool:
        """True when nothing is left."""
        return self.position == self.end

    def finish(self) -> None:
        """Raises DecodeError when bytes are left over."""
        if self.position != self.end:
            raise DecodeError(f"{self.end - self.position} bytes left over")

    def uint8(self) -> int:
        """One byte."""
        position = self.position
        if position >= self.end:
            raise DecodeError("unexpected end")
        self.position = position + 1
        return self.data[position]

    def varuint(self) -> int:
        """An unsigned varint up to 2**53-1, in its shortest form only."""
        position = self.position
        if position >= self.end:
            raise DecodeError("unexpected end")
        byte = self.data[position]
        if byte < 0x80:
            self.position = position + 1
            return byte
        return self._long_varuint(byte & 0x7F, 7, position + 1)

    def _long_varuint(self, value: int, shift: int, position: int) -> int:
        """The rest of a varint whose first byte gave `value`; `shift` is the weight of the next seven bits."""
        data, end = self.data, self.end
        while position < end:
            byte = data[position]
            position += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                if byte == 0:
                    raise DecodeError("varint is not in its shortest form")
                if value > MAX_SAFE_INTEGER:
                    raise DecodeError("varint is too large")
                self.position = position
                return value
            shift += 7
            if shift > 53:
                raise DecodeError("varint is too long")
        raise DecodeError("unexpected end")

    def varint(self) -> int:
        """A signed varint: sign in bit 6 of the first byte. Minus zero is refused: no encoder writes it for an integer."""
        first = self.uint8()
        value = first & 0x3F
        if first >= 0x80:
            value = self._long_varuint(value, 6, self.position)
        elif first == 0x40:
            raise DecodeError("minus zero is no integer")
        return -value if first & 0x40 else value

    def take(self, size: int) -> bytes:
        """The next `size` bytes."""
        position = self.position
        stop = position + size
        if stop > self.end:
            raise DecodeError("unexpected end")
        self.position = stop
        return self.data[position:stop]

    def var_bytes(self) -> bytes:
        """Bytes after their count."""
        return self.take(self.varuint())

    def var_string(self) -> str:
        """A string after its length in UTF-8 bytes."""
        raw = self.take(self.varuint())
        try:
            return raw.decode()
        except UnicodeDecodeError:
            raise DecodeError("string is not UTF-8") from None

    def any(self, depth: int = 0) -> AnyValue:  # noqa: C901, PLR0911 - one arm per tag of the format
        """One `Any` value (lib0 `readAny`). Raises DecodeError below `MAX_DEPTH` levels, on unknown tags."""
        tag = self.uint8()
        match tag:
            case 127:
                return UNDEFINED
            case 126:
                return None
            case 125:
                return self.varint()
            case 124:
                return _number(_FLOAT32.unpack(self.take(4))[0])
            case 123:
                return _number(_FLOAT64.unpack(self.take(8))[0])
            case 122:
                return int(_BIGINT.unpack(self.take(8))[0])
            case 121:
                return False
            case 120:
                return True
            case 119:
                return self.var_string()
            case 118:
                return self._object(depth)
            case 117:
                return self._array(depth)
            case 116:
                return self.var_bytes()
            case _:
                raise DecodeError(f"unknown kind of value {tag}")

    def _object(self, depth: int) -> dict[str, AnyValue]:
        if depth >= MAX_DEPTH:
            raise DecodeError("value is nested too deeply")
        result: dict[str, AnyValue] = {}
        for _ in range(self._count()):
            key = self.var_string()
            result[key] = self.any(depth + 1)
        return result

    def _array(self, depth: int) -> list[AnyValue]:
        if depth >= MAX_DEPTH:
            raise DecodeError("value is nested too deeply")
        return [self.any(depth + 1) for _ in range(self._count())]

    def _count(self) -> int:
        """A count of things of at least one byte each, so that a lie about it costs nothing."""
        count = self.varuint()
        if count > self.end - self.position:
            raise DecodeError("count is larger than what follows")
        return count


class Encoder:
    """Collects bytes; `data` is what was written so far."""

    __slots__ = ("data",)

    def __init__(self) -> None:
        self.data = bytearray()

    def uint8(self, value: int) -> None:
        """One byte, 0-255."""
        self.data.append(value)

    def varuint(self, value: int) -> None:
        """An unsigned varint; raises ValueError outside 0 .. 2**53-1."""
        if not 0 <= value <= MAX_SAFE_INTEGER:
            raise ValueError(f"no varint: {value}")
        while value > 0x7F:
            self.data.append(0x80 | (value & 0x7F))
            value >>= 7
        self.data.append(value)

    def varint(self, value: int) -> None:
        """A signed varint; raises ValueError outside ±(2**53-1)."""
        size = abs(value)
        if size > MAX_SAFE_INTEGER:
            raise ValueError(f"no varint: {value}")
        sign = 0x40 if value < 0 else 0
        if size <= 0x3F:
            self.data.append(sign | size)
            return
        self.data.append(0x80 | sign | (size & 0x3F))
        self.varuint(size >> 6)

    def var_bytes(self, value: bytes | bytearray) -> None:
        """Bytes after their count."""
        self.varuint(len(value))
        self.data += value

    def var_string(self, value: str) -> None:
        """A string after its length in UTF-8 bytes. Raises UnicodeEncodeError on a lone surrogate."""
        self.var_bytes(value.encode())

    def any(self, value: AnyValue) -> None:  # noqa: C901 - one arm per kind of value
        """One `Any` value as Yjs itself writes it: integers up to 31 bits as varints, other numbers as floats."""
        match value:
            case Undefined():
                self.uint8(127)
            case None:
                self.uint8(126)
            case bool():
                self.uint8(120 if value else 121)
            case int() | float():
                self._number(value)
            case str():
                self.uint8(119)
                self.var_string(value)
            case bytes():
                self.uint8(116)
                self.var_bytes(value)
            case list():
                self.uint8(117)
                self.varuint(len(value))
                for item in value:
                    self.any(item)
            case dict():
                self.uint8(118)
                self.varuint(len(value))
                for key, item in value.items():
                    self.var_string(key)
                    self.any(item)

    def _number(self, value: int | float) -> None:
        if isinstance(value, int) and abs(value) <= 0x7FFFFFFF:
            self.uint8(125)
            self.varint(value)
            return
        number = float(value)
        narrow = _fits_float32(number)
        self.uint8(124 if narrow else 123)
        self.data += (_FLOAT32 if narrow else _FLOAT64).pack(number)


def varuint(value: int) -> bytes:
    """An unsigned varint by itself."""
    if 0 <= value <= 0x7F:
        return bytes((value,))
    if 0 < value <= 0x3FFF:
        return bytes((0x80 | (value & 0x7F), value >> 7))
    encoder = Encoder()
    encoder.varuint(value)
    return bytes(encoder.data)


def _fits_float32(number: float) -> bool:
    try:
        return bool(_FLOAT32.unpack(_FLOAT32.pack(number))[0] == number)
    except OverflowError:
        return False


def _number(value: float) -> int | float:
    """Whole floats as integers, so that 3 and 3.0 are one value here as in JavaScript."""
    if math.isfinite(value) and value == int(value) and abs(value) <= MAX_SAFE_INTEGER:
        return int(value)
    return value
