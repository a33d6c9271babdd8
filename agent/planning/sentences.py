"""What a plan assumes and leaves out, in sentences that the plan carries."""

from memory.domain.learned import TableClaims
from tools.priors.amounts import amounts_label
from tools.priors.effects import load_effects

from .budgeting import Funded
from .context import PlanContext


def assumptions_of(
    context: PlanContext, left_out: dict[str, str], crowded: dict[str, str], funded: Funded
) -> tuple[str, ...]:
    """Give every assumption of a plan, sorted where order carries no meaning."""
    return (
        *context.assumptions,
        _effects(context),
        f"{amounts_label()}: offer amounts use fixed parities, message prices are assumed",
        *_budget(funded),
        *(f"{step_id} left out: {reason}" for step_id, reason in sorted(left_out.items())),
        *(f"{step_id} goes without an offer: {reason}" for step_id, reason in sorted(crowded.items())),
        *(f"{offer_id} is granted at most as often as the budget pays for" for offer_id in funded.limited),
    )


def _effects(context: PlanContext) -> str:
    if context.measured is None:
        said = f"{load_effects().label}: effects and redemption are assumed until the shop has measured its own"
    else:
        said = f"{context.measured.label}: effects are drawn towards what was measured, redemption is assumed"
    return said if context.claims is None else f"{said}; {_claimed(context.claims)}"


def _claimed(claims: TableClaims) -> str:
    kinds = ", ".join(one.kind for one in claims.kinds)
    return f"the forecast of {kinds} is what sending by tables of the shop's own decisions brought on held-out people"


def _budget(funded: Funded) -> tuple[str, ...]:
    if funded.budget.share_rate is not None:
        return ()
    return ("no marketing spend is imported: the share of the budget is not known and not checked",)
