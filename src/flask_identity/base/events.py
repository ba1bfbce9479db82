"""The named signals (blinker). Each is sent as `signal.send(app, user=…, fields=…)` inside the unit that acts.

An exception in a receiver undoes the act. `fields` is a tuple of the column names that changed, empty where
nothing of the user row did.
"""

from __future__ import annotations

from blinker import NamedSignal, Namespace

_signals = Namespace()

user_created: NamedSignal = _signals.signal("user-created")
user_updated: NamedSignal = _signals.signal("user-updated")
user_deleted: NamedSignal = _signals.signal("user-deleted")
password_changed: NamedSignal = _signals.signal("password-changed")
status_changed: NamedSignal = _signals.signal("status-changed")
roles_changed: NamedSignal = _signals.signal("roles-changed")
signed_in: NamedSignal = _signals.signal("signed-in")
sign_in_failed: NamedSignal = _signals.signal("sign-in-failed")
signed_out: NamedSignal = _signals.signal("signed-out")
sessions_ended: NamedSignal = _signals.signal("sessions-ended")
token_made: NamedSignal = _signals.signal("token-made")
token_ended: NamedSignal = _signals.signal("token-ended")
invitation_sent: NamedSignal = _signals.signal("invitation-sent")
invitation_accepted: NamedSignal = _signals.signal("invitation-accepted")
"""Also has `inviter=`, who sent it; `user` is who accepted."""
invitation_taken_back: NamedSignal = _signals.signal("invitation-taken-back")
