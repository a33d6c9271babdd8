"""Recall: brand voice, product knowledge and lessons, in Chroma."""
