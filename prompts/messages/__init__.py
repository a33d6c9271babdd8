"""Message templates: one YAML per kind and language, one frame per language, one responsive layout."""
