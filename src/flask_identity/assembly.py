"""Put the parts of an application's identity layer together and connect them to it."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from flask import Blueprint, Flask, has_request_context
from flask.sessions import SecureCookieSessionInterface

from . import catalog
from .base import settings as config
from .base.errors import ConfigurationError, IdentityRefusal
from .base.image_store import ImageStore
from .base.ports import Kind, Store
from .base.settings import Settings
from .core.accounts import Accounts
from .core.lockout import Lockout, LockoutSettings
from .core.one_time import OneTime
from .core.outbox import MailSettings, Outbox
from .core.passwords import Passwords, Peppers
from .core.proof import Proof
from .core.services import PasswordSettings, Services, ThrottleSettings
from .core.sessions import Sessions, SessionSettings
from .core.sign_in import Phases, SignIn
from .core.throttle import Throttle
from .features.profile.settings import ProfileSettings
from .images.address import store_at
from .mail.address import mailer_at, sender
from .web import assets, catalogs, cookies, doors, form_tokens, replies
from .web.catalogs import Languages
from .web.current import State, WebSettings
from .web.feature import Feature
from .web.language import language
from .web.lazy_session import LazySessionInterface
from .web.letters import Desk
from .web.postman import Postman
from .web.sign_up import Register, own_fields

_SHORTEST_KEY = 32
_log = logging.getLogger("flask_identity")

Groups = Mapping[type[Settings], Settings]


def assembled(app: Flask, store: Store, register: Any) -> State:
    """Read an application's settings and assemble its identity layer. Runs no SQL and changes nothing of it.

    Raises:
        ConfigurationError: with one sentence that says what to do.
    """
    _check_key(app)
    every = catalog.features()
    classes = [*catalog.ALWAYS, *(each.settings for each in every if each.settings is not None)]
    groups: Groups = {cls: config.read(cls, app.config) for cls in classes}
    config.refuse_unknown(app.config, (item.key for _, items in catalog.settings() for item in items), catalog.LATER)
    features = [each for each in every if _is_on(app, each) and (_sends(groups) or not each.with_mail)]
    _check_needs(features, store)
    confirmation = any(each.name == "confirm_email" for each in features)
    services = _services(app, store, groups, confirmation)
    web = cast(WebSettings, groups[WebSettings])
    _check_prefix(web.url_prefix)
    _check_base_url(web.base_url)
    _check_mail(features, groups)
    languages = catalogs.offered(web.languages, Path(app.root_path, "translations"))
    postman = _postman(app, services, groups, features, languages) if services.outbox.on else None
    state = State(services, web, groups, features, _sign_up(register, store), confirmation, languages, postman)
    _join_phases(state)
    return state


def _services(app: Flask, store: Store, groups: Groups, confirmation: bool) -> Services:
    rules = cast(PasswordSettings, groups[PasswordSettings])
    peppers = Peppers.parse(rules.password_pepper)
    costs = (rules.argon2_memory, rules.argon2_time, rules.argon2_parallelism)
    passwords = Passwords(*costs, peppers, rules.flask_security_salt)
    lockout = Lockout(store, cast(LockoutSettings, groups[LockoutSettings]))
    sessions = Sessions(store, cast(SessionSettings, groups[SessionSettings]), confirmation)
    outbox = Outbox(store, _key(app), _sends(groups))
    proof = Proof(store, passwords, lockout, outbox, confirmation=confirmation)
    accounts = Accounts(store, passwords, sessions, lockout, outbox, confirmation=confirmation, sender=app)
    sign_in = SignIn(store, proof, passwords, sessions, app)
    throttle = Throttle(store, cast(ThrottleSettings, groups[ThrottleSettings]).throttle)
    images = _images(app, cast(ProfileSettings, groups[ProfileSettings]))
    return Services(
        *(store, accounts, passwords, rules, sessions, sign_in, proof, lockout, throttle),
        *(OneTime(store), outbox, app, images),
    )


def _images(app: Flask, wanted: ProfileSettings) -> ImageStore | None:
    if wanted.image_url is None:
        return None
    return store_at(wanted.image_url, Path(wanted.image_cache or Path(app.instance_path, "image_cache")))


def _key(app: Flask) -> bytes:
    key = app.config["SECRET_KEY"]
    return key if isinstance(key, bytes) else str(key).encode()


def _sends(groups: Groups) -> bool:
    mail, web = cast(MailSettings, groups[MailSettings]), cast(WebSettings, groups[WebSettings])
    return mail.mail_url is not None and web.base_url is not None


def _check_mail(features: Sequence[Feature], groups: Groups) -> None:
    sending = [each for each in features if each.letters]
    if sending and not _sends(groups):
        lacking = "BASE_URL" if cast(WebSettings, groups[WebSettings]).base_url is None else "MAIL_URL"
        raise ConfigurationError(
            f"IDENTITY_{sending[0].switch} sends letters with links: set IDENTITY_{lacking}, such as "
            f"{'https://app.example.com' if lacking == 'BASE_URL' else 'smtps://user:password@mail.example.com'}."
        )


def _postman(
    app: Flask, services: Services, groups: Groups, features: Sequence[Feature], languages: Languages
) -> Postman:
    mail, web = cast(MailSettings, groups[MailSettings]), cast(WebSettings, groups[WebSettings])
    base = (web.base_url or "").rstrip("/")
    product = services.password_rules.product_name
    mailer = mailer_at(mail.mail_url or "", sender(mail.mail_from, product, urlsplit(base).hostname or ""))
    # An application below a path of its host says so there; Flask makes links outside of requests the same way.
    url = base + app.config["APPLICATION_ROOT"].rstrip("/") + web.url_prefix
    desk = Desk(app, url, product, languages, lambda name: any(each.name == name for each in features))
    return Postman(services, desk, mailer, (kind for each in features for kind in each.letters))


def _join_phases(state: State) -> None:
    joined = [feature.phases(state.services) for feature in state.features if feature.phases is not None]
    state.services.sign_in.phases = Phases(
        *(
            tuple(step for phases in joined for step in getattr(phases, name))
            for name in ("before_password", "after_failure", "challenges", "after_sign_in")
        )
    )


def connect(app: Flask, state: State) -> None:
    """Put routes, error handlers and the lazy session on an application.

    Raises:
        ConfigurationError: where addresses would not be compared byte by byte.
    """
    blueprint = Blueprint(
        "identity",
        __package__ or "flask_identity",
        url_prefix=state.web.url_prefix or None,
        template_folder="templates",
        static_folder="static",
        static_url_path="/identity-static" if not state.web.url_prefix else "/static",
    )
    doors.mount(blueprint, state.features)
    blueprint.after_request(assets.keep_for_good)
    app.register_blueprint(blueprint)
    form_tokens.spare(app, blueprint)
    app.register_error_handler(IdentityRefusal, replies.refused)
    if state.get(SessionSettings).lazy_session and type(app.session_interface) is SecureCookieSessionInterface:
        app.session_interface = LazySessionInterface()
    if state.postman is not None:
        state.services.outbox.wake = state.postman.wake
        state.services.outbox.language = lambda: language().tag if has_request_context() else state.languages.tags[0]
        app.before_request(state.postman.start)
    for feature in state.features:
        if feature.connect is not None:
            feature.connect(app, state.services)
    join = getattr(state.services.store, "connect", None)
    if join is not None:
        join(app)  # a store that has to know when a request begins and ends
    with app.app_context():
        state.services.store.check()
        if cookies.in_development():
            _log.warning("On plain HTTP at loopback the sign-in cookie is not Secure. Serve anything else over HTTPS.")


def _is_on(app: Flask, feature: Feature) -> bool:
    if feature.switch is None:
        on = {each.switch for each in catalog.features() if each.switch is not None and _is_on(app, each)}
        return (not feature.with_any or not on.isdisjoint(feature.with_any)) and on.issuperset(feature.with_all)
    value = app.config.get(f"IDENTITY_{feature.switch}", feature.default)
    if type(value) is not bool:
        raise ConfigurationError(f"IDENTITY_{feature.switch} must be bool, not {type(value).__name__}.")
    return value


def _check_key(app: Flask) -> None:
    key = app.config.get("SECRET_KEY")
    size = len(key.encode() if isinstance(key, str) else key) if isinstance(key, str | bytes) else 0
    if size < _SHORTEST_KEY:
        raise ConfigurationError(
            f"SECRET_KEY is {'missing' if not size else 'too short'}: set it to {_SHORTEST_KEY} bytes or more, such as "
            'the output of `python -c "import secrets; print(secrets.token_hex(32))"`.'
        )


def _check_prefix(prefix: str) -> None:
    if prefix and (not prefix.startswith("/") or prefix.endswith("/")):
        raise ConfigurationError(
            "IDENTITY_URL_PREFIX must begin with a slash and not end with one, such as /identity; empty is the root."
        )


def _check_base_url(url: str | None) -> None:
    if url is None:
        return
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    more = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in ("http", "https") or not host or more or not url.isprintable() or " " in url:
        raise ConfigurationError(
            "IDENTITY_BASE_URL must be http or https, a host and perhaps a port, and nothing else, such as "
            "https://app.example.com."
        )


def _check_needs(features: Sequence[Feature], store: Store) -> None:
    for feature in features:
        missing = [column for column in feature.needs if not store.has(Kind.USER, column)]
        if missing:
            raise ConfigurationError(
                f"IDENTITY_{feature.switch} needs {', '.join(missing)} on your user model: add "
                f"{'it' if len(missing) == 1 else 'them'}, or inherit from UserMixin of {store.mixins}, which has all."
            )


def _sign_up(register: Any, store: Store) -> Any:
    wanted = register or Register
    missing = [name for name, _ in own_fields(wanted) if not store.has(Kind.USER, name)]
    if missing:
        raise ConfigurationError(
            f"{wanted.__name__} asks for {', '.join(missing)}, which your user model does not have: add a column of "
            "that name or leave the field out."
        )
    return wanted
