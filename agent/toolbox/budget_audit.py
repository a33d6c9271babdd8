"""The tool `budget_audit`: how the marketing money is split today and what share the guardrail asks for."""

from typing import Any

from .desk import Desk
from .tool import NoArguments, Tool


def run(desk: Desk, _arguments: NoArguments) -> dict[str, Any]:
    """Give sums before and after the purchase and the target band."""
    audit, band = desk.context.audit, desk.context.guardrails.budget_share
    whole = audit.pre_minor + audit.post_minor
    return {
        "currency": audit.currency,
        "pre_purchase_minor": audit.pre_minor,
        "post_purchase_minor": audit.post_minor,
        "post_purchase_share": round(audit.post_minor / whole, 4) if whole else None,
        "target_share": [band.band_min_rate, band.band_max_rate],
    }


TOOL = Tool("budget_audit", "Today's marketing money before and after the purchase.", NoArguments, run)
