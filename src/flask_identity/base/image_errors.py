"""Refusals of pictures."""

from __future__ import annotations

from .errors import IdentityRefusal, TooManyRequests
from .texts import Sentence


class NotAnImage(IdentityRefusal):
    code = "not_an_image"
    message: str = Sentence("This is no picture that can be used. Choose a PNG, JPEG or WebP file.")


class TooManyPixels(IdentityRefusal):
    code = "too_many_pixels"
    message: str = Sentence(
        "This picture has too many pixels. Choose one of at most 25 megapixels and 8,192 pixels a side."
    )


class ImagesOff(IdentityRefusal):
    code = "images_off"
    message: str = Sentence("This application keeps no pictures.")


class ImageTooLarge(IdentityRefusal):
    code = "image_too_large"
    status = 413
    message: str = Sentence("This picture is larger than 5 MB. Choose a smaller one.")


class TooManyPictures(TooManyRequests):
    """An account has sent as many pictures as it may for now."""

    code = "too_many_pictures"
    message: str = Sentence(
        "You have sent many pictures within an hour. Send this one later; everything else can be saved now."
    )


class ImagesAway(IdentityRefusal):
    """Where the pictures are cannot be reached, or did not take this one."""

    code = "images_away"
    status = 503
    message: str = Sentence("Pictures cannot be reached right now. Try again in a moment.")


class ImagesBusy(IdentityRefusal):
    """As many pictures are being decoded as memory allows."""

    code = "images_busy"
    status = 503
    message: str = Sentence("Many pictures are being sent right now. Try again in a moment.")
