"""The language model's words and the message templates, versioned and locked."""
