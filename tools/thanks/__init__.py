"""The thank-you page: goods prepared from pairs, a block read by look-ups, codes for one order, and its effect."""
