"""What in a new OpenAPI document could break a client of an earlier one.

Additions never do; what is removed, narrowed or newly demanded does. Documents come in as parsed
JSON; where they come from is not decided here.
"""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def breaks(old: Json, new: Json) -> list[str]:
    """One sentence for each thing that could break a client, in order and without repetition."""
    return sorted(set(_paths(old, new)))


def _paths(old: Json, new: Json) -> Iterator[str]:
    for path, methods in old.get("paths", {}).items():
        if path not in new.get("paths", {}):
            yield f"{path}: the path is gone"
            continue
        for method in _METHODS:
            if method not in methods:
                continue
            place = f"{method.upper()} {path}"
            if method not in new["paths"][path]:
                yield f"{place}: the method is gone"
            else:
                comparison = _Comparison(old, new)
                yield from comparison.operation(place, methods[method], new["paths"][path][method])


class _Comparison:
    """Compares one operation of two documents."""

    def __init__(self, old: Json, new: Json) -> None:
        self._old = old
        self._new = new
        self._seen: set[tuple[str, str, bool]] = set()

    def operation(self, place: str, old: Json, new: Json) -> Iterator[str]:
        """Parameters, body and answers."""
        yield from self._parameters(place, old, new)
        yield from self._body(place, old.get("requestBody"), new.get("requestBody"))
        for status, answer in old.get("responses", {}).items():
            if status not in new.get("responses", {}):
                yield f"{place}: the answer {status} is gone"
                continue
            at = f"{place} answer {status}"
            yield from self._content(at, answer, new["responses"][status], is_input=False)

    def _parameters(self, place: str, old: Json, new: Json) -> Iterator[str]:
        before = {(p["in"], p["name"]): p for p in old.get("parameters", [])}
        after = {(p["in"], p["name"]): p for p in new.get("parameters", [])}
        for key, parameter in after.items():
            if parameter.get("required") and not before.get(key, {}).get("required"):
                yield f"{place}: the parameter {key[1]} is now required"
        for key, parameter in before.items():
            if key not in after:
                yield f"{place}: the parameter {key[1]} is gone"
            else:
                at = f"{place} parameter {key[1]}"
                schemas = parameter.get("schema", {}), after[key].get("schema", {})
                yield from self._schema(at, *schemas, is_input=True)

    def _body(self, place: str, old: Json | None, new: Json | None) -> Iterator[str]:
        if new and new.get("required") and not (old or {}).get("required"):
            yield f"{place}: a body is now required"
        if old and new:
            yield from self._content(f"{place} body", old, new, is_input=True)

    def _content(self, place: str, old: Json, new: Json, *, is_input: bool) -> Iterator[str]:
        for kind, content in old.get("content", {}).items():
            if kind not in new.get("content", {}):
                yield f"{place}: the type {kind} is gone"
                continue
            after = new["content"][kind].get("schema", {})
            yield from self._schema(place, content.get("schema", {}), after, is_input=is_input)

    def _schema(self, place: str, old: Json, new: Json, *, is_input: bool) -> Iterator[str]:
        names = old.get("$ref", ""), new.get("$ref", "")
        if any(names):
            if (*names, is_input) in self._seen:
                return
            self._seen.add((*names, is_input))
            old, new = _resolved(self._old, old), _resolved(self._new, new)
        if old.get("type") != new.get("type") and "type" in new:
            yield f"{place}: the type is another"
        gone = [value for value in _values(old) if value not in _values(new)]
        if _values(new) and gone:
            yield f"{place}: no longer {', '.join(map(str, gone))}"
        yield from self._fields(place, old, new, is_input=is_input)
        if "items" in old and "items" in new:
            yield from self._schema(f"{place}/*", old["items"], new["items"], is_input=is_input)
        yield from self._variants(place, old, new, is_input=is_input)

    def _fields(self, place: str, old: Json, new: Json, *, is_input: bool) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        for name, schema in before.items():
            if name not in after:
                yield f"{place}: the field {name} is gone"
            else:
                yield from self._schema(f"{place}/{name}", schema, after[name], is_input=is_input)
        if is_input:
            for name in set(new.get("required", [])) - set(old.get("required", [])):
                yield f"{place}: the field {name} is now required"

    def _variants(self, place: str, old: Json, new: Json, *, is_input: bool) -> Iterator[str]:
        for word in ("anyOf", "oneOf", "allOf"):
            after = {_key(variant): variant for variant in new.get(word, [])}
            for variant in old.get(word, []):
                if _key(variant) in after:
                    other = after[_key(variant)]
                    yield from self._schema(place, variant, other, is_input=is_input)
                elif is_input:
                    yield f"{place}: {_key(variant)} is no longer taken"


def _resolved(document: Json, schema: Json) -> Json:
    while "$ref" in schema:
        found: Any = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = found
    return schema


def _values(schema: Json) -> list[Any]:
    return schema.get("enum", [schema["const"]] if "const" in schema else [])


def _key(variant: Json) -> str:
    return str(variant.get("$ref", f"{variant.get('type')} {variant.get('format', '')}")).strip()
