"""Where documents lie: a folder of this machine, or an S3-compatible store when one is named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def document_storage(environment: Mapping[str, str]) -> dict[str, Any]:
    """The entry of Django's STORAGES for documents.

    With ``LIANGDIAN_S3_BUCKET`` the store is S3-compatible: ``LIANGDIAN_S3_ENDPOINT`` (empty: AWS),
    ``LIANGDIAN_S3_REGION``, ``LIANGDIAN_S3_KEY`` and ``LIANGDIAN_S3_SECRET``. Objects are private.
    """
    bucket = environment.get("LIANGDIAN_S3_BUCKET", "")
    if not bucket:
        return {"BACKEND": "liangdian.platform.documents.storage.ContentFolder"}
    options: dict[str, Any] = {
        "bucket_name": bucket,
        "endpoint_url": environment.get("LIANGDIAN_S3_ENDPOINT") or None,
        "region_name": environment.get("LIANGDIAN_S3_REGION") or None,
        "access_key": environment.get("LIANGDIAN_S3_KEY") or None,
        "secret_key": environment.get("LIANGDIAN_S3_SECRET") or None,
        # The name is the content's own, so writing twice writes the same.
        "file_overwrite": True,
        "default_acl": None,
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
