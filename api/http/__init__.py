"""The HTTP API and the public pages: one file per noun, every route behind a principal unless it is listed as public."""
