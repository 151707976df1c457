"""Matters through the API: everything that a clerk can do with one."""

from liangdian.casework.api import acting, reading, registering
from liangdian.casework.api.router import router

__all__ = ["acting", "reading", "registering", "router"]
