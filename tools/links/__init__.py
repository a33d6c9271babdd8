"""Links that we put into messages."""
