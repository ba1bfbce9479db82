"""What your tables hold: mixins for the application's classes, and the library's own tables.

`flask_identity.models.sqlalchemy` has the columns for SQLAlchemy.
"""
