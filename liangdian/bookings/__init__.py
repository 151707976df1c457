"""Bookings, the third spine: time of a window, a room, an official or a thing is reserved."""
