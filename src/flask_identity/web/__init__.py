"""How HTTP speaks to the core: the only Flask glue."""
