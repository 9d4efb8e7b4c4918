"""The tables of the bot's memory, and how an older file becomes a newer one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

SCHEMA = 2
"""The version that this code writes; 1 had buttons only."""

_TABLES = """
CREATE TABLE IF NOT EXISTS shown (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    chat INTEGER NOT NULL,
    question TEXT NOT NULL,
    passages TEXT NOT NULL,
    at REAL NOT NULL,
    person INTEGER NOT NULL DEFAULT 0,
    asked TEXT,
    answer TEXT
);
CREATE INDEX IF NOT EXISTS shown_at ON shown (at);
CREATE INDEX IF NOT EXISTS shown_person ON shown (person);
CREATE INDEX IF NOT EXISTS shown_chat ON shown (chat);
CREATE TABLE IF NOT EXISTS inbox (
    number INTEGER PRIMARY KEY,
    body TEXT,
    taken REAL NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    done REAL
);
CREATE INDEX IF NOT EXISTS inbox_done ON inbox (done);
CREATE TABLE IF NOT EXISTS owner (
    bot INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS outbox (
    number INTEGER NOT NULL,
    place INTEGER NOT NULL,
    body TEXT NOT NULL,
    sent INTEGER,
    PRIMARY KEY (number, place)
);
CREATE TABLE IF NOT EXISTS turns (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat INTEGER NOT NULL,
    thread INTEGER NOT NULL,
    person INTEGER NOT NULL,
    question TEXT NOT NULL,
    asked TEXT NOT NULL,
    quote TEXT NOT NULL,
    title TEXT NOT NULL,
    passage INTEGER NOT NULL,
    at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS turns_chat ON turns (chat, thread, id);
CREATE INDEX IF NOT EXISTS turns_at ON turns (at);
CREATE TABLE IF NOT EXISTS people (
    person INTEGER PRIMARY KEY,
    language TEXT
);
CREATE TABLE IF NOT EXISTS chats (
    chat INTEGER PRIMARY KEY,
    blocked REAL
);
CREATE TABLE IF NOT EXISTS replies (
    chat INTEGER NOT NULL,
    question INTEGER NOT NULL,
    answer INTEGER NOT NULL,
    text TEXT NOT NULL,
    person INTEGER NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (chat, question)
);
CREATE INDEX IF NOT EXISTS replies_answer ON replies (chat, answer);
CREATE INDEX IF NOT EXISTS replies_at ON replies (at);
CREATE TABLE IF NOT EXISTS feedback (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL,
    chat INTEGER NOT NULL,
    person INTEGER NOT NULL,
    question TEXT NOT NULL,
    asked TEXT,
    address TEXT NOT NULL,
    answer TEXT NOT NULL,
    helpful INTEGER NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    at REAL NOT NULL,
    UNIQUE (key, person)
);
CREATE TABLE IF NOT EXISTS unanswered (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat INTEGER NOT NULL,
    person INTEGER NOT NULL,
    question TEXT NOT NULL,
    asked TEXT,
    at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS invitations (
    code TEXT PRIMARY KEY,
    made_by INTEGER NOT NULL,
    made REAL NOT NULL,
    uses INTEGER NOT NULL,
    used INTEGER NOT NULL DEFAULT 0,
    note TEXT NOT NULL DEFAULT '',
    withdrawn REAL
);
CREATE TABLE IF NOT EXISTS members (
    person INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    since REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL,
    person INTEGER NOT NULL,
    action TEXT NOT NULL,
    what TEXT NOT NULL,
    outcome TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS drafts (
    key TEXT PRIMARY KEY,
    person INTEGER NOT NULL,
    chat INTEGER NOT NULL,
    name TEXT NOT NULL,
    body BLOB NOT NULL,
    about TEXT NOT NULL DEFAULT '{}',
    at REAL NOT NULL
);
"""
_FROM_1 = """
ALTER TABLE shown ADD COLUMN person INTEGER NOT NULL DEFAULT 0;
ALTER TABLE shown ADD COLUMN asked TEXT;
ALTER TABLE shown ADD COLUMN answer TEXT;
"""


def prepare(db: sqlite3.Connection, version: int) -> None:
    """Bring a file of an older version, 0 for an empty one, to this one; all of it or nothing."""
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten
    steps = _FROM_1 if version == 1 else ""
    db.executescript(f"BEGIN IMMEDIATE; {steps} {_TABLES} PRAGMA user_version = {SCHEMA}; COMMIT;")
