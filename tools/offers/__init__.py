"""Offers in four parts: one builder per kind, their worth, their worst case and their order of preference."""
