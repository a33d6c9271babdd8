"""A small copy of the synthetic shop for tests, as files in the vendors' formats."""

from pathlib import Path

from eval.gym.shop import SyntheticShop, build_shop


def small_shop(folder: Path, n: int = 300, seed: int = 7) -> SyntheticShop:
    """Write a shop of `n` customers into `folder`; `.files` lists import kind and path in import order."""
    return build_shop(folder, n_customers=n, seed=seed)
