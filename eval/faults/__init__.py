"""Figures of reliability and safety, one file each: a long form by command, a short form in the suite."""
