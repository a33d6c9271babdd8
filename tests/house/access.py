"""Writes the matrix of `docs/access.md` from the OpenAPI document: `python -m tests.house.access`."""

import tempfile
from pathlib import Path
from typing import get_args

from memory.domain.principal import PERMISSIONS, Role

from .tree import ROOT

PAGE = ROOT / "docs" / "access.md"
BEGIN, END = "<!-- matrix -->", "<!-- /matrix -->"


def operations() -> list[tuple[str, str, str]]:
    """Give (method, path, permission) of every documented route; an empty permission is a public one."""
    from agent.assembly import assemble
    from agent.settings import load_settings
    from api.http.app import create_api

    with tempfile.TemporaryDirectory() as folder:
        app = assemble(load_settings(home=Path(folder)))
        paths = create_api(app).openapi()["paths"]
        app.close()
    return [
        (method.upper(), path, row.get("x-permission", ""))
        for path, rows in paths.items()
        for method, row in rows.items()
    ]


def matrix() -> str:
    """Give the table: one line per route, one column per role."""
    roles = get_args(Role)
    lines = [f"| route | permission | {' | '.join(roles)} |", f"|---|---|{'---|' * len(roles)}"]
    for method, path, permission in operations():
        cells = [" yes " if not permission or permission in PERMISSIONS[role] else " – " for role in roles]
        lines.append(f"| `{method} {path}` | {permission or 'public'} |{'|'.join(cells)}|")
    return "\n".join(lines)


def page() -> str:
    """Give the page with its matrix as the code says."""
    before, _, rest = PAGE.read_text().partition(BEGIN)
    return f"{before}{BEGIN}\n{matrix()}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(page())
