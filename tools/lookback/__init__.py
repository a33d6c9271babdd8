"""The look back at a shop's last peak: figures, and one page a boss reads in a minute."""

from .facts import Breed, Breeds, LookBack, SecondOrderWindow
from .look import look_back
from .render import render_look_back

__all__ = ["Breed", "Breeds", "LookBack", "SecondOrderWindow", "look_back", "render_look_back"]
