"""What a bot says about itself in the apps, for each scope and language."""

import json

from playground.records import Record


class Profile:
    """The bot's commands and descriptions."""

    def __init__(self) -> None:
        self.commands: dict[tuple[str, str], list[Record]] = {}
        """By scope, as JSON, and language."""
        self.texts: dict[tuple[str, str], str] = {}
        """By the kind of text and language."""
        self.menu_buttons: dict[str, Record] = {}

    def listed(self) -> list[Record]:
        """List all commands with their scope and language."""
        return [
            {"scope": json.loads(scope), "language_code": language, "commands": commands}
            for (scope, language), commands in self.commands.items()
        ]
