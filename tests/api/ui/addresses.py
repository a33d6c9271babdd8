"""Every address of the workspace, read from where the pages register themselves: a new page is visited by itself."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, cast, get_args

from memory.domain.principal import PERMISSIONS, Permission, Role

ROOT = Path(__file__).parents[3] / "api" / "ui"
_ADDED = re.compile(r'add_page\(\s*app,\s*"(/[^"]*)",\s*"(\w+)"')


class Address(NamedTuple):
    """Where a page is and what opens it."""

    pattern: str
    """Its path, with holes as in `/ui/plans/{plan_id}`."""
    permission: Permission
    """What its visitor must hold."""

    @property
    def name(self) -> str:
        """The page's name as part of a file's name."""
        return re.sub(r"\W+", "-", self.pattern.removeprefix("/ui/").removesuffix("_id}")).strip("-") or "home"

    def filled(self, ids: Mapping[str, str]) -> str:
        """Give the path of one thing; `ids` fill the holes by name, and each hole must have one."""
        return self.pattern.format(**ids)

    def outsider(self) -> Role:
        """Give a role that may look at something, but not at this page."""
        return next(
            role for role in ("viewer", "support") if self.permission not in PERMISSIONS[role]
        )  # `support` may not read


def addresses() -> tuple[Address, ...]:
    """Give every address that a page registers, sorted."""
    found = {hit for path in sorted(ROOT.glob("*/*.py")) for hit in _ADDED.findall(path.read_text(encoding="utf-8"))}
    unknown = {permission for _, permission in found} - set(get_args(Permission))
    assert not unknown, unknown
    return tuple(Address(f"/ui{path}", cast("Permission", permission)) for path, permission in sorted(found))
