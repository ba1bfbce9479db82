"""Storage for the core, one room per ORM."""
