"""The goods rules, one file each."""
