"""Reading one YAML file of kb/guides against its schema, collecting faults instead of raising."""

from __future__ import annotations

import datetime
import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.knowledge.models import Fault

SCHEMAS = Path(__file__).parent / "schema"


def read_file(path: Path, schema: str, kb_dir: Path, faults: list[Fault]) -> dict[str, Any] | None:
    """The file's data; None, with its faults appended, where it cannot be used."""
    where = named(path, kb_dir)
    try:
        data = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        faults.append(Fault(where, "file is missing; restore it"))
        return None
    except YAMLError as error:
        faults.append(Fault(where, f"is not valid YAML: {_first_problem(error)}"))
        return None
    except (OSError, ValueError) as error:
        faults.append(Fault(where, f"cannot be read ({error}); correct it and save it as UTF-8"))
        return None
    errors = sorted(_validator(schema).iter_errors(data), key=lambda error: list(map(str, error.path)))
    faults += [Fault(where, f"{_place(error)}: {error.message}") for error in errors]
    return None if errors else data


def named(path: Path, kb_dir: Path) -> str:
    """The file as faults name it."""
    return path.relative_to(kb_dir.parent).as_posix()


@cache
def _validator(schema: str) -> Any:
    checker = jsonschema.Draft7Validator.TYPE_CHECKER.redefine(
        "date", lambda _checker, value: type(value) is datetime.date
    )
    extend: Any = jsonschema.validators.extend
    return extend(jsonschema.Draft7Validator, type_checker=checker)(
        json.loads((SCHEMAS / f"{schema}.json").read_text(encoding="utf-8"))
    )


def _place(error: Any) -> str:
    return ".".join(str(step) for step in error.absolute_path) or "the whole file"


def _first_problem(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return f"{problem} (line {mark.line + 1}, column {mark.column + 1})" if mark else problem
