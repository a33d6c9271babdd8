"""The workspace at /ui: a folder for each page, `shell` for what they share, over the same verbs as the HTTP API."""
