"""The workspace at /ui: the chat and the plan it drafts, over the same verbs as the HTTP API."""
