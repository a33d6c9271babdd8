"""Faults and abuse: long runs that try to get something past the checks, judged from outside."""
