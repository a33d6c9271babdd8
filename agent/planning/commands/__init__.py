"""Commands in Chinese and English that need no language model: phrases to typed changes of the brief."""
