"""Replay: a recorded session run again with the network shut, compared entry by entry."""
