"""The scoreboard: planners held against each other, and against the best achievable, on people of known effects."""
