"""The gym: a synthetic shop whose people react by known laws, so that measured effects meet the truth."""
