"""The one router of the room; its modules add their operations to it."""

from ninja import Router

from liangdian.platform.accounts.token_model import Scope
from liangdian.platform.api.bearer import Bearer

router = Router(tags=["cases"])
READ, WRITE = Bearer(Scope.CASES_READ), Bearer(Scope.CASES_WRITE)
