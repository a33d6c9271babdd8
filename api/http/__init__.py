"""The HTTP API and the public pages: every route behind a principal unless it is listed as public."""
