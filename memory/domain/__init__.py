"""The frozen language every other part speaks; imports nothing of ours."""
