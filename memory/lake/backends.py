"""Where Ibis expressions over the lake run: DuckDB in this process by default, Spark where one machine is too small."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Protocol
from uuid import uuid4

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa
from sqlglot import ErrorLevel

from .compiled import Compiled
from .instances import Lent

MEMORY_LIMIT = "1500MB"
"""What one view may hold before DuckDB spills to the system's temporary folder."""


class Backend(Protocol):
    """Reads Parquet files and Arrow tables into Ibis tables of one connection."""

    con: Any
    """The Ibis connection."""

    def parquet(self, name: str, files: Sequence[str]) -> ir.Table:
        """Give the rows of Parquet files of one schema under a name."""
        ...

    def arrow(self, name: str, rows: pa.Table) -> ir.Table:
        """Give an Arrow table a place beside the files; an earlier one of that name is replaced."""
        ...

    def named(self, name: str, table: ir.Table) -> ir.Table:
        """Give an expression a name in the connection; what is built on it compiles as if it were a table."""
        ...

    def kept(self, name: str, table: ir.Table) -> ir.Table:
        """Work an expression out once and give its rows under a name, for those who read them many times."""
        ...

    def drop(self, name: str) -> None:
        """Let go of an Arrow table that has a place beside the files."""
        ...

    def close(self) -> None:
        """Let go of the connection."""
        ...


class DuckBackend:
    """A private in-memory DuckDB."""

    def __init__(self, memory_limit: str = MEMORY_LIMIT) -> None:
        """Take an instance for as long as it is open."""
        self._lent = Lent(memory_limit, keeps_footers=True)
        self.con = ibis.duckdb.from_connection(self._lent.con)
        self._compile_anew = self.con.compile
        self.con.compile = self._compile

    def parquet(self, name: str, files: Sequence[str]) -> ir.Table:
        """Give the rows of Parquet files under a name; a column that older files lack is null there."""
        return self.con.read_parquet(list(files), table_name=name, union_by_name=True)

    def arrow(self, name: str, rows: pa.Table) -> ir.Table:
        """Give an Arrow table a place beside the files; an earlier one of that name is replaced."""
        self.con.con.register(name, rows)  # ibis 12's create_table breaks on sqlglot 30
        return self._of(name, ibis.Schema.from_pyarrow(rows.schema))

    def named(self, name: str, table: ir.Table) -> ir.Table:
        """Give an expression a name in the connection; what is built on it compiles as if it were a table."""
        self.con.con.execute(f'CREATE OR REPLACE VIEW "{name}" AS {self.con.compile(table)}')
        return self._of(name, table.schema())

    def kept(self, name: str, table: ir.Table) -> ir.Table:
        """Work an expression out once into a temporary table; what does not fit in memory spills."""
        self.con.con.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS {self.con.compile(table)}')
        return self._of(name, table.schema())

    def drop(self, name: str) -> None:
        """Let go of an Arrow table that has a place beside the files."""
        self.con.con.unregister(name)

    def close(self) -> None:
        """Let go of the connection."""
        self._lent.close()

    def _compile(self, expr: ir.Expr, /, *, limit: Any = None, params: Any = None, pretty: bool = False) -> str:
        """Compile as Ibis does, from the texts remembered where nothing but the expression is given."""
        if limit is None and not params and not pretty:
            return _duck_texts().sql(expr)
        return str(self._compile_anew(expr, limit=limit, params=params, pretty=pretty))

    def _of(self, name: str, schema: ibis.Schema) -> ir.Table:
        """Give a table whose columns are known; `con.table` asks the database, a twentieth of a tick."""
        nowhere = ops.Namespace(catalog=None, database=None)
        columns = ibis.schema({column: kind(nullable=True) for column, kind in schema.items()})
        return ops.DatabaseTable(name, schema=columns, source=self.con, namespace=nowhere).to_expr()


@cache
def _duck_texts() -> Compiled:
    """Give the texts in DuckDB's dialect that all connections of this process share."""
    from ibis.backends.duckdb import Backend as Duck

    compiler, dialect = Duck.compiler, Duck.compiler.dialect

    def compiled(expr: ir.Expr) -> str:
        return str(compiler.to_sqlglot(expr).sql(dialect=dialect, copy=False, unsupported_level=ErrorLevel.RAISE))

    def text_of(literal: ops.Literal) -> str:
        node = compiler.visit_node(literal, **dict(zip(literal.argnames, literal.args, strict=True)))
        return str(node.sql(dialect=dialect))

    return Compiled(compiled, text_of)


class SparkBackend:
    """A Spark session of the caller (classic or Connect), which stays open; needs the `spark` extra."""

    def __init__(self, session: Any) -> None:
        """Use a `pyspark.sql.SparkSession` whose session time zone is UTC."""
        self._session = session
        self._prefix = f"v{uuid4().hex[:12]}_"  # views of one session share their names
        self.con = ibis.pyspark.connect(session)
        self.con.compiler = spark_compiler()

    def parquet(self, name: str, files: Sequence[str]) -> ir.Table:
        """Give the rows of Parquet files of one schema under a name."""
        self._session.read.option("mergeSchema", "true").parquet(*files).createOrReplaceTempView(self._prefix + name)
        return self.con.table(self._prefix + name)

    def arrow(self, name: str, rows: pa.Table) -> ir.Table:
        """Give an Arrow table a place beside the files; an earlier one of that name is replaced."""
        self._session.createDataFrame(rows).createOrReplaceTempView(self._prefix + name)
        return self.con.table(self._prefix + name)

    def named(self, name: str, table: ir.Table) -> ir.Table:
        """Give an expression a name in the session; what is built on it compiles as if it were a table."""
        self._session.sql(self.con.compile(table)).createOrReplaceTempView(self._prefix + name)
        return self.con.table(self._prefix + name)

    def kept(self, name: str, table: ir.Table) -> ir.Table:
        """Give an expression a name and let Spark keep its rows once they were read."""
        self._session.sql(self.con.compile(table)).cache().createOrReplaceTempView(self._prefix + name)
        return self.con.table(self._prefix + name)

    def drop(self, name: str) -> None:
        """Let go of an Arrow table that has a place beside the files."""
        self._session.catalog.dropTempView(self._prefix + name)

    def close(self) -> None:
        """Leave the session to its owner."""


def spark_compiler() -> Any:
    """Give Ibis' compiler for Spark with two repairs.

    Spark takes array places as 32-bit integers only. Its collected arrays hold no nulls, so `include_null`, which
    saves a filter on DuckDB, is only for columns that are never null.
    """
    from ibis.backends.sql.compilers.pyspark import PySparkCompiler

    class Repaired(PySparkCompiler):  # type: ignore[misc]
        def visit_ArrayIndex(self, op: Any, *, arg: Any, index: Any) -> Any:
            return super().visit_ArrayIndex(op, arg=arg, index=self.cast(index, ibis.dtype("int32")))

        def visit_ArrayCollect(self, op: Any, *, include_null: bool, **rest: Any) -> Any:
            return super().visit_ArrayCollect(op, include_null=False, **rest)

    return Repaired()
