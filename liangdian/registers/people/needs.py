"""Special needs that change how a person is served."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Need(TextChoices):
    CANNOT_WALK = "cannot_walk", _("Cannot walk")
    LOW_VISION = "low_vision", _("Sees badly")
    LOW_HEARING = "low_hearing", _("Hears badly")
    CANNOT_READ = "cannot_read", _("Does not read")
    NEEDS_HELPER = "needs_helper", _("Does not know how: needs a helper")
