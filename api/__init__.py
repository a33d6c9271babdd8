"""Every face: HTTP, workspace, public pages, CLI."""
