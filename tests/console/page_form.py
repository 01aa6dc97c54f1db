"""A form of a page as a browser without scripts would send it."""

from __future__ import annotations

from html.parser import HTMLParser


class PageForm(HTMLParser):
    """The fields of the form with this action, in order; change `fields` and send `data()`."""

    def __init__(self, page: str, action: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self.focus = ""
        self._action, self._inside, self._area, self._select = action, False, "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = found.get("action") == self._action
        if not self._inside:
            return
        if "autofocus" in found:
            self.focus = found.get("id") or found.get("value", "")
        if tag == "input" and (found.get("type") not in ("radio", "checkbox") or "checked" in found):
            self.fields.append((found.get("name", ""), found.get("value", "")))
        elif tag == "textarea":
            self._area = found["name"]
            self.fields.append((self._area, ""))
        elif tag == "select":
            self._select = found["name"]
            self.fields.append((self._select, ""))
        elif tag == "option" and self._select and "selected" in found:
            self.fields[-1] = (self._select, found["value"])

    def handle_data(self, data: str) -> None:
        if self._area:
            # A browser drops the line end right behind the tag.
            before = self.fields[-1][1]
            self.fields[-1] = (self._area, before + data if before else data.removeprefix("\n"))

    def handle_endtag(self, tag: str) -> None:
        self._area = "" if tag == "textarea" else self._area
        self._select = "" if tag == "select" else self._select
        self._inside = self._inside and tag != "form"

    def of(self, name: str) -> list[str]:
        """The values of a field."""
        return [value for one, value in self.fields if one == name]

    def put(self, name: str, value: str, at: int = 0) -> None:
        """Type into a field."""
        places = [place for place, (one, _value) in enumerate(self.fields) if one == name]
        self.fields[places[at]] = (name, value)

    def data(self, **more: str) -> list[tuple[str, str]]:
        """What is sent, with the button that is pressed."""
        return [*self.fields, *more.items()]
