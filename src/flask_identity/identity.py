"""Identity: connects the identity layer to one or several applications."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, cast

from flask import Flask, current_app, has_app_context

from .base.errors import ConfigurationError
from .core.accounts import Accounts
from .models.behaviour import EXTENSION

if TYPE_CHECKING:
    from .web.current import State


class Identity:
    """The identity layer of one or several applications.

    Args:
        app: An application to connect at once; else call `init_app`.
        store: Where its users are: `SQLAlchemyStore(session, User, Role)`.
        register: The input model of a sign-up, `Register` or a subclass; None takes `Register`.

    Raises:
        ConfigurationError: see `init_app`.
    """

    def __init__(self, app: Flask | None = None, store: Any = None, *, register: Any = None) -> None:
        self._register = register
        self._states: weakref.WeakKeyDictionary[Flask, State] = weakref.WeakKeyDictionary()
        if app is not None:
            self.init_app(app, store)

    def init_app(self, app: Flask, store: Any, *, register: Any = None) -> None:
        """Connect an application. Runs no SQL.

        Args:
            app: The application; its `config` holds all settings.
            store: Where its users are.
            register: The input model of a sign-up for this application.

        Raises:
            ConfigurationError: with one sentence that says what to do.
        """
        if EXTENSION in app.extensions:
            raise ConfigurationError("This application has a Flask-Identity already; call init_app once.")
        if store is None:
            raise ConfigurationError("Give init_app a store, such as SQLAlchemyStore(session, User, Role).")
        # Imported here: input models cost an import of pydantic, which `import flask_identity` is spared.
        from . import assembly
        from .cli import identity_commands

        state = assembly.assembled(app, store, register or self._register)
        app.extensions[EXTENSION] = self._states[app] = state
        try:
            assembly.connect(app, state)
        except ConfigurationError:
            del app.extensions[EXTENSION], self._states[app]
            raise
        app.cli.add_command(identity_commands)

    @property
    def datastore(self) -> Accounts:
        """The verbs on users and roles of the current application, outside a context of the only one.

        Raises:
            RuntimeError: where it is not clear which application is meant.
        """
        if has_app_context():
            state = self._states.get(cast(Any, current_app)._get_current_object())
            if state is not None:
                return state.services.accounts
        if len(self._states) == 1 and not has_app_context():
            return next(iter(self._states.values())).services.accounts
        raise RuntimeError("Use identity.datastore inside app.app_context() of an application it was connected to.")
