"""The databases of a bench: each peer filled once, then a fresh copy of it for every round."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


class NotDurableError(Exception):
    """The server would answer before the data are safe: its numbers would mean nothing."""


class Server:
    """One PostgreSQL, reached as an owner who may create databases."""

    def __init__(self, url: str) -> None:
        self.where = conninfo_to_dict(url)
        self.connection = psycopg.connect(url, autocommit=True)
        for setting, wanted in DURABLE.items():
            if self._show(setting) != wanted:
                message = f"{setting} must be {wanted}"
                raise NotDurableError(message)

    def _show(self, setting: str) -> str:
        row = self.connection.execute("select current_setting(%s)", (setting,)).fetchone()
        return str(row[0]) if row else ""

    @property
    def version(self) -> str:
        """The server's version, as it says it."""
        return self._show("server_version")

    def url(self, name: str) -> str:
        """Give the address of one database on this server."""
        query = {"host": self.where["host"], "port": self.where.get("port", 5432), "user": self.where["user"]}
        return f"postgresql:///{name}?{urlencode(query)}"

    def create(self, name: str, template: str = "template0") -> str:
        """Create a database in place of any old one, everything written out before it is used; returns its address."""
        self.drop(name)
        statement = sql.SQL("create database {} template {} strategy file_copy")
        self.connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        self.connection.execute("checkpoint")
        return self.url(name)

    def settle(self, name: str) -> None:
        """Vacuum and analyze a filled database, so that every peer is read with fresh statistics."""
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            connection.execute("vacuum (freeze, analyze)")

    def drop(self, name: str) -> None:
        self.connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


@contextmanager
def quick_commits() -> Iterator[None]:
    """Let the processes started meanwhile fill their database without waiting for the disk."""
    os.environ["PGOPTIONS"] = "-c synchronous_commit=off"
    try:
        yield
    finally:
        del os.environ["PGOPTIONS"]
