"""Who may look and what they did: users, API keys, sessions, failed log-ins, the audit. Secrets are kept as hashes."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text

from cxtext.store.tables import Moment, metadata

account = Table(
    "account",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
    Column("password", String(200), nullable=False),  # argon2id in its own notation, never the password
    Column("role", String(20), nullable=False),
    Column("departments", JSON, nullable=False),  # keys; an empty list means all
    Column("created_at", Moment, nullable=False),
    Column("removed_at", Moment),
)

api_key = Table(
    "api_key",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("prefix", String(20), nullable=False, unique=True),  # the part that may be shown
    Column("hash", String(64), nullable=False, unique=True),  # SHA-256; the key has 256 random bits of its own
    Column("name", String(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("departments", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("created_by", String(200), nullable=False),
    Column("expires_at", Moment),
    Column("revoked_at", Moment),
    Column("last_used_at", Moment),
)

session = Table(
    "session",
    metadata,
    Column("hash", String(64), primary_key=True),  # SHA-256 of what the cookie holds
    Column("account_id", Integer, ForeignKey("account.id"), nullable=False, index=True),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
)

login_attempt = Table(
    "login_attempt",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("who", String(64), nullable=False),  # hash of a name or of an address
    Column("at", Moment, nullable=False),
    Index(None, "who", "at"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("who", String(200), nullable=False),
    Column("via", String(20), nullable=False),  # local, session, key, shell
    Column("what", String(300), nullable=False),  # verb and route, never a value that somebody typed
    Column("path", Text, nullable=False),  # what was asked, without its query
    Column("status", Integer, nullable=False),  # of the answer, as HTTP says it
)

ACCOUNTS = (account, api_key, session, login_attempt, audit)
