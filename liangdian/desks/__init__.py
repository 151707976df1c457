"""The desks: each adds to the spines only what is its own, and is blind to its neighbours."""
