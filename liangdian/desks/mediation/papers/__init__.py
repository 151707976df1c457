"""The papers of an agreement: one numbered copy for each party and the committee (Art. 27), and the joint
application to the court (Art. 33). Set anew at each print; what they say stays as it was signed."""

from __future__ import annotations

from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext as _

from liangdian.casework.notices.marks import typst_language
from liangdian.casework.notices.setting import set_page
from liangdian.casework.selectors import Case
from liangdian.desks.mediation.models import Agreement, Obligation, Party
from liangdian.desks.mediation.selectors import DisputeView, what_is_owed
from liangdian.desks.mediation.signatures import picture
from liangdian.platform.crypto import mask_identity
from liangdian.platform.ui.dates import day_words, moment_words

FOLDER = Path(__file__).parent
Rows = list[tuple[str, str]]


def copies_of(view: DisputeView) -> list[tuple[int, str]]:
    """The numbered copies of an agreement: one for each party in their order, the last for the committee."""
    parties = [(line.party.number, line.name) for line in view.parties]
    return [*parties, (len(parties) + 1, _("The committee's file"))] if view.agreement else []


def number_of(case: Case, agreement: Agreement) -> str:
    """``XD-2026-000012-T1``: the number of the case, and which version was signed."""
    return f"{case.reference}-T{agreement.version}"


def agreement_pdf(case: Case, view: DisputeView, agreement: Agreement, *, copy: int) -> bytes:
    """Copy number ``copy`` of the agreement as PDF, in the language in which the applicant was received."""
    with translation.override(case.detail.language):
        content = _frame(case, view, agreement) | {
            "title": str(agreement.get_form_display()),
            "copy": _("Copy %(n)d of %(all)d: %(whose)s")
            % {"n": copy, "all": len(view.parties) + 1, "whose": dict(copies_of(view))[copy]},
            "sections": _sections(agreement),
            "owed_head": [_("No."), _("By this day"), _("What"), _("Who → for whom")],
            "owed": [_owed(row) for row in view.obligations],
            "closing": _(
                "Mediation is free of charge (Art. 4). The parties are bound by this agreement (Art. 31). "
                "Within 30 days of its effect both may ask the court together to confirm it (Art. 33)."
            ),
            "hands": _hands(view),
            "seal": _("Seal of the committee"),
            "effect": _effect(agreement),
        }
    return set_page(
        "agreement.typ", content, at=agreement.effective_at or agreement.drafted_at, folder=FOLDER
    )


def court_pdf(case: Case, view: DisputeView, agreement: Agreement) -> bytes:
    """The joint application to the court to confirm the agreement (Art. 33), to be signed by all parties."""
    assert agreement.effective_at is not None and agreement.confirm_until is not None
    with translation.override(case.detail.language):
        asked = _("We ask the court to confirm that the agreement %(number)s of %(day)s is valid.") % {
            "number": number_of(case, agreement), "day": day_words(agreement.effective_at),
        }  # fmt: skip
        sworn = _(
            "We made the agreement of our own free will. It breaks no law and harms neither the public nor "
            "anybody else. We bear the legal consequences if it does. A copy of the agreement is attached."
        )
        until = day_words(agreement.confirm_until)
        content = _frame(case, view, agreement) | {
            "title": _("Application to confirm a mediation agreement"),
            "copy": _("to %(court)s") % {"court": view.dispute.committee.court},
            "sections": [(_("What we ask for"), asked), (_("Facts and reasons"), agreement.content),
                         (_("What we declare"), sworn)],
            "owed_head": [], "owed": [],
            "closing": _("To be handed in by %(day)s (Art. 33).") % {"day": until},
            "hands": [{"label": line.name, "svg": "", "at": _("Date")} for line in view.parties],
            "seal": "", "effect": "",
        }  # fmt: skip
    return set_page("agreement.typ", content, at=agreement.effective_at, folder=FOLDER)


def _frame(case: Case, view: DisputeView, agreement: Agreement) -> dict[str, object]:
    return {
        "language": typst_language(case.detail.language),
        "committee": view.dispute.committee.name,
        "number": number_of(case, agreement),
        "parties": [(str(line.party.get_side_display()), _who(line.party)) for line in view.parties],
    }


def _who(party: Party) -> str:
    words = [party.name]
    if party.identity:
        words.append(mask_identity(party.identity))
    agents = [f"{a.name} ({a.basis})" for a in party.representatives.all()]
    if agents:
        words.append(_("represented by %(names)s") % {"names": ", ".join(agents)})
    return " · ".join(words)


def _sections(agreement: Agreement) -> Rows:
    rows = [
        (_("Facts and what was disputed"), agreement.facts),
        (_("Who is responsible for what"), agreement.responsibilities),
        (_("What the parties agreed on"), agreement.content),
        (_("In which manner it is fulfilled"), agreement.manner),
    ]
    return [(title, text) for title, text in rows if text]


def _owed(row: Obligation) -> list[str]:
    who = f"{row.debtor.name} → {row.creditor.name}"
    return [str(row.number), day_words(row.due_on), what_is_owed(row), who]


def _hands(view: DisputeView) -> list[dict[str, str]]:
    signed = {s.party_id or -(s.mediator_id or 0): s for s in view.signatures}
    wanted = [(line.party.pk, line.name) for line in view.parties]
    wanted += [(-row.pk, _("Mediator %(name)s") % {"name": row.member.user.name}) for row in view.mediators]
    found = []
    for key, label in wanted:
        signature = signed.get(key)
        found.append(
            {
                "label": label,
                "svg": picture(signature.strokes) if signature and signature.strokes else "",
                "at": f"{moment_words(signature.at)} · {signature.get_how_display()}" if signature else "",
            }
        )
    return found


def _effect(agreement: Agreement) -> str:
    if agreement.effective_at is None:
        return _("Not in effect yet: signatures or the seal are missing (Art. 30).")
    return _("In effect since %(day)s (Art. 30).") % {"day": moment_words(agreement.effective_at)}
