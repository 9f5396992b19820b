"""Validation of one file's keys: pydantic finds what is wrong, the model's JSON schema says what would be right."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sim.files.problems import Path, Problem, dotted, listed, nearest, shown

MANY = 100  # a file with more problems than this is something else; the rest is counted only
M = TypeVar("M", bound=BaseModel)

_TYPES = {"number": "a number", "integer": "a whole number", "string": "a string", "boolean": "true or false"}


def validated(model: type[M], raw: dict, file: str) -> tuple[M | None, list[tuple[Path, Problem]]]:
    """The model made from `raw`, or None with a (path, problem) for every key that is wrong."""
    try:
        return model.model_validate(raw), []
    except ValidationError as error:
        errors = error.errors(include_url=False)
    problems = _problems([_of_kind(e, _schema(model)) for e in errors[:MANY]], _schema(model), file)
    if len(errors) > MANY:  # under the empty path, which makes a `View` answer None for every key
        problems.append(((), Problem(file, "", f"{len(errors) - MANY} more problems", "none")))
    return None, problems


@lru_cache(maxsize=32)
def _schema(model: type[BaseModel]) -> dict:
    """Made once for each model: it takes some milliseconds."""
    return model.model_json_schema()


def _of_kind(e: ErrorDetails, schema: dict) -> ErrorDetails:
    """The error of a table whose `kind` chooses the model: where no model is chosen, as one of the key that chooses."""
    if e["type"] not in ("union_tag_invalid", "union_tag_not_found"):
        return e
    key = _at(schema, e["loc"])["discriminator"]["propertyName"]
    table = e["input"] if isinstance(e["input"], dict) else {}
    missing = key not in table
    return {**e, "type": "missing" if missing else "literal_error", "loc": (*e["loc"], key), "input": table.get(key)}


def _problems(errors: list[ErrorDetails], schema: dict, file: str) -> list[tuple[Path, Problem]]:
    found: list[tuple[Path, Problem]] = []
    meant = set()  # keys that are missing only because their name is misspelt: reported once, at the misspelling
    for e in errors:
        if e["type"] == "extra_forbidden":
            *parent, key = e["loc"]
            keys = list(_at(schema, parent).get("properties", {}))
            replaced = _at(schema, parent).get("replaced", {}).get(key)
            path = _path(schema, e["loc"])
            if replaced:
                meant |= {(*parent, name) for name in replaced["by"]}
                found.append((path, Problem(file, dotted(path), "an old key", replaced["words"])))
                continue
            absent = {str(m["loc"][-1]) for m in errors if m["type"] == "missing" and m["loc"][:-1] == tuple(parent)}
            guess = nearest(str(key), absent) or nearest(str(key), keys)
            meant.add((*parent, guess))
            found.append((path, Problem(file, dotted(path), "an unknown key", listed(keys), guess)))
    for e in errors:
        loc, kind = e["loc"], e["type"]
        # An array with a bad item is also "too short" by the items that did not count.
        counted_twice = kind == "too_short" and any(o["loc"][: len(loc)] == loc and o is not e for o in errors)
        if kind == "extra_forbidden" or (kind == "missing" and loc in meant) or counted_twice:
            continue
        rule = _at(schema, loc)
        value = "nothing" if kind == "missing" else shown(e["input"])
        guess = nearest(str(e["input"]), rule.get("enum", [])) if kind == "literal_error" else None
        path = _path(schema, loc)
        found.append((path, Problem(file, dotted(path), value, allowed(rule), guess)))
    return found


def _path(schema: dict, loc: Path) -> Path:
    """The keys of the file in the place of an error, which also names the kind of a table that has several models."""
    return tuple(step for i, step in enumerate(loc) if step not in _mapping(_at(schema, loc[:i])))


def _mapping(rule: dict) -> dict:
    """The models of a table by what its `kind` says; none where there is one model."""
    return rule.get("discriminator", {}).get("mapping", {})


def allowed(rule: dict) -> str:
    """A JSON-schema rule in words."""
    if "enum" in rule or "const" in rule:
        return "one of " + ", ".join(f"'{v}'" for v in rule.get("enum", [rule.get("const")]))
    if "discriminator" in rule:
        return f"a table with {rule['discriminator']['propertyName']} = one of {listed(_mapping(rule))}"
    if "description" in rule and rule.get("type") == "string":
        return rule["description"]
    if rule.get("type") == "array":
        low, high = rule.get("minItems"), rule.get("maxItems")
        return f"an array of {low}" if low == high else f"an array of {low} to {high}"
    if rule.get("type") == "object":
        holds = f" of {listed(rule['properties'])}" if "properties" in rule else ""
        return f"a table{holds}" + (" with at least one entry" if rule.get("minProperties") else "")
    words = _TYPES.get(rule.get("type", ""), "another value")
    if rule.get("minimum") is not None and rule["minimum"] == rule.get("maximum"):
        return f"{rule['minimum']:g}"
    if "minimum" not in rule:
        return words
    low, high = (_written(rule[key], words) for key in ("minimum", "maximum"))
    return f"{words} from {low} to {high}"


def _written(limit: float, words: str) -> str:
    """A limit as it has to be typed: that of a whole number to its last digit."""
    return str(int(limit)) if words == _TYPES["integer"] else f"{limit:g}"


def _at(schema: dict, path) -> dict:
    """The rule of a key path, references followed; an empty rule where the schema knows no such key."""

    def followed(rule: dict) -> dict:
        if "anyOf" in rule:  # an optional key: its rule is the part that is not null
            rule = next(r for r in rule["anyOf"] if r.get("type") != "null")
        return schema["$defs"][rule["$ref"].rsplit("/", 1)[1]] if "$ref" in rule else rule

    rule = followed(schema)
    for step in path:
        if isinstance(step, int):
            rule = followed(rule.get("items", {}))
        else:
            of_kind = _mapping(rule).get(step)
            rule = followed({"$ref": of_kind} if of_kind else _chosen_by(rule, step) or _property(rule, step))
    return rule


def _property(rule: dict, step: str) -> dict:
    return rule.get("properties", {}).get(step) or _open_table(rule)


def _chosen_by(rule: dict, step: str) -> dict:
    """The rule of the key that chooses between several models; empty for another key."""
    chooses = rule.get("discriminator", {}).get("propertyName")
    return {"enum": list(_mapping(rule))} if step == chooses else {}


def _open_table(rule: dict) -> dict:
    """The rule of the values of a table with free keys."""
    rest = rule.get("additionalProperties")
    return rest if isinstance(rest, dict) else {}
