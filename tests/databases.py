"""Make, empty and drop the databases the tests work in. Nothing of the library is used here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import SplitResult, urlsplit

import psycopg
import pymysql

DATABASES = ("sqlite", "postgres", "mariadb")
PATIENCE = 5  # seconds to wait for a connection, or for a lock that an earlier test left behind


class NoDatabaseServer(Exception):
    """Nothing usable answers at this address: no server, another kind of server, or no right to make databases."""


def server_version(url: str) -> str:
    """The version of the server at this URL, if it lets us make databases; NoDatabaseServer otherwise."""
    address = urlsplit(url)
    if address.scheme.startswith("redis"):
        return _redis_version(url)
    try:
        with _cursor(url) as cursor:
            return _postgres_version(cursor) if _is_postgres(address) else _mariadb_version(cursor)
    except (psycopg.Error, pymysql.Error) as error:
        raise NoDatabaseServer(str(error).strip()) from error


def create_database(server_url: str, name: str) -> str:
    """Make an empty database and return its URL."""
    address = urlsplit(server_url)
    with _cursor(server_url) as cursor:
        if _is_postgres(address):
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        else:
            # With the collation the server gives by default, on purpose: applications have no other.
            cursor.execute(f"CREATE DATABASE {name}")
    return address._replace(path=f"/{name}").geturl()


def drop_database(server_url: str, name: str) -> None:
    """Drop a database, whoever is still connected to it."""
    with _cursor(server_url) as cursor:
        cursor.execute(f"DROP DATABASE {name}" + (" WITH (FORCE)" if _is_postgres(urlsplit(server_url)) else ""))


def empty_database(url: str) -> None:
    """Drop every table. Fails after a few seconds if an earlier test left a transaction open."""
    with _cursor(url) as cursor:
        if _is_postgres(urlsplit(url)):
            cursor.execute(f"SET lock_timeout = '{PATIENCE}s'")
            cursor.execute("SET client_min_messages = warning")
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
            return
        cursor.execute(f"SET lock_wait_timeout = {PATIENCE}, foreign_key_checks = 0")
        cursor.execute("SHOW TABLES")
        if tables := ", ".join(f"`{name}`" for (name,) in cursor.fetchall()):
            cursor.execute(f"DROP TABLE {tables}")


def _is_postgres(address: SplitResult) -> bool:
    return address.scheme.startswith("postgres")


@contextmanager
def _cursor(url: str) -> Iterator[Any]:
    """A cursor in autocommit mode."""
    address = urlsplit(url)
    connection: Any
    if _is_postgres(address):
        plain = address._replace(scheme="postgresql").geturl()
        connection = psycopg.connect(plain, autocommit=True, connect_timeout=PATIENCE)
    else:
        connection = pymysql.connect(
            host=address.hostname or "127.0.0.1",
            port=address.port or 3306,
            user=address.username,
            password=address.password or "",
            database=address.path.strip("/") or None,
            charset="utf8mb4",
            autocommit=True,
            connect_timeout=PATIENCE,
        )
    with closing(connection), closing(connection.cursor()) as cursor:
        yield cursor


def _postgres_version(cursor: Any) -> str:
    cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
    if cursor.fetchone() != (True,):
        raise NoDatabaseServer("the user may not make databases")
    cursor.execute("SHOW server_version")
    return str(cursor.fetchone()[0]).split()[0]


def _mariadb_version(cursor: Any) -> str:
    cursor.execute("SELECT version()")
    version = str(cursor.fetchone()[0])
    if "MariaDB" not in version:
        raise NoDatabaseServer(f"a MySQL server ({version}), not MariaDB")
    return version.partition("-")[0]


def _redis_version(url: str) -> str:
    from redis import Redis, RedisError

    try:
        with Redis.from_url(url, socket_timeout=PATIENCE) as connection:
            return str(connection.info("server")["redis_version"])
    except RedisError as error:
        raise NoDatabaseServer(str(error)) from error
