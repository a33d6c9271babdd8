"""Write `prompts.lock`: `python -m prompts.lock` after a new version was added."""

from .library import FOLDER, LOCK, names, read, versions


def lock_text() -> str:
    """Give the lock for the prompts as they are: one line of reference and hash each."""
    prompts = [read(FOLDER / name / f"v{version}.md") for name in names() for version in versions(name)]
    return "".join(f"{prompt.ref} {prompt.sha256}\n" for prompt in prompts)


if __name__ == "__main__":
    LOCK.write_text(lock_text(), encoding="utf-8")
