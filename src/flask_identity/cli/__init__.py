"""`flask identity`: users, roles, sessions, pictures, letters and settings from the command line."""

from __future__ import annotations

from flask.cli import AppGroup

from . import images, importing, mail, roles, sessions, settings, users
from .doctor import doctor

identity_commands: AppGroup = AppGroup("identity", help="Manage users, roles and sessions.")
for _group in (users.commands, roles.commands, sessions.commands, images.commands, mail.commands):
    identity_commands.add_command(_group)
identity_commands.add_command(settings.settings)
identity_commands.add_command(doctor)
users.commands.add_command(importing.import_users)
