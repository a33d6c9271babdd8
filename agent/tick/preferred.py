"""The channel a person asked for: where it may be used, no other is.

A rule, not a score: what another channel would bring more is not asked. Where the channel asked for is blocked (closed
hours, no consent, a cap), the others stay open, and the blocked option keeps its reasons beside them.
"""

import ibis
import ibis.expr.types as ir

OTHER_PREFERRED = "other_channel_preferred"
"""The reason of an option beside one on the channel that the person asked for."""


def keep_preferred(guarded: ir.Table) -> ir.Table:
    """Block, after guardrails, options beside an allowed one of the same decision on the channel asked for.

    A second channel is not tried either on those who may still be reached where they asked to be.
    """
    asked = ibis.coalesce(guarded.preferred_channel, "")
    is_it = (guarded.channel == asked) & guarded.allowed
    decision = ibis.window(group_by=["person_id", "step_id", "waited_on", "is_fallback"])
    is_there = is_it.any().over(decision)
    may_reach = ibis.literal(False)
    for channel in ("email", "sms", "push"):
        given = ibis.coalesce(guarded[f"consent_{channel}"], False)
        may_reach = ibis.ifelse(asked == channel, given, may_reach)
    gives_way = guarded.allowed & (guarded.channel != asked) & (is_there | (guarded.is_fallback & may_reach))
    marked = guarded.mutate(_gives_way=gives_way)
    reasons = marked.reasons.concat(ibis.array([ibis.literal(OTHER_PREFERRED)]))
    return marked.mutate(
        allowed=marked.allowed & ~marked._gives_way,
        reasons=ibis.ifelse(marked._gives_way, reasons, marked.reasons),
    ).drop("_gives_way")
