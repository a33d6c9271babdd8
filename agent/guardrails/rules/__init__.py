"""One file per rule; `agent.guardrails.registry` lists them."""
