"""Who someone is: rules without Flask and without an ORM."""
