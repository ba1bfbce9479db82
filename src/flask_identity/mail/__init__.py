"""How letters are carried: by SMTP, to the terminal, or to a list for tests."""
