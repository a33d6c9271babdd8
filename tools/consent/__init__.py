"""What a market's rules make of a permission: unproven, resting on a purchase, or to be confirmed twice."""

from .policy import ConsentPolicies, ConsentPolicy, SoftOptIn, load_policies

__all__ = ["ConsentPolicies", "ConsentPolicy", "SoftOptIn", "load_policies"]
