"""Assumed effects and prices until the shop has measured its own; every figure made from them is labelled."""
