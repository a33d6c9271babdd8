"""Whether the person may be reached: erased, control group, consent, suppression."""

from memory.domain.handover import PersonNow, Promise
from memory.domain.outcome import Blocked

from .reason import reason


def people(promise: Promise, person: PersonNow) -> tuple[Blocked, ...]:
    """Give every reason why this person gets nothing on this channel."""
    found = []
    if person.is_erased:
        found.append(reason("erasure", "erased", "The person was erased."))
    if person.arm is None:
        found.append(reason("holdout", "not_assigned", "The person has no arm in the plan's experiment."))
    elif person.arm != "treated":
        found.append(reason("holdout", "control_group", "The person is withheld.", actual=person.arm))
    if promise.message_class == "transactional":
        return tuple(found)
    if not person.has_consent:
        found.append(reason("consent", "consent_revoked", f"The person does not permit {promise.channel}."))
    if person.is_suppressed:
        found.append(reason("suppression", "suppressed", f"The address is on the {promise.channel} suppression list."))
    return tuple(found)
