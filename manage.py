#!/usr/bin/env python3
"""The dashboard's command line: `python manage.py db --help`."""

from identity_dashboard.commands import main

if __name__ == "__main__":
    main()
