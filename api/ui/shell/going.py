"""Going to another page."""


def go(address: str) -> None:
    """Open an address of this server, counted from its root: the framework's own way counts from the workspace's."""
    import json

    from nicegui import ui

    ui.run_javascript(f"location.assign({json.dumps(address)})")
