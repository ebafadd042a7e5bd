"""One file per output; each is found by walking this folder."""
