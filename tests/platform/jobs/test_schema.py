"""The first migration takes the library's schema as it is; when that changes, a migration is missing."""

from hashlib import sha256

from procrastinate.schema import SchemaManager

# Of procrastinate 3.10. A new value needs a migration for the installations that have the old schema.
KNOWN = "c70ec4b400a60ad9592787653aae5ae77ae41bf801d56b5bd2712751a07f2009"


def test_the_schema_of_the_library_is_the_one_that_installations_have():
    assert sha256(SchemaManager.get_schema().encode()).hexdigest() == KNOWN
