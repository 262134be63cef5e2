"""Models that are there ready made."""
