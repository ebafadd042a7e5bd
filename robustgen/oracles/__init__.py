"""One file per property; each is found by walking this folder."""
