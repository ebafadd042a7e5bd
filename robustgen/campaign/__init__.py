"""Cases × target × oracles under a budget: asked concurrently, journalled, resumable, judged, counted."""
