"""The templates: everything is escaped, and every name that a template asks for must be there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

FOLDER = Path(__file__).parent / "templates"


class Templates:
    """Renders the files of bot/console/templates/."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def know(self, **values: Any) -> None:
        """Let every template use these."""
        self._environment.globals.update(values)

    def render(self, name: str, **values: Any) -> str:
        """The page."""
        return self._environment.get_template(name).render(**values)
