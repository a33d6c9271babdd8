"""Recorded sessions: a hash-chained log, the model's traffic, and their replay with the network shut."""
