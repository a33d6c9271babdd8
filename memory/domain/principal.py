"""Who acts: a person, the agent or the system, with roles per shop."""

from typing import Annotated, Literal

from pydantic import Field

from .base import Frozen, ShopId
from .errors import NotPermitted

Role = Literal["viewer", "marketer", "approver", "support", "evaluator", "admin", "agent", "intake"]
"""What a principal is in one shop."""
Permission = Literal[
    "self", "read", "import", "plan", "submit", "approve", "guardrail", "dispatch", "evaluate", "contact", "admin",
    "intake",
]  # fmt: skip
"""What a command or route asks for; `self` is what everybody with a role may: see who they are and sign out."""
PrincipalKind = Literal["human", "agent", "system"]

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    "viewer": frozenset({"self", "read"}),
    "marketer": frozenset({"self", "read", "import", "plan", "submit", "guardrail", "dispatch"}),
    "approver": frozenset({"self", "read", "approve"}),
    "support": frozenset({"self", "contact"}),
    "evaluator": frozenset({"self", "read", "evaluate"}),
    "admin": frozenset(
        {"self", "read", "import", "plan", "submit", "guardrail", "dispatch", "evaluate", "contact", "admin", "intake"}
    ),
    "agent": frozenset({"self", "read", "plan", "submit"}),
    "intake": frozenset({"intake"}),
}
"""Deny by default: a role holds exactly these permissions; approving and drafting never come from one role."""


class Grant(Frozen):
    """One role in one shop."""

    shop_id: ShopId
    """The shop."""
    role: Role
    """The role."""


class Principal(Frozen):
    """Whoever runs a command or calls a route."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.@-]{0,63}$")]
    """The principal's stable id."""
    name: str
    """What others call them."""
    kind: PrincipalKind = "human"
    """A human, the agent or the system."""
    grants: tuple[Grant, ...] = ()
    """Their roles per shop."""
    scopes: tuple[Permission, ...] = ()
    """The permissions an API token is limited to; all of the roles' where none are given."""

    def may(self, permission: Permission, shop_id: str) -> bool:
        """Say whether one of the grants in the shop holds the permission; the agent may never approve."""
        if permission == "approve" and self.kind != "human":
            return False
        if self.scopes and permission not in (*self.scopes, "self"):
            return False
        return any(grant.shop_id == shop_id and permission in PERMISSIONS[grant.role] for grant in self.grants)

    def require(self, permission: Permission, shop_id: str) -> None:
        """Raise `NotPermitted` unless `may` says yes."""
        if not self.may(permission, shop_id):
            raise NotPermitted(principal=self.id, permission=permission, shop_id=shop_id)

    def shops(self) -> tuple[str, ...]:
        """Give the shops in which the principal has a role, sorted."""
        return tuple(sorted({grant.shop_id for grant in self.grants if self.may("self", grant.shop_id)}))
