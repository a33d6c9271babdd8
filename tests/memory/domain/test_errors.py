"""Every error names its remedy and carries a status."""

import memory.domain.errors as errors
from memory.domain.errors import InvalidInput, NotFound, SecondOrderError


def test_the_docstring_is_the_message() -> None:
    error = InvalidInput(what="row 3", why="no currency", remedy="Add the column Currency.")
    assert str(error) == "row 3 cannot be used: no currency. Add the column Currency."
    assert error.code == "InvalidInput"


def test_every_error_is_ours_and_has_a_status() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    assert NotFound in kinds
    assert all(issubclass(kind, SecondOrderError) and 400 <= kind.http_status <= 599 for kind in kinds)
