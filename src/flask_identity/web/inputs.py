"""Read what was sent into an input model. Forms, JSON and queries share one model; values are never echoed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, TypeVar, get_origin
from unicodedata import category

from flask import request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, WithJsonSchema
from pydantic_core import PydanticCustomError
from werkzeug.datastructures import MultiDict

from ..base.errors import FieldNotAllowed, InvalidInput, NotJson, TooLarge, UnknownField
from ..base.ports import Kind
from ..base.texts import Sentence
from .complaints import complaint
from .current import services

LARGEST_BODY = 64 * 1024
_DEEPEST = 32
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.\[\]-]{0,63}")
_NEVER_SENT = frozenset({"role", "roles", "roles[]", "status", "permissions", "is_admin", "admin", "password_hash"})


def _without_controls(text: str) -> str:
    if any(category(char) in ("Cc", "Cs") and char not in "\t\n\r" for char in text):
        raise PydanticCustomError("controls", "Leave out control characters.")
    return text


Text = Annotated[str, AfterValidator(_without_controls)]
"""Text as people write it: no control characters but line ends and tabs, no half of a surrogate pair."""

Password = Annotated[str, Field(repr=False, json_schema_extra={"format": "password", "writeOnly": True})]
"""A password as it was typed. Whether it can be one is for `core.passwords` to say."""

Key = Annotated[Any, WithJsonSchema({"anyOf": [{"type": "integer"}, {"type": "string"}]})]
"""An id as it was sent: an integer or the canonical text of a key. Which it can be is for the store to say."""


class Input(BaseModel):
    """Base of every input model. Unknown fields are refused in JSON and ignored in forms."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", hide_input_in_errors=True)


I = TypeVar("I", bound=Input)  # noqa: E741 - the input


def from_json(model: type[I]) -> I:
    """Read the JSON body.

    Raises:
        NotJson: for a body of another type.
        TooLarge: over 64 KiB.
        InvalidInput, UnknownField, FieldNotAllowed: naming the fields.
    """
    _refuse_cut_off()
    body = request.get_data(cache=True)
    if not body and not request.mimetype:
        return checked(model, {}, strict=True)
    if request.mimetype != "application/json":
        raise NotJson
    return checked(model, parse_object(body), strict=True)


def from_form(model: type[I]) -> I:
    """Read the form body; unknown fields are ignored, an empty optional field counts as not sent.

    Raises:
        NotJson: for a body that is neither a form nor JSON.
        TooLarge: over 64 KiB.
        InvalidInput: naming the fields.
    """
    _refuse_cut_off()
    if request.mimetype not in _FORMS and request.get_data(cache=True):
        raise NotJson
    return _from_pairs(model, request.form)


def from_query(model: type[I]) -> I:
    """Read the query; unknown names are ignored."""
    return _from_pairs(model, request.args)


def checked(model: type[I], values: Mapping[str, Any], *, strict: bool) -> I:
    """Return the values as the model has them.

    Args:
        model: The input model.
        values: What was sent, by name.
        strict: Whether a text is no number and no boolean.

    Raises:
        InvalidInput, UnknownField, FieldNotAllowed: naming the fields.
    """
    try:
        return model.model_validate(dict(values), strict=strict)
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)
    unknown = [each["loc"] for each in found if each["type"] == "extra_forbidden"]
    if unknown:
        _refuse_unknown(unknown)
    errors: dict[str, list[str]] = {}
    for each in found:
        name = ".".join(str(part) for part in each["loc"]) or "body"
        errors.setdefault(name, []).append(complaint(each))
    raise InvalidInput(field_errors=errors)


def checked_parts(model: type[I], fields: Mapping[str, Any], file: bytes | None, name: str) -> I:
    """Check what came in parts as JSON would be, but for numbers and booleans, which come as text."""
    if name in fields:
        raise InvalidInput(field_errors={name: [Sentence("Send this as a file.")]})
    return checked(model, fields if file is None else {**fields, name: file}, strict=False)


def is_name(text: str) -> bool:
    """Say whether a key looks like a name and may be repeated in an answer."""
    return _NAME.fullmatch(text) is not None


def parse_object(body: bytes) -> dict[str, Any]:
    """Parse a JSON object strictly: UTF-8, no duplicate keys, no NaN, not nested deeper than 32.

    Raises:
        InvalidInput: where it is anything else.
    """
    try:
        found = json.loads(body.decode("utf-8"), object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
        _shallow(found, _DEEPEST)
    except (ValueError, RecursionError):
        raise InvalidInput(Sentence("The body is not a JSON object with each key once.")) from None
    if not isinstance(found, dict):
        raise InvalidInput(Sentence("The body must be a JSON object."))
    return found


def _refuse_cut_off() -> None:
    # Werkzeug ends a body that did not state its length at the limit, without a word.
    limit = request.max_content_length
    if request.content_length is None and limit is not None and len(request.get_data(cache=True)) >= limit:
        raise TooLarge


def _from_pairs(model: type[I], pairs: MultiDict[str, str]) -> I:
    values: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        key = field.alias or name
        sent = pairs.getlist(key)
        if get_origin(field.annotation) is list:
            if sent:
                values[key] = sent
            continue
        if len(sent) > 1:
            raise InvalidInput(field_errors={key: [Sentence("This was sent more than once.")]})
        # An id left out may mean oneself; an empty one is a slip.
        if sent and (sent[0] != "" or field.is_required() or key == "id"):
            values[key] = sent[0]
    return checked(model, values, strict=False)


def _refuse_unknown(places: list[tuple[int | str, ...]]) -> None:
    # A name that looks like a value is not repeated: somebody may have sent a secret as a key.
    shown = {".".join(map(str, place)): place for place in places}
    shown = {name: place for name, place in shown.items() if _NAME.fullmatch(name)}
    known = [name for name, place in shown.items() if _is_kept(place)][:10]
    if known:
        raise FieldNotAllowed(field_errors={name: [Sentence("You may not set this.")] for name in known})
    raise UnknownField(field_errors={name: [Sentence("This field is not known here.")] for name in list(shown)[:10]})


def _is_kept(place: tuple[int | str, ...]) -> bool:
    name = str(place[-1])
    if len(place) > 1:
        return place[0] == "profile" and (name == "image_url" or services.store.has(Kind.PROFILE, name))
    return name in _NEVER_SENT or services.store.has(Kind.USER, name)


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate key")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _shallow(value: Any, levels: int) -> None:
    if levels == 0:
        raise ValueError("nested too deep")
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        _shallow(child, levels - 1)
