"""The content library: what mails about care and styling say about the thing that was bought, per language."""
