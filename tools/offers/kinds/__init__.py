"""One file per kind of offer; the registry lists them in order of preference."""
