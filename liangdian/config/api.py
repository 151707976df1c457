"""The API: one door for machines, put together from what each room offers."""

from __future__ import annotations

from liangdian.casework import api as casework
from liangdian.platform.api import me
from liangdian.platform.api.description import Api
from liangdian.registers.catalogue import api as catalogue
from liangdian.registers.organisation import api as organisation

api = Api(
    title="Liangdian",
    version="1",
    description=(
        "Everything that a clerk can do with a matter. Authorization: Bearer and a personal token, which a "
        "member of staff makes under My account. All refusals are problem+json (RFC 9457) in the language of "
        "Accept-Language. Times are UTC. No personal data belongs into addresses."
    ),
)
api.add_router("/me", me.router)
api.add_router("/cases", casework.router)
api.add_router("/catalogue", catalogue.router)
api.add_router("/units", organisation.router)
