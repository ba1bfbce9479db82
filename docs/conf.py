"""How the documentation is built; `make docs` builds it."""

from importlib.metadata import version as version_of

project = "Flask-Identity"
author = "The Flask-Identity developers"
copyright = f"2026, {author}"
release = version = version_of("flask-identity")

extensions = ["myst_parser", "sphinx.ext.autodoc"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
autodoc_typehints = "description"
nitpicky = True

html_theme = "furo"
html_title = f"{project} {release}"
html_copy_source = False
