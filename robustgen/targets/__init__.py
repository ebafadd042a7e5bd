"""One file per endpoint; each is found by walking this folder."""
