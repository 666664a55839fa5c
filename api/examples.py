"""Examples for the description of the interface: made from the schemas, with values that could be true."""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

NAMES: Mapping[str, Any] = {
    "topic_id": "T-0007", "from_topic": "T-0012", "to_topic": "T-0007", "parent_id": None, "parent_topic_id": None,
    "label": "Paket nicht angekommen", "topic_label": "Paket nicht angekommen", "id": "4711", "ticket_id": "4711",
    "source": "file", "text": "Das Paket ist nicht angekommen.", "language": "de", "channel": "email",
    "product": "X200", "version": "2.4", "department": "logistics", "cause": "logistics/late-delivery",
    "title": "Lieferung verspätet", "title_en": "Late delivery", "sentiment_label": "negative", "intent": "complaint",
    "dimension": "reliability", "touchpoint": "delivery", "kind": "rising", "state": "open", "status": "rising",
    "course": "open", "quiet": "", "metric": "csat", "scope": "department", "period": "28d", "outcome": "csat",
    "why": "Dreimal so viele wie sonst.", "why_de": "Dreimal so viele wie sonst.",
    "why_en": "Three times as many as usual.", "by": "anna", "who": "anna", "actor": "anna", "via": "session",
    "what": "Firmware 2.4 is out.", "path": "/api/v1/topics/T-0007", "reason": "merged: the same",
    "next_cursor": None, "next_before": None, "until": None, "sentiment": -0.42, "negative_share": 0.61, "share": 0.12,
    "keywords": ["paket", "lieferung"], "languages": ["de", "en"], "causes": [["logistics/late-delivery", 0.7]],
    "departments": [["logistics", 0.8]], "evidence": ["nicht angekommen"], "slice": ["product", "X200"],
    "topics": ["T-0007"], "examples": ["file:4711"], "quotes": ["file:4711"], "marks": [[4, 9]], "counts": {"new": 120},
    "payload": {"label": "Paket nicht angekommen"}, "field": "cause", "was": "logistics/late-delivery",
    "should_be": "billing/wrong-invoice", "recipe": "fast", "note": "", "csat": 2.0, "nps": 3, "ces": 4.0,
    "run_id": 42, "run_ids": [42], "number": 3, "size": 163, "count": 41, "expected": 12.3, "lower": 6.0, "upper": 19.0,
    "key": "logistics", "signal_id": "S-20261021-T-0007", "forms": ["html", "pdf", "md", "csv"],
    "suggestions": {"cause": [["logistics/late-delivery", 0.7]]},
}  # fmt: skip
FORMATS: Mapping[str, str] = {"date": "2026-10-31", "date-time": "2026-10-31T02:10:00Z"}
PARAMETERS: Mapping[str, Any] = {
    "since": "2026-10-01", "until": "2026-10-31", "as_of": "2026-10-31", "language": "de", "product": "X200",
    "department": "logistics", "cause": "logistics/late-delivery", "topic": "T-0007", "channel": "email", "q": "Paket",
}  # fmt: skip


def add_examples(document: dict[str, Any]) -> None:
    """Give every answer in JSON that has none an example that its schema allows."""
    known = document["components"]["schemas"]
    for verbs in document["paths"].values():
        for operation in verbs.values():
            for parameter in operation.get("parameters", ()):
                if parameter["name"] in PARAMETERS and parameter["in"] == "query":
                    parameter.setdefault("example", PARAMETERS[parameter["name"]])
            for status, answer in operation["responses"].items():
                content = answer.get("content", {}).get("application/json")
                if content is not None and status.startswith("2") and "schema" in content:
                    content.setdefault("example", example_of(content["schema"], known))


def example_of(schema: Schema, known: Mapping[str, Schema], name: str = "") -> Any:
    """A value that a schema allows; of a known name where the schema takes that value's type."""
    if "$ref" in schema:
        return example_of(known[schema["$ref"].rsplit("/", 1)[-1]], known, name)
    if "const" in schema:
        return schema["const"]
    options = schema.get("anyOf") or [schema]
    kinds = {option.get("type") for option in options}
    if name in NAMES and _fits(NAMES[name], options):
        return NAMES[name]
    first = next((option for option in options if option.get("type") != "null"), schema)
    if first is not schema and "anyOf" in schema:
        return example_of(first, known, name)
    return _made(first, known, kinds, name)


def _made(schema: Schema, known: Mapping[str, Schema], kinds: set[Any], name: str) -> Any:
    if "enum" in schema:
        return schema["enum"][0]
    if "properties" in schema:
        return {one: example_of(part, known, one) for one, part in schema["properties"].items()}
    if "array" in kinds:
        if "prefixItems" in schema:
            return [example_of(part, known) for part in schema["prefixItems"]]
        return [example_of(schema.get("items", {}), known, name.removesuffix("s"))]
    if "string" in kinds:
        return FORMATS.get(schema.get("format", ""), name or "x")
    simple: Mapping[str, Any] = {"integer": 7, "number": 0.5, "boolean": False, "object": {}, "null": None}
    return next((simple[kind] for kind in simple if kind in kinds), None)


def _fits(value: Any, options: list[Any]) -> bool:
    """Whether one of the options takes a value of that type; lists of objects take only what is made for them."""
    for option in options:
        kind, items = option.get("type"), option.get("items", {})
        if "enum" in option and value not in option["enum"]:
            continue
        if kind == "array" and isinstance(value, list) and "$ref" not in items:
            plain = items.get("type") == "string"
            if plain == all(isinstance(one, str) for one in value) or "prefixItems" in option:
                return True
        simple = {"string": str, "integer": int, "number": float, "object": dict, "null": type(None)}
        if kind in simple and isinstance(value, simple[kind]) and not option.get("format"):
            return True
    return False
