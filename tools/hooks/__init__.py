"""Inbound calls of providers: whether they are genuine."""
