"""From the environment to the settings of OpenID Connect sign-in; nothing when no server is named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

PROVIDER_ID = "single-sign-on"


def providers_from(environment: Mapping[str, str]) -> dict[str, Any]:
    """allauth's SOCIALACCOUNT_PROVIDERS. The names are explained in docs/rooms/accounts.md."""
    server = environment.get("LIANGDIAN_OIDC_SERVER", "").rstrip("/")
    if not server:
        return {}
    app = {
        "provider_id": PROVIDER_ID,
        "name": environment.get("LIANGDIAN_OIDC_NAME", "OpenID Connect"),
        "client_id": environment.get("LIANGDIAN_OIDC_CLIENT_ID", ""),
        "secret": environment.get("LIANGDIAN_OIDC_CLIENT_SECRET", ""),
        "settings": {
            "server_url": server,
            "username_claim": environment.get("LIANGDIAN_OIDC_USERNAME_CLAIM", "preferred_username"),
            "groups_claim": environment.get("LIANGDIAN_OIDC_GROUPS_CLAIM", "groups"),
            "create_unknown": environment.get("LIANGDIAN_OIDC_CREATE", "0") == "1",
        },
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


def form_targets(providers: Mapping[str, Any]) -> list[str]:
    """Where the sign-in form may lead to: the browser asks this before it follows to the server."""
    servers = [app["settings"]["server_url"] for each in providers.values() for app in each["APPS"]]
    return ["{0.scheme}://{0.netloc}".format(urlsplit(server)) for server in servers]
