"""Packs and languages as data: found on disk, loaded, compiled."""
