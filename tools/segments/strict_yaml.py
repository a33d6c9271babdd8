"""YAML without its surprises: no aliases, no duplicate keys, dates stay text, `NO` stays Norway."""

from typing import Any

from memory.domain.errors import InvalidInput


def read_yaml(text: str, max_depth: int) -> Any:
    """Give the plain value of a YAML document; raise `InvalidInput` with line and column."""
    import yaml

    try:
        return _loader(max_depth)(text).get_single_data()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        why = f"{place}{error.problem or 'it cannot be read'}"
    except (yaml.YAMLError, RecursionError) as error:
        why = str(error)[:120]
    raise InvalidInput(what="YAML", why=why, remedy="Correct it and load it again")


def _loader(max_depth: int) -> Any:
    import re

    import yaml

    class Strict(yaml.SafeLoader):
        """The safe loader with fewer guesses."""

        depth = 0

        def compose_node(self, parent: Any, index: Any) -> Any:
            mark = self.get_mark()
            if self.check_event(yaml.AliasEvent):
                raise yaml.composer.ComposerError(None, None, "aliases are not allowed", mark)
            self.depth += 1
            if self.depth > max_depth:
                raise yaml.composer.ComposerError(None, None, "it is nested too deep", mark)
            node = super().compose_node(parent, index)
            self.depth -= 1
            return node

        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
            keys = [self.construct_object(key, deep=True) for key, _ in node.value]
            for at, key in enumerate(keys):
                if not isinstance(key, str) or key in keys[:at]:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"the key {key!r} stands twice or is no text", node.start_mark
                    )
            return super().construct_mapping(node, deep)

    kept = {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:merge"}
    Strict.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag not in kept]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    for first, words in (("t", "true"), ("f", "false")):
        Strict.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(f"^{words}$"), [first])
    return Strict
