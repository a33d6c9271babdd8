"""What the product knows: the shared language, operational truth, facts and recall."""
