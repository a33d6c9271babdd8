"""Learning: a final lift becomes lessons that the next plans are drafted from."""
