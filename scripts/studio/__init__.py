"""What `scripts/pictures.py` takes its pictures with."""
