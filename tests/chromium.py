"""One real browser for all journeys: Debian's Chromium, driven by Playwright, with axe-core at hand."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from liangdian.platform.ui import catalogues

AXE = Path(__file__).resolve().parents[1] / "node_modules/axe-core/axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium for one module. With CI=true a missing browser is a failure, else a skip with its reason."""
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("There is no Chromium; with CI=true that is a failure (see tests/browser.sh).")
        pytest.skip("There is no Chromium here (apt install chromium fonts-noto-cjk).")
    catalogues.compile_all()
    # The driver's own loop would make Django refuse database calls in this thread.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as driver:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def violations(page: Page) -> list[str]:
    """What axe-core finds on the page; injected beside the content security policy, not through it."""
    page.context.new_cdp_session(page).send("Runtime.evaluate", {"expression": AXE.read_text() + ";0"})
    found: list[str] = page.evaluate(
        "axe.run().then(r => r.violations.map(v => v.id + ' ' + v.nodes[0].html))"
    )
    return found
