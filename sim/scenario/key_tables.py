"""Every key of a kind of file, as tables: what it means, its unit, what is allowed, what holds without it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.scenario.descriptions import description, models, unit
from sim.scenario.schema import MODELS

EACH = "*"  # in a path: any entry of an array of tables, or any name of a table with free names


@dataclass(frozen=True)
class Key:
    """One key. `allowed`: type and range in words; `default`: what holds without it as TOML, "" for nothing, None where
    the key must stand."""

    name: str
    description: str
    unit: str
    allowed: str
    default: str | None


@dataclass(frozen=True)
class KeyTable:
    """The keys of one TOML table. `path`: where it stands, EACH for any entry; `array`: whether it is an entry of an
    array; `chosen`: the key and value that choose this form of the table, where there are several."""

    path: tuple[str, ...]
    array: bool
    chosen: tuple[str, str] | None
    keys: tuple[Key, ...]

    @property
    def heading(self) -> str:
        """As it is written in a file: [launch], [[thrusters]], [ships.NAME.supplies]."""
        name = ".".join("NAME" if step == EACH else step for step in self._shown())
        if not name:
            return ""
        return f"[[{name}]]" if self.array else f"[{name}]"

    def _shown(self) -> tuple[str, ...]:
        """The path without what stands for the entries of arrays, which TOML does not write."""
        return tuple(step for step in self.path if step != "[]")


def key_tables(kind: str) -> tuple[KeyTable, ...]:
    """All tables of a kind of file (a key of `schema.MODELS`), outermost first, in the order of the models."""
    model, _ = MODELS[kind]
    schema = model.model_json_schema()
    every = models(model)

    def texts(name: str) -> dict[str, str]:
        owner = every[name]
        return {info.alias or field: description(owner, field) for field, info in owner.model_fields.items()}

    def walk(rule: dict, name: str, path: tuple[str, ...], array: bool, chosen: tuple[str, str] | None) -> Iterator:
        words, required = texts(name), set(rule.get("required", ()))
        keys, inner = [], []
        for key, of in rule["properties"].items():
            default = None if key in required else _toml(of.get("default"))
            keys.append(Key(key, words[key], unit(key), allowed(of, schema), default))
            inner += [(key, *nested) for nested in _nested(of, schema)]
        yield KeyTable(path, array, chosen, tuple(keys))
        for key, ref, steps, choice in inner:
            yield from walk(schema["$defs"][ref], ref, (*path, key, *steps), steps == ("[]",), choice)

    return tuple(walk(schema, model.__name__, (), False, None))


def _nested(rule: dict, schema: dict, steps: tuple[str, ...] = ()) -> Iterator[tuple]:
    """(name of the model, steps from the key to it, (key, value) that choose it) of the tables behind a key."""
    for option in rule.get("anyOf", ()):
        yield from _nested(option, schema, steps)
    if "$ref" in rule:
        name = rule["$ref"].rsplit("/", 1)[1]
        yield name, steps, None
    if "discriminator" in rule:
        of = rule["discriminator"]
        several: dict[str, list[str]] = {}
        for value, ref in of["mapping"].items():
            several.setdefault(ref.rsplit("/", 1)[1], []).append(value)
        for name, values in several.items():
            yield name, steps, (of["propertyName"], ", ".join(values))
    if "items" in rule:
        yield from _nested(rule["items"], schema, (*steps, "[]"))
    if isinstance(rule.get("additionalProperties"), dict):
        yield from _nested(rule["additionalProperties"], schema, (*steps, EACH))


def allowed(rule: dict, schema: dict) -> str:
    """Type and range of a value, in words."""
    if "anyOf" in rule:
        return " or ".join(allowed(option, schema) for option in rule["anyOf"] if option.get("type") != "null")
    if "const" in rule or "enum" in rule:
        return ", ".join(f"`{value}`" for value in rule.get("enum", [rule.get("const")]))
    if "$ref" in rule or "discriminator" in rule:
        return "a table"
    kind = rule.get("type")
    if kind in ("number", "integer"):
        word = "number" if kind == "number" else "whole number"
        if "minimum" in rule:
            low, high = rule["minimum"], rule["maximum"]
            ends = [str(int(x)) if kind == "integer" else _number(x) for x in (low, high)]
            return f"{word}, {' to '.join(ends)}" if low != high else ends[0]
        return word
    if kind == "array":
        low, high = rule.get("minItems", 0), rule.get("maxItems")
        many = f"{low}" if low == high else f"{low} to {high}"
        return f"{many} × {allowed(rule['items'], schema)}"
    if kind == "object":
        of = rule.get("additionalProperties")
        return f"a table of names, each {allowed(of, schema)}" if isinstance(of, dict) else "a table"
    if kind == "boolean":
        return "true or false"
    return rule.get("description", "text")


def _number(value: float) -> str:
    """A limit of a range as it would be typed: whole numbers to their last digit."""
    return f"{int(value)}" if float(value).is_integer() and abs(value) < 1e6 else f"{value:g}"


def _toml(value: Any) -> str:
    """A default as TOML writes it; empty for nothing, and for tables."""
    if value is None or value in ({}, [], "") or isinstance(value, dict):
        return ""
    return json.dumps(value, ensure_ascii=False)
