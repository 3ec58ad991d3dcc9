"""Every table, for SQLite and PostgreSQL alike. Times are milliseconds since 1970 UTC; rows are ordered by `seq`, never by time."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

metadata = MetaData()

# -- journal ----------------------------------------------------------------------------------------------------------

documents = Table(
    "documents",
    metadata,
    Column("document", String(80), primary_key=True),
    Column("act_id", String(32), nullable=False, index=True),
    Column("part", String(32), nullable=False, default=""),
    Column("epoch", String(16), nullable=False),
    Column("schema_version", Integer, nullable=False),
    Column("sealed", Boolean, nullable=False, default=False),
    Column("roles_version", Integer, nullable=False, default=0),
    Column("last_seq", BigInteger, nullable=False, default=0),
    Column("checkpoint_seq", BigInteger, nullable=False, default=0),
    Column("replaced", Boolean, nullable=False, default=False, server_default=false()),
    Column("created_at", BigInteger, nullable=False),
)

journal_rows = Table(
    "journal_rows",
    metadata,
    Column("document", String(80), ForeignKey("documents.document"), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),  # of the row's first update
    Column("count", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("payload", LargeBinary, nullable=False),  # the batch: author and raw bytes of each update, journal/rows.py
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("document", String(80), ForeignKey("documents.document"), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("state", LargeBinary, nullable=False),
    Column("state_hash", String(64), nullable=False),
    Column("at", BigInteger, nullable=False),
)

history_segments = Table(
    "history_segments",
    metadata,
    Column("document", String(80), ForeignKey("documents.document"), primary_key=True),
    Column("first_seq", BigInteger, primary_key=True, autoincrement=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("payload", LargeBinary, nullable=False),  # zstd over the trimmed rows, raw bytes and who-and-when kept
)

client_bindings = Table(
    "client_bindings",
    metadata,
    Column("document", String(80), ForeignKey("documents.document"), primary_key=True),
    Column("client", BigInteger, primary_key=True, autoincrement=False),
    Column("user_id", String(32), nullable=False),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("document", String(80), nullable=False, index=True),
    Column("at", BigInteger, nullable=False),
    Column("user_id", String(32), nullable=False),
    Column("rule", String(64), nullable=False),
    Column("update", LargeBinary, nullable=False),
)

# -- bodies and people ------------------------------------------------------------------------------------------------

bodies = Table(
    "bodies",
    metadata,
    Column("code", String(32), primary_key=True),
    Column("name_uk", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("short_uk", String(64), nullable=False),
    Column("short_en", String(64), nullable=False),
    Column("hue", Integer, nullable=False),  # 0..11, the body's colour in cursors and chips
    Column("active", Boolean, nullable=False, default=True),
)

users = Table(
    "users",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("email", String(254), nullable=False, unique=True),  # lower case
    Column("name", String(200), nullable=False),
    Column("position", String(200), nullable=False, default=""),
    Column("body", String(32), ForeignKey("bodies.code"), nullable=False, index=True),
    Column("role", String(16), nullable=False, default=""),  # "", admin, body_admin, auditor
    Column("password_hash", String(200), nullable=False, default=""),
    Column("must_change_password", Boolean, nullable=False, default=False),
    Column("demo", Boolean, nullable=False, default=False),
    Column("locale", String(2), nullable=False, default="uk"),
    Column("disabled_at", BigInteger),
    Column("created_at", BigInteger, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(32), primary_key=True),  # shown in the device list; not the secret
    Column("secret_hash", String(64), nullable=False, unique=True),
    Column("user_id", String(32), ForeignKey("users.id"), nullable=False, index=True),
    Column("created_at", BigInteger, nullable=False),
    Column("last_seen_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("user_agent", String(300), nullable=False, default=""),
    Column("address", String(64), nullable=False, default=""),
    Column("shared_computer", Boolean, nullable=False, default=False),
    Column("revoked_at", BigInteger),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("secret_hash", String(64), nullable=False, unique=True),
    Column("user_id", String(32), ForeignKey("users.id"), nullable=False, index=True),
    Column("name", String(100), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("last_used_at", BigInteger),
    Column("expires_at", BigInteger),
    Column("revoked_at", BigInteger),
)

tickets = Table(
    "tickets",
    metadata,
    Column("secret_hash", String(64), primary_key=True),
    Column("user_id", String(32), ForeignKey("users.id"), nullable=False),
    Column("session_id", String(32)),
    Column("act_id", String(32), nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)

throttles = Table(
    "throttles",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("window_start", BigInteger, nullable=False),
    Column("count", Integer, nullable=False),
)

# -- acts -------------------------------------------------------------------------------------------------------------

acts = Table(
    "acts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("title", Text, nullable=False),
    Column("title_folded", Text, nullable=False),  # casefolded, apostrophes unified: what search compares
    Column("kind", String(32), nullable=False),
    Column("stage", String(32), nullable=False, default="draft"),
    Column("lead_body", String(32), ForeignKey("bodies.code"), nullable=False, index=True),
    Column("scheme_id", String(64), nullable=False),  # numbering scheme, pinned by id and hash (D1)
    Column("scheme_hash", String(64), nullable=False),
    Column("created_by", String(32), ForeignKey("users.id"), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False, index=True),
)

act_bodies = Table(
    "act_bodies",
    metadata,
    Column("act_id", String(32), ForeignKey("acts.id"), primary_key=True),
    Column("body", String(32), ForeignKey("bodies.code"), primary_key=True),
    Column("part", String(16), nullable=False),  # lead, co_developer, interested, reader
    Column("added_by", String(32), nullable=False),
    Column("at", BigInteger, nullable=False),
)

act_members = Table(
    "act_members",
    metadata,
    Column("act_id", String(32), ForeignKey("acts.id"), primary_key=True),
    Column("user_id", String(32), ForeignKey("users.id"), primary_key=True),
    Column("role", String(16), primary_key=True),  # lead, drafter, reviewer, signatory, legal, reader
    Column("granted_by", String(32), nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("act_members_by_user", "user_id"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("act_id", String(32), ForeignKey("acts.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),  # 0 is the imported base (D1b)
    Column("kind", String(16), nullable=False),  # base, revision
    Column("title", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("scheme_id", String(64), nullable=False),
    Column("scheme_hash", String(64), nullable=False),
    Column("created_by", String(32), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),  # versions/chain.py
    UniqueConstraint("act_id", "previous_hash", name="revisions_do_not_fork"),
)

revision_parts = Table(
    "revision_parts",
    metadata,
    Column("act_id", String(32), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("part", String(32), primary_key=True),  # empty for the main text
    Column("document", String(80), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("tree_hash", String(64), nullable=False),
    Column("tree", LargeBinary, nullable=False),  # canonical bytes, formats/canonical.py
    ForeignKeyConstraint(["act_id", "number"], ["revisions.act_id", "revisions.number"]),
)

restore_points = Table(
    "restore_points",
    metadata,
    Column("document", String(80), ForeignKey("documents.document"), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("epoch", String(16), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("reason", String(16), nullable=False),  # daily, idle, restore
    Column("state", LargeBinary, nullable=False),  # zstd over one Yjs v1 update; thinned out, the journal stays the truth
)

# -- suggestions ------------------------------------------------------------------------------------------------------

act_releasers = Table(
    "act_releasers",
    metadata,
    Column("act_id", String(32), ForeignKey("acts.id"), primary_key=True),
    Column("user_id", String(32), ForeignKey("users.id"), primary_key=True),
    Column("body", String(32), nullable=False),  # for which they were named: whoever moves to another body speaks for none
    Column("named_by", String(32), nullable=False),
    Column("at", BigInteger, nullable=False),
)

suggestions = Table(
    "suggestions",
    metadata,
    Column("act_id", String(32), ForeignKey("acts.id"), primary_key=True),
    Column("id", String(32), primary_key=True),  # chosen by the author's client
    Column("document", String(80), ForeignKey("documents.document"), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("change", Text, nullable=False),  # JSON, schema/suggestion.json
    Column("group_id", String(32), nullable=False, default=""),
    Column("author", String(32), nullable=False),
    Column("body", String(32), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("stamp", Integer, nullable=False),
    Column("status", String(16), nullable=False),  # open, accepted, rejected, withdrawn, stale
    Column("audience", String(8), nullable=False),  # body, act
    Column("claim_by", String(32)),
    Column("claim_until", BigInteger),
    Column("claim_version", Integer),
    Column("claim_what", String(16)),
    Column("remarked", Boolean, nullable=False, default=False),
    Index("suggestions_by_document", "document", "status"),
    Index("suggestions_by_author", "act_id", "author", "status"),
)

suggestion_decisions = Table(
    "suggestion_decisions",
    metadata,
    Column("act_id", String(32), primary_key=True),
    Column("suggestion_id", String(32), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("who", String(32), nullable=False),
    Column("body", String(32), nullable=False),
    Column("what", String(16), nullable=False),  # released, accepted, rejected, reopened, withdrawn, edited
    Column("reason", Text, nullable=False, default=""),
    Column("version", Integer, nullable=False),
    ForeignKeyConstraint(["act_id", "suggestion_id"], ["suggestions.act_id", "suggestions.id"]),
)

# -- comments ---------------------------------------------------------------------------------------------------------

comment_threads = Table(
    "comment_threads",
    metadata,
    Column("act_id", String(32), ForeignKey("acts.id"), primary_key=True),
    Column("id", String(32), primary_key=True),  # also the id of its first comment
    Column("document", String(80), ForeignKey("documents.document"), nullable=False),
    Column("anchor", Text, nullable=False),  # JSON, schema/suggestion.json
    Column("suggestion_id", String(32)),
    Column("status", String(16), nullable=False),  # open, resolved
    Column("resolved_by", String(32)),
    Column("resolved_at", BigInteger),
    Column("stamp", Integer, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Index("comment_threads_by_document", "document"),
)

comments = Table(
    "comments",
    metadata,
    Column("act_id", String(32), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("thread_id", String(32), nullable=False),
    Column("author", String(32), nullable=False),
    Column("body", String(32), nullable=False),
    Column("audience", String(8), nullable=False),  # body, act
    Column("text", Text, nullable=False),  # Markdown as written; empty once deleted
    Column("mentioned_people", Text, nullable=False),  # JSON list of ids
    Column("mentioned_bodies", Text, nullable=False),  # JSON list of codes
    Column("created_at", BigInteger, nullable=False),
    Column("edited_at", BigInteger),
    Column("deleted_at", BigInteger),
    Column("remarked", Boolean, nullable=False, default=False),
    ForeignKeyConstraint(["act_id", "thread_id"], ["comment_threads.act_id", "comment_threads.id"]),
    Index("comments_by_thread", "act_id", "thread_id"),
    Index("comments_by_author", "act_id", "author"),
)

comment_reactions = Table(
    "comment_reactions",
    metadata,
    Column("act_id", String(32), primary_key=True),
    Column("comment_id", String(32), primary_key=True),
    Column("user_id", String(32), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("at", BigInteger, nullable=False),
    ForeignKeyConstraint(["act_id", "comment_id"], ["comments.act_id", "comments.id"]),
)

remarks = Table(
    "remarks",
    metadata,
    Column("act_id", String(32), ForeignKey("acts.id"), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("number", Integer, nullable=False),  # from 1 in each act
    Column("document", String(80), ForeignKey("documents.document"), nullable=False),
    Column("bid", String(64), nullable=False),  # the provision; empty for the whole act
    Column("suggestion_id", String(32)),
    Column("comment_id", String(32)),
    Column("change", Text),  # JSON: the suggestion as it was when the remark was sent
    Column("text", Text, nullable=False),
    Column("proposed", Text, nullable=False),
    Column("author", String(32), nullable=False),
    Column("body", String(32), nullable=False),
    Column("at", BigInteger, nullable=False),
    UniqueConstraint("act_id", "number", name="remarks_are_numbered"),
)

remark_answers = Table(
    "remark_answers",
    metadata,
    Column("act_id", String(32), primary_key=True),
    Column("remark_id", String(32), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),  # the last one holds
    Column("result", String(16), nullable=False),  # accepted, partly, declined
    Column("reason", Text, nullable=False),
    Column("who", String(32), nullable=False),
    Column("body", String(32), nullable=False),
    Column("at", BigInteger, nullable=False),
    ForeignKeyConstraint(["act_id", "remark_id"], ["remarks.act_id", "remarks.id"]),
)

# -- approval ---------------------------------------------------------------------------------------------------------

act_procedures = Table(
    "act_procedures",
    metadata,
    Column("act_id", String(32), ForeignKey("acts.id"), primary_key=True),
    Column("policy", String(32), nullable=False),  # the id of the policy file
    Column("procedure", String(32), nullable=False),
)

act_seals = Table(
    "act_seals",
    metadata,
    Column("act_id", String(32), ForeignKey("acts.id"), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("revision_hash", String(64), nullable=False),
    Column("sealed_by", String(32), nullable=False),
    Column("at", BigInteger, nullable=False),
)

approval_rounds = Table(
    "approval_rounds",
    metadata,
    Column("act_id", String(32), ForeignKey("acts.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),  # from 1 in each act
    Column("kind", String(16), nullable=False),  # approval, legal
    Column("revision", Integer, nullable=False),
    Column("revision_hash", String(64), nullable=False),
    Column("note", Text, nullable=False),
    Column("opened_by", String(32), nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    ForeignKeyConstraint(["act_id", "revision"], ["revisions.act_id", "revisions.number"]),
)

approval_round_ends = Table(
    "approval_round_ends",
    metadata,
    Column("act_id", String(32), primary_key=True),
    Column("round", Integer, primary_key=True, autoincrement=False),
    Column("reason", String(32), nullable=False),  # complete, withdraw, declare_emergency
    Column("ended_by", String(32), nullable=False),
    Column("at", BigInteger, nullable=False),
    ForeignKeyConstraint(["act_id", "round"], ["approval_rounds.act_id", "approval_rounds.number"]),
)

approval_requests = Table(
    "approval_requests",
    metadata,
    Column("act_id", String(32), primary_key=True),
    Column("round", Integer, primary_key=True, autoincrement=False),
    Column("body", String(32), ForeignKey("bodies.code"), primary_key=True),
    Column("class", String(32), nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("silent", Boolean, nullable=False),  # afterwards it has agreed by default
    Column("scope", Text, nullable=False),  # JSON list of block ids; [] is the whole package
    ForeignKeyConstraint(["act_id", "round"], ["approval_rounds.act_id", "approval_rounds.number"]),
    Index("approval_requests_by_due", "silent", "due_at"),
    Index("approval_requests_by_body", "body"),
)

positions = Table(
    "positions",
    metadata,
    Column("act_id", String(32), primary_key=True),
    Column("round", Integer, primary_key=True, autoincrement=False),
    Column("body", String(32), primary_key=True),  # so a body has one position in a round, stated or by default (I5)
    Column("outcome", String(32), nullable=False),
    Column("revision_hash", String(64), nullable=False),  # the revision that was judged (I2)
    Column("note", Text, nullable=False),
    Column("signatory", String(32), nullable=False),  # "server" for silence
    Column("deputy_for", String(32), nullable=False, default=""),
    Column("at", BigInteger, nullable=False),
    ForeignKeyConstraint(["act_id", "round", "body"], ["approval_requests.act_id", "approval_requests.round", "approval_requests.body"]),
)

position_remarks = Table(
    "position_remarks",
    metadata,
    Column("act_id", String(32), primary_key=True),
    Column("remark_id", String(32), primary_key=True),
    Column("round", Integer, nullable=False),
    Column("body", String(32), nullable=False),
    ForeignKeyConstraint(["act_id", "remark_id"], ["remarks.act_id", "remarks.id"]),
    ForeignKeyConstraint(["act_id", "round", "body"], ["positions.act_id", "positions.round", "positions.body"]),
)

late_positions = Table(
    "late_positions",
    metadata,
    Column("act_id", String(32), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("round", Integer, nullable=False),
    Column("body", String(32), nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("note", Text, nullable=False),
    Column("signatory", String(32), nullable=False),
    Column("at", BigInteger, nullable=False),
    ForeignKeyConstraint(["act_id", "round", "body"], ["approval_requests.act_id", "approval_requests.round", "approval_requests.body"]),
)

visa_sheets = Table(
    "visa_sheets",
    metadata,
    Column("act_id", String(32), ForeignKey("acts.id"), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("body", String(32), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),  # the last one holds
    Column("order", String(16), nullable=False),  # sequential, parallel
    Column("people", Text, nullable=False),  # JSON list of user ids
    Column("asked_by", String(32), nullable=False),
    Column("at", BigInteger, nullable=False),
    ForeignKeyConstraint(["act_id", "revision"], ["revisions.act_id", "revisions.number"]),
)

visas = Table(
    "visas",
    metadata,
    Column("act_id", String(32), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("body", String(32), primary_key=True),
    Column("sheet", Integer, primary_key=True, autoincrement=False),
    Column("user_id", String(32), primary_key=True),
    Column("result", String(16), nullable=False),  # agreed, objected
    Column("note", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    ForeignKeyConstraint(
        ["act_id", "revision", "body", "sheet"], ["visa_sheets.act_id", "visa_sheets.revision", "visa_sheets.body", "visa_sheets.number"]
    ),
)

deputies = Table(
    "deputies",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("body", String(32), ForeignKey("bodies.code"), nullable=False, index=True),
    Column("signatory", String(32), ForeignKey("users.id"), nullable=False),
    Column("deputy", String(32), ForeignKey("users.id"), nullable=False, index=True),
    Column("first_day", String(10), nullable=False),  # ISO dates of the policy's time zone, both included
    Column("last_day", String(10), nullable=False),
    Column("named_by", String(32), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
)

signatures = Table(
    "signatures",
    metadata,
    Column("act_id", String(32), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("round", Integer, nullable=False),
    Column("body", String(32), nullable=False),
    Column("revision_hash", String(64), nullable=False),  # what was signed
    Column("file_name", String(200), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("verification", String(32), nullable=False),
    Column("added_by", String(32), nullable=False),
    Column("at", BigInteger, nullable=False),
    ForeignKeyConstraint(["act_id", "round", "body"], ["positions.act_id", "positions.round", "positions.body"]),
)

# -- events -----------------------------------------------------------------------------------------------------------

events = Table(
    "events",
    metadata,
    Column("scope", String(32), primary_key=True),  # an act's id, or "system"
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", String(32), nullable=False),  # a person's id, never a name (D17)
    Column("kind", String(64), nullable=False),
    Column("payload", Text, nullable=False),  # canonical JSON
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("scope", "previous_hash", name="events_do_not_fork"),
)

instance = Table(
    "instance",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)
