"""JSON for people who read differences: one key a line, but arrays of numbers on one line."""

import json


def readable(value: object, indent: str = "") -> str:
    """`value` as JSON text."""
    deeper = indent + " "
    if isinstance(value, dict) and value:
        parts = [f"{json.dumps(k)}: {readable(v, deeper)}" for k, v in value.items()]
        brackets = "{}"
    elif isinstance(value, list) and any(isinstance(v, (dict, list)) for v in value):
        parts = [readable(v, deeper) for v in value]
        brackets = "[]"
    else:
        return json.dumps(value)
    inner = ",\n".join(deeper + part for part in parts)
    return f"{brackets[0]}\n{inner}\n{indent}{brackets[1]}"


def short(values: object, digits: int = 9) -> list:
    """Nested numbers as lists with no more than `digits` digits: 9 give an f32 back exactly."""
    if hasattr(values, "__iter__"):
        return [short(v, digits) for v in values]
    return float(f"{float(values):.{digits}g}")
