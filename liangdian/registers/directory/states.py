"""The closed lists of the directory."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Part(TextChoices):
    """In which of the four parts somebody answers for an area, in the order of showing."""

    WORKER = "worker", _("Community worker")
    MEMBER = "member", pgettext_lazy("party", "Member in charge of the lane")
    OFFICIAL = "official", _("Official assigned to the lane")
    POLICE = "police", _("Police officer of the lane")


class Problem(TextChoices):
    """What somebody comes with. A person without problems of his own answers for all of them."""

    DISPUTE = "dispute", _("A quarrel or a debt")
    SAFETY = "safety", _("Safety, theft, fire, noise at night")
    HOUSING = "housing", _("House, water, light, lane and rubbish")
    BENEFITS = "benefits", _("Benefits, relief, old age")
    HEALTH = "health", _("Health, family, child")
    WORK = "work", _("Work and social security")
    OTHER = "other", _("Something else")
