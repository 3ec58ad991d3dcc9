"""Statements of the hot path: written in SQLAlchemy Core, compiled once per dialect, run without its work per call."""

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, Connection, Executable, String, bindparam
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement

Values = dict[str, object]

_ALONE = "alone"
"""Said to the compiler: each list has one value."""


class _Among(FunctionElement[bool]):
    """A column and a parameter that is a list of strings: `IN`, with one text for any number of values."""

    inherit_cache = True


@compiles(_Among, "sqlite")
def _in_json(element: _Among, compiler: Any, **how: Any) -> str:  # Any: SQLAlchemy's compiler and its options
    column, values = element.clauses
    if how.get(_ALONE):
        return f"{compiler.process(column, **how)} = {compiler.process(values, **how)}"
    return f"{compiler.process(column, **how)} IN (SELECT value FROM json_each({compiler.process(values, **how)}))"  # noqa: S608 - no value of anybody's


@compiles(_Among, "postgresql")
def _in_array(element: _Among, compiler: Any, **how: Any) -> str:  # Any: SQLAlchemy's compiler and its options
    column, values = element.clauses
    if how.get(_ALONE):
        return f"{compiler.process(column, **how)} = {compiler.process(bindparam(values.key, type_=String), **how)}"
    return f"{compiler.process(column, **how)} = ANY({compiler.process(values, **how)})"


def among(column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """The column has one of the strings in the list that the parameter `name` gives. Only in a `Prepared`."""
    return _Among(column, bindparam(name, type_=ARRAY(String)))


class Prepared:
    """One statement whose parameters are plain integers, strings and bytes, and for `among` lists of strings.

    On SQLite it goes straight to the driver (a quarter of what `Connection.execute` costs); on PostgreSQL through
    SQLAlchemy's adapter, which keeps the statement prepared at the server. Errors are SQLAlchemy's on both.

    Where each list has one value another text compares with it: SQLite makes a table of a list, and PostgreSQL, which cannot
    know its length beforehand, plans a statement with one anew at each call.
    """

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._compiled: dict[tuple[str, bool], tuple[str, tuple[str, ...]]] = {}

    def scalar(self, connection: Connection, values: Values) -> Any:  # Any: what the statement returns
        """Execute once; the first column of the first row, or None without one."""
        sql, names = self._for(connection)
        parameters = tuple([values[name] for name in names])
        if connection.dialect.name != "sqlite":
            return connection.exec_driver_sql(sql, parameters).scalar()
        row = self._in_sqlite(connection, sql, parameters).fetchone()
        return None if row is None else row[0]

    def rows(self, connection: Connection, values: Values) -> Sequence[Sequence[Any]]:  # Any: what the statement returns
        """Execute once; every row."""
        values, alone = _opened(values)
        sql, names = self._for(connection, alone=alone)
        parameters = tuple([values[name] for name in names])
        if connection.dialect.name != "sqlite":
            return connection.exec_driver_sql(sql, parameters).all()
        if not alone:
            parameters = tuple([json.dumps(one) if isinstance(one, list) else one for one in parameters])
        return self._in_sqlite(connection, sql, parameters).fetchall()

    def run(self, connection: Connection, values: Values) -> None:
        """Execute once for the effect."""
        self.run_many(connection, (values,))

    def run_many(self, connection: Connection, values: Sequence[Values]) -> None:
        """Execute for each set of parameters; nothing for none."""
        if not values:
            return
        sql, names = self._for(connection)
        if connection.dialect.name != "sqlite":
            connection.exec_driver_sql(sql, [tuple([one[name] for name in names]) for one in values])
            return
        for one in values:
            self._in_sqlite(connection, sql, tuple([one[name] for name in names]))

    def _in_sqlite(self, connection: Connection, sql: str, parameters: tuple[object, ...]) -> sqlite3.Cursor:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - tells the type checker what the dialect says
        try:
            return driver.execute(sql, parameters)
        except sqlite3.Error as error:
            raise DBAPIError.instance(sql, None, error, sqlite3.Error, hide_parameters=True) from error

    def _for(self, connection: Connection, *, alone: bool = False) -> tuple[str, tuple[str, ...]]:
        kept = connection.dialect.name, alone
        found = self._compiled.get(kept)
        if found is None:
            assert isinstance(self._statement, ClauseElement)  # noqa: S101 - every Core statement is one
            # Any: `positiontup` belongs to its subclass
            compiled: Any = self._statement.compile(dialect=connection.dialect, compile_kwargs={_ALONE: alone})
            found = self._compiled[kept] = (str(compiled), tuple(compiled.positiontup))
        return found


def _opened(values: Values) -> tuple[Values, bool]:
    """With the values of the lists in their place, and True, where each list has one."""
    lists = {name: one for name, one in values.items() if isinstance(one, list)}
    if all(len(one) == 1 for one in lists.values()):
        return {**values, **{name: one[0] for name, one in lists.items()}}, True
    return values, False
