"""Approval: four eyes, bound to the content hash, the guardrail version and an expiry."""
