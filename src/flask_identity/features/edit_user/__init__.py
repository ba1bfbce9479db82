"""Read and change an account: one's own, or as an administrator anyone's; administrators also delete."""

from __future__ import annotations

from ...base.errors import (
    ChangedMeanwhile,
    EmailTaken,
    FreshSignInRequired,
    InUse,
    LastAdmin,
    NotAllowed,
    NotFound,
    OwnAccount,
    UnknownRole,
    UsernameTaken,
)
from ...base.image_errors import ImagesBusy, ImagesOff, ImageTooLarge, NotAnImage, TooManyPictures, TooManyPixels
from ...web.feature import Feature, Route, Who
from . import answers, api, inputs, pages

EDITING = (
    ChangedMeanwhile, EmailTaken, FreshSignInRequired, ImageTooLarge, ImagesBusy, ImagesOff, LastAdmin, NotAllowed,
    NotAnImage, NotFound, OwnAccount, TooManyPictures, TooManyPixels, UnknownRole, UsernameTaken,
)  # fmt: skip
DELETING = (InUse, LastAdmin, NotFound, OwnAccount)

FEATURE = Feature(
    "edit_user",
    doc="Let people change their own account, and administrators everyone's.",
    with_any=("PROFILE", "PEOPLE"),
    routes=(
        Route(
            "GET", "/edit_user", Who.SIGNED_IN, page=pages.show, api=api.read, takes=inputs.Which,
            gives=answers.Account, refuses=(NotFound,),
        ),
        Route(
            "PUT", "/edit_user", Who.SIGNED_IN, api=api.edit, takes=inputs.EditUser, file="image",
            gives=answers.Account, refuses=EDITING,
        ),
        Route(
            "POST", "/users/<id>/edit", Who.SIGNED_IN, page=pages.submit, takes=inputs.EditForm, form=pages.again,
            file="image", refuses=EDITING,
        ),
        Route(
            "DELETE", "/delete_user", Who.ADMIN, api=api.delete, takes=inputs.Whom, fresh=True, gives=answers.Deleted,
            refuses=DELETING,
        ),
        Route("GET", "/users/<id>/delete", Who.ADMIN, page=pages.ask, fresh=True),
        Route("POST", "/users/<id>/delete", Who.ADMIN, page=pages.delete, fresh=True, refuses=DELETING),
    ),
)  # fmt: skip
