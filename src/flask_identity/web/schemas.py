"""The schemas of all that routes take and give, for the API's description."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from .feature import Route

REF = "#/components/schemas/{model}"

Schema = dict[str, Any]


class Models:
    """The schemas of all that routes take and give, under names that are theirs alone.

    Args:
        routes: The routes.
    """

    def __init__(self, routes: Sequence[Route]) -> None:
        pairs: list[Any] = []
        for route in routes:
            pairs += [(model, mode) for model, mode in zip(_models(route), _MODES, strict=True) if model is not None]
            if route.takes_form is not None:
                pairs.append((route.takes_form, _MODES[0]))
        self._refs, definitions = models_json_schema(list(dict.fromkeys(pairs)), ref_template=REF)
        self.schemas: dict[str, Schema] = definitions.get("$defs", {})

    def taken(self, route: Route) -> tuple[str, Schema] | None:
        """Return the name and the schema of what a route takes."""
        return self._found(_models(route)[0], _MODES[0])

    def given(self, route: Route) -> Schema:
        """Return the schema of what a route gives; a bare object where it does not say."""
        found = self._found(_models(route)[1], _MODES[1])
        return {"type": "object"} if found is None else {"$ref": REF.format(model=found[0])}

    def form(self, route: Route) -> Schema:
        """Return the schema of what a form may send: what is not known is ignored, what is optional may be empty."""
        found = self._found(route.takes_form or _models(route)[0], _MODES[0])
        assert found is not None  # noqa: S101 - asked for a route that takes something
        name, schema = found
        form = copy.deepcopy(schema)
        form["additionalProperties"] = True
        needed = schema.get("required", ())
        form["properties"] = {
            field: each if field in needed else may_be_empty(each) for field, each in form.get("properties", {}).items()
        }
        self.schemas[f"{name}.form"] = form
        return {"$ref": REF.format(model=f"{name}.form")}

    def _found(self, model: Any, mode: Any) -> tuple[str, Schema] | None:
        if model is None:
            return None
        name = str(self._refs[model, mode]["$ref"]).rpartition("/")[2]
        return name, self.schemas[name]


_MODES = ("validation", "serialization")


def _models(route: Route) -> tuple[type[BaseModel] | None, type[BaseModel] | None]:
    taken, given = (each if each is None or isinstance(each, type) else each() for each in (route.takes, route.gives))
    return taken, given


def may_be_empty(schema: Schema) -> Schema:
    """Return the schema of what a query or form need not have: there is no null, and "" counts as not sent."""
    found = {name: each for name, each in schema.items() if name != "default" or each is not None}
    choices = [each for each in found.pop("anyOf", ()) if each != {"type": "null"}] or [
        {name: found.pop(name) for name in tuple(found) if name not in ("title", "description", "default")}
    ]
    return {**found, "anyOf": [*choices, {"type": "string", "maxLength": 0}]}
