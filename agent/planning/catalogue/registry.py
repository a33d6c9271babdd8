"""Every step template there is."""

from . import care, community, discovery, feedback, incentives, intent, membership, seasonal, transactional
from .template import StepTemplate

CATALOGUE: tuple[StepTemplate, ...] = (
    *transactional.TEMPLATES,
    *care.TEMPLATES,
    *feedback.TEMPLATES,
    *membership.TEMPLATES,
    *discovery.TEMPLATES,
    *intent.TEMPLATES,
    *incentives.TEMPLATES,
    *community.TEMPLATES,
    *seasonal.TEMPLATES,
)


def template_of(template_id: str) -> StepTemplate | None:
    """Give the template of that id, or none."""
    return next((template for template in CATALOGUE if template.id == template_id), None)
