"""The demonstration centre "West Street": invented people, a year of work, known passwords.

Loaded once into an empty database by ``make run``. A real installation never has any of it.
"""

from liangdian.config.demo.centre import DemonstrationAccount, demonstration_accounts
from liangdian.config.demo.load import load_demonstration

__all__ = ["DemonstrationAccount", "demonstration_accounts", "load_demonstration"]
