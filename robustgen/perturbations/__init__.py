"""One file per family; each is found by walking this folder."""
