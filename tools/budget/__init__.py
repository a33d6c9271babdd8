"""The money: what is spent today, on which path it moves, and how a plan's budget is split."""
