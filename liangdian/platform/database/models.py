"""What an installation knows about itself."""

from django.db import models


class InstallationFact(models.Model):
    """One lasting fact, such as when the demonstration was loaded. Kept in the database, so that it
    is true exactly when the rows that it speaks of are there.
    """

    name = models.CharField(max_length=60, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
