"""Signing in: a password, an OpenID provider or an API token opens a server-side browser session."""
