"""LINE's own interface description (OpenAPI) as strict JSON schemas: what it does not name is a fault as well."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft7Validator

FILES = {"api": "line-messaging-api.yml", "webhook": "line-webhook.yml"}


def folder() -> Path | None:
    """The folder of the descriptions, where this machine has one."""
    named = os.environ.get("EPARK_SPECS")
    return Path(named) if named and (Path(named) / FILES["api"]).is_file() else None


class Spec:
    """One description; each schema of it can be asked for by name."""

    def __init__(self, path: Path) -> None:
        # The libyaml loader: the description has six thousand lines.
        self._raw = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        self._schemas: dict[str, Any] = self._raw["components"]["schemas"]
        self._made: dict[str, Any] = {}
        for name in self._schemas:
            self._add(name)

    def faults(self, name: str, data: Any) -> list[str]:
        """Where the data breaks the schema of this name."""
        schema = {"$ref": f"#/definitions/{name}", "definitions": self._made}
        found = Draft7Validator(schema).iter_errors(data)
        return [f"{'/'.join(map(str, one.absolute_path))}: {one.message[:200]}" for one in found]

    def _add(self, name: str) -> None:
        schema = self._schemas[name]
        mapping = schema.get("discriminator", {}).get("mapping")
        if not mapping:
            self._made[name] = self._strict(schema)
            return
        key = schema["discriminator"]["propertyName"]
        self._made[name] = {
            "type": "object",
            "required": [key],
            "properties": {key: {"enum": list(mapping)}},
            "allOf": [
                {"if": {"properties": {key: {"const": value}}}, "then": {"$ref": self._place(ref)}}
                for value, ref in mapping.items()
            ],
        }

    def _strict(self, schema: dict[str, Any]) -> dict[str, Any]:
        """An object with all its properties in one place, and no others."""
        properties, required = self._parts(schema)
        if not properties:
            return self._inner(schema)
        return {
            "type": "object",
            "properties": {key: self._inner(value) for key, value in properties.items()},
            "required": sorted(required),
            "additionalProperties": False,
        }

    def _parts(self, schema: dict[str, Any]) -> tuple[dict[str, Any], set[str]]:
        properties: dict[str, Any] = {}
        required: set[str] = set()
        for part in schema.get("allOf", []):
            inner = self._schemas[part["$ref"].rsplit("/", 1)[1]] if "$ref" in part else part
            more, needed = self._parts(inner)
            properties |= more
            required |= needed
        return properties | schema.get("properties", {}), required | set(schema.get("required", []))

    def _inner(self, schema: dict[str, Any]) -> dict[str, Any]:
        if "$ref" in schema:
            return {"$ref": self._place(schema["$ref"])}
        if "allOf" in schema or schema.get("properties"):
            return self._strict(schema)
        kept = {key: value for key, value in schema.items() if key not in ("description", "externalDocs", "format")}
        if isinstance(kept.get("items"), dict):
            kept["items"] = self._inner(kept["items"])
        return kept

    def _place(self, ref: str) -> str:
        return f"#/definitions/{ref.rsplit('/', 1)[1]}"


@lru_cache(maxsize=2)
def spec(which: str) -> Spec | None:
    """The description of the API or of the webhook; None where this machine has none."""
    found = folder()
    return Spec(found / FILES[which]) if found else None
