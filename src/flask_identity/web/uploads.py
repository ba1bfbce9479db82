"""Bodies with a file: read within limits, everything else in them treated as JSON is (S-099, A-132)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from ..base.errors import InvalidInput
from ..base.image_errors import ImageTooLarge
from ..base.texts import Sentence
from . import inputs

LARGEST_FILE = 5 * 1024 * 1024  # bytes
LARGEST_BODY = LARGEST_FILE + inputs.LARGEST_BODY
_MOST_PARTS = 40


def is_multipart() -> bool:
    """Say whether the body comes in parts."""
    return request.mimetype == "multipart/form-data"


def limit() -> None:
    """Set how much of a body in parts is read at all."""
    request.max_content_length = LARGEST_BODY
    request.max_form_memory_size = inputs.LARGEST_BODY
    request.max_form_parts = _MOST_PARTS


def too_large() -> ImageTooLarge:
    """Return the refusal of a body over the limit: only a picture makes one so large."""
    return ImageTooLarge(field_errors={"image": [ImageTooLarge.message]})


def from_parts(model: type[inputs.I], file: str) -> inputs.I:
    """Read a body in parts; `profile.full_name` is a field of `profile`, an empty part empties its field.

    Args:
        model: The input model; it has a field for the file, which gets the bytes.
        file: The name of that field.

    Raises:
        ImageTooLarge: over 5 MiB of file.
        InvalidInput, UnknownField, FieldNotAllowed: naming the fields.
    """
    parser = request.make_form_data_parser()
    parser.silent = False  # what is broken is refused, not taken for nothing
    try:
        parts = parser.parse(request.stream, request.mimetype, request.content_length, request.mimetype_params)
    except RequestEntityTooLarge:
        raise too_large() from None
    except ValueError:
        raise InvalidInput(Sentence("The body does not come in parts that can be read.")) from None
    _, fields, files = parts
    try:
        return inputs.checked_parts(model, _nested(fields), _only(files, file), file)
    finally:
        for each in files.values():
            each.close()


def sent_file(name: str) -> bytes | None:
    """Return the file of a form, None where none was chosen.

    Raises:
        ImageTooLarge: over 5 MiB.
        InvalidInput: where more than one was sent.
    """
    return _only(request.files, name)


def _only(files: MultiDict[str, FileStorage], name: str) -> bytes | None:
    strangers = [key for key in files if key != name]
    if strangers or len(files.getlist(name)) > 1:
        raise InvalidInput(field_errors={name: [Sentence("Send one file, under this name.")]})
    found = files.get(name)
    if found is None:
        return None
    data = found.stream.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise too_large()
    return data if data or found.filename else None


def _nested(fields: MultiDict[str, str]) -> Mapping[str, Any]:
    values: dict[str, Any] = {}
    for key in fields:
        if len(fields.getlist(key)) > 1:
            shown = key if inputs.is_name(key) else "body"
            raise InvalidInput(field_errors={shown: [Sentence("This was sent more than once.")]})
        outer, dot, inner = key.partition(".")
        value = fields[key] if fields[key] != "" else None
        if not dot:
            values.setdefault(key, value)
        elif isinstance(values.setdefault(outer, {}), dict):
            values[outer][inner] = value
    return values
