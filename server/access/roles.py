"""The roles of DESIGN D13 and the contract: on an act, globally, and the part a body takes."""

from enum import StrEnum


class Role(StrEnum):
    """What a person may be on an act; a person can hold several."""

    LEAD = "lead"
    DRAFTER = "drafter"
    REVIEWER = "reviewer"
    SIGNATORY = "signatory"
    LEGAL = "legal"
    READER = "reader"


class GlobalRole(StrEnum):
    """What a person may be everywhere."""

    NONE = ""
    ADMIN = "admin"
    BODY_ADMIN = "body_admin"
    AUDITOR = "auditor"


class Part(StrEnum):
    """What a body is in an act."""

    LEAD = "lead"
    CO_DEVELOPER = "co_developer"
    INTERESTED = "interested"
    READER = "reader"


class Scope(StrEnum):
    """What a connection may send into a document."""

    WRITE = "write"
    SUGGEST = "suggest"
    READ = "read"
    NONE = "none"
