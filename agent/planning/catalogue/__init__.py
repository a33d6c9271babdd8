"""The step catalogue: what a plan can be made of, one file per family, one registry."""

from .registry import CATALOGUE, template_of
from .template import StepTemplate

__all__ = ["CATALOGUE", "StepTemplate", "template_of"]
