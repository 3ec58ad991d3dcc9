"""The language of an answer."""

from typing import Literal

from starlette.datastructures import Headers

Locale = Literal["uk", "en"]


def locale_of(headers: Headers) -> Locale:
    """Ukrainian, unless `Accept-Language` (RFC 9110 §12.5.4) prefers English."""
    best: tuple[float, Locale] = (0.0, "uk")
    for choice in headers.get("accept-language", "")[:500].split(","):
        tag, _, parameter = choice.strip().partition(";")
        language = tag.strip().lower().partition("-")[0]
        weight = _weight(parameter)
        if language == "en" and weight > best[0]:
            best = (weight, "en")
        elif language == "uk" and weight > best[0]:
            best = (weight, "uk")
    return best[1]


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0
