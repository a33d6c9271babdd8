"""How honest a readout stays when it is looked at daily: simulations with known truth, and one real data set."""
