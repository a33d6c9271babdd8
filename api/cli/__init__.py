"""The command line: one file per noun; a command imports what it needs when it runs."""
