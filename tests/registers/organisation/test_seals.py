"""The picture of a unit's seal: who sets it, what is taken, and that notices are printed with it."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image, ImageDraw
from pypdf import PdfReader
from pytest_django import Settings

from liangdian.casework.models import CaseNotice
from liangdian.casework.services import ask_papers, set_notice
from liangdian.foundation.refused import Invalid, NotAllowed
from liangdian.platform.audit.models import AccessLog
from liangdian.registers.organisation import services
from tests.casework.conftest import NOW, House, house
from tests.platform.documents import files

__all__ = ["house"]
pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 18, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def root(tmp_path: Path, settings: Settings) -> None:
    settings.DOCUMENTS_ROOT = tmp_path / "documents"


def seal_picture() -> bytes:
    picture = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    ImageDraw.Draw(picture).ellipse((10, 10, 290, 290), outline=(200, 20, 20, 255), width=12)
    written = BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def client_of(house: House, name: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(house.staff[name], backend="liangdian.platform.accounts.backend.StaffBackend")
    return client


def pictures_in(pdf: bytes) -> int:
    (page,) = PdfReader(BytesIO(pdf)).pages
    return len(page.images)


def printed(house: House, at: datetime = NOW) -> bytes:
    case = house.case(documents_complete=False)
    ask_papers(actor=house.actor("clerk"), case_id=case.pk, papers=["照片"], at=at)
    return set_notice(notice_id=CaseNotice.objects.get(case=case).pk, at=at)


def test_notices_are_printed_with_the_picture_and_old_ones_stay(house: House) -> None:
    before = printed(house)
    old = CaseNotice.objects.get()
    unit, client = house.community, client_of(house, "administrator")
    address = reverse("organisation:seal", args=[unit.pk])
    assert client.get(address).status_code == 200
    answer = client.post(address, {"files": SimpleUploadedFile("seal.png", seal_picture())})
    assert answer.status_code == 302
    unit.refresh_from_db()
    assert unit.seal_picture_id is not None
    assert client.get(reverse("organisation:seal_picture", args=[unit.pk]))["Content-Type"] == "image/png"
    assert AccessLog.objects.filter(act="unit_seal_set").count() == 1
    after = printed(house)
    assert (pictures_in(before), pictures_in(after)) == (0, 1)
    assert set_notice(notice_id=old.pk, at=NOW) == before, "byte for byte"
    client.post(reverse("organisation:remove_seal", args=[unit.pk]))
    unit.refresh_from_db()
    assert unit.seal_picture_id is None
    assert pictures_in(printed(house)) == 0


@pytest.mark.parametrize("content", [b"", files.PDF, b"x" * 400_000, seal_picture()[:200]])
def test_what_is_no_small_picture_is_refused(house: House, content: bytes) -> None:
    with pytest.raises(Invalid):
        services.set_seal_picture(
            actor=house.actor("administrator"), unit_id=house.community.pk, name="seal.png",
            content=BytesIO(content), at=AT,
        )  # fmt: skip
    address = reverse("organisation:seal", args=[house.community.pk])
    given = {"files": SimpleUploadedFile("seal.png", content)}
    assert client_of(house, "administrator").post(address, given).status_code == 422


def test_only_the_administrator_of_the_unit_sets_it(house: House) -> None:
    unit = house.community
    with pytest.raises(NotAllowed):
        services.set_seal_picture(
            actor=house.actor("clerk"), unit_id=unit.pk, name="s.png", content=BytesIO(seal_picture()), at=AT
        )
    with pytest.raises(NotAllowed):
        services.remove_seal_picture(actor=house.actor("clerk"), unit_id=unit.pk, at=AT)
    for name in ("seal", "seal_picture", "remove_seal"):
        address = reverse(f"organisation:{name}", args=[unit.pk])
        assert client_of(house, "clerk").post(address).status_code in {403, 404, 405}
