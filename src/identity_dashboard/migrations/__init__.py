"""The migrations that ship with the dashboard. `python manage.py db migrate` applies them."""
