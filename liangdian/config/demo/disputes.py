"""A year of disputes before the committee of West Street: 69 of them, in every state, act by act."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from liangdian.config.demo.centre import GIVEN, LANES, SURNAMES
from liangdian.desks.mediation import services
from liangdian.desks.mediation.models import Agreement, Assignment, Member, Obligation, Party
from liangdian.desks.mediation.rules import Seat
from liangdian.desks.mediation.services import About, DisputeIntake, Duty, Hand, NewParty
from liangdian.foundation.actor import Actor
from liangdian.foundation.clock import HALL_ZONE, business_date

SEED = 20261126
DISPUTES = 69
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STROKES = "[[[60,120],[140,50],[210,150],[300,60]],[[330,140],[420,70],[500,130]]]"


@dataclass(frozen=True, slots=True)
class Story:
    """What a dispute is about and how it can be settled; ``amount`` in yuan, empty for something to do."""

    category: str
    subtype: str
    words: str
    facts: str
    content: str
    amount: str = ""
    count: int = 1


STORIES = (
    Story("contract", "debt", "他前年借我一万二千元，说好去年底还，到现在一分没还。",
          "借款一万二千元，有借条，双方对金额无异议。", "分三期归还一万二千元，每月末转账。", "12000", 3),
    Story("neighbours", "water", "楼上卫生间漏水，我家吊顶泡坏了，说了几次都不修。",
          "楼上防水层老化致楼下吊顶受损，双方已共同查看。", "一个月内修好防水，并赔偿吊顶费用八百元。", "800"),
    Story("marriage", "support", "老母亲八十二了，三个儿子谁也不肯出生活费。",
          "母亲无固定收入，需要子女共同赡养。", "每月付赡养费三百元，轮流照看。", "1800", 6),
    Story("neighbours", "noise", "隔壁半夜练架子鼓，孩子没法睡觉。",
          "晚十点后有较大声响，双方均认可。", "晚九点后不再练鼓，房间加装隔音棉。"),
    Story("land", "boundary", "两家院墙往我家这边挪了三十公分，要求恢复。",
          "院墙重砌后越过原界石，已现场丈量。", "一个月内按原界石恢复院墙。"),
    Story("labour", "wages", "饭馆关门了，还欠我两个月工资五千六百元。",
          "拖欠两个月工资，双方对数额一致。", "分两次付清五千六百元工资。", "5600", 2),
    Story("property", "", "小区路灯坏了半年，物业不修还催物业费。",
          "物业维修不及时，业主因此拒交物业费。", "物业十日内修好路灯，业主补交物业费。"),
    Story("consumer", "", "新买的电动车骑了三天就坏，店里不给退。",
          "车辆确有质量问题，店家同意处理。", "店家退还购车款两千三百元。", "2300"),
    Story("marriage", "inheritance", "父亲走了，房子怎么分兄妹谈不拢。",
          "老人未立遗嘱，兄妹对份额有争议。", "房屋归妹妹，妹妹补偿哥哥四万元。", "40000", 4),
    Story("damages", "", "他家的狗把我咬了，医药费不肯出。",
          "狗未拴绳致人受伤，有就诊记录。", "赔偿医药费和误工费一千五百元。", "1500"),
    Story("traffic", "", "电动车在巷口剐了我的三轮车，修车钱谈不拢。",
          "巷口会车时剐蹭，双方均有责任。", "承担修车费四百元。", "400"),
)  # fmt: skip
# Where the disputes end, the older ones first; the last ones are still under way.
ENDS = (
    "fulfilled", "fulfilled", "fulfilled", "failed", "fulfilled", "unfulfilled", "fulfilled", "refused",
    "fulfilled", "fulfilled", "oral", "failed", "fulfilled", "excused",
)  # fmt: skip
LATEST = (
    "effective", "effective", "effective", "oral_effective", "effective", "signing", "mediating",
    "mediating", "consented", "registered", "signing", "mediating", "registered",
)  # fmt: skip


@dataclass
class Desk:
    """The committee, its people, and what is played."""

    actors: Mapping[str, Actor]
    unit_id: int
    now: datetime
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))

    def id(self, name: str) -> int:
        found = self.actors[name].user_id
        assert found is not None
        return found

    @property
    def mediator(self) -> Actor:
        return self.actors["majianguo"]

    def before(self, at: datetime) -> datetime:
        """``at``, or the present moment when that is still to come."""
        return min(at, self.now - timedelta(minutes=1))


def play_disputes(actors: Mapping[str, Actor], unit_id: int, *, now: datetime) -> None:
    """Elect the committee and play the disputes of the year that ends at ``now``."""
    desk = Desk(actors, unit_id, now)
    _elect(desk)
    old = DISPUTES - len(LATEST)
    for i in range(DISPUTES):
        end = ENDS[i % len(ENDS)] if i < old else LATEST[i - old]
        days = 355 - 265 * i / old if i < old else 25 - 1.7 * (i - old)
        begun = (now - days * DAY).astimezone(HALL_ZONE).replace(hour=9 + i % 3, minute=7 * i % 60, second=0)
        _play(desk, STORIES[i % len(STORIES)], end, i, at=desk.before(begun))
    services.watch(at=now)


def _elect(desk: Desk) -> None:
    starts = date(business_date(desk.now).year - 1, 1, 1)
    begin = desk.now - 400 * DAY
    about = About("西大街社区人民调解委员会", "城关派出所 赵警官", "0100-110", "钟楼区人民法院")
    committee = services.set_committee(
        actor=desk.actors["wangfang"], unit_id=desk.unit_id, about=about, at=begin
    )
    seats = [Seat(desk.id("majianguo"), woman=False, head=True), Seat(desk.id("wangfang"), woman=True),
             Seat(desk.id("liujun"), woman=False)]  # fmt: skip
    services.elect(
        actor=desk.actors["wangfang"], committee_id=committee.pk, starts=starts, seats=seats, at=begin
    )


def _play(desk: Desk, story: Story, end: str, i: int, *, at: datetime) -> None:
    """One dispute from its registration to where it ends."""
    case_id = _registered(desk, story, i, at=at)
    if end == "registered":
        return
    asked = desk.before(at + HOUR)
    other = Party.objects.get(dispute=case_id, number=2)
    services.record_consent(
        actor=desk.mediator, case_id=case_id, party_id=other.pk, given=end != "refused", how="phone",
        at=asked,
    )  # fmt: skip
    if end in {"refused", "consented"}:
        return
    members = [Member.objects.get(user=desk.id("majianguo")).pk]
    if i % 3 == 0:
        members.append(Member.objects.get(user=desk.id("wangfang")).pk)
    services.assign(
        actor=desk.actors["wangfang"], case_id=case_id, members=members, openness="closed",
        how="by_parties" if i % 2 else "assigned", at=desk.before(asked + HOUR),
    )  # fmt: skip
    _talk(desk, case_id, story, i, at=desk.before(at + 2 * DAY))
    if end == "mediating":
        return
    if end == "failed":
        services.fail(
            actor=desk.mediator, case_id=case_id, way_out="no_agreement", at=desk.before(at + 6 * DAY),
            words="双方对金额分歧较大，经两次调解未能达成一致。",
        )  # fmt: skip
        return
    _agree(desk, case_id, story, end, at=desk.before(at + 4 * DAY))
    if end in {"fulfilled", "unfulfilled", "excused", "oral"}:
        _follow(desk, case_id, end, i)
    elif end in {"effective", "oral_effective"}:
        _first_kept(desk, case_id, i)


def _registered(desk: Desk, story: Story, i: int, *, at: datetime) -> int:
    names = [desk.chance.choice(SURNAMES) + desk.chance.choice(GIVEN) for _side in range(2)]
    if names[0] == names[1]:
        names[1] = "石" + names[1][1:]
    source = ("application", "application", "application", "own", "transfer")[i % 5]
    intake = DisputeIntake(
        unit_id=desk.unit_id, words=story.words, category=story.category, subtype=story.subtype,
        parties=(
            NewParty("applicant", names[0], phone=f"1990001{desk.chance.randrange(10000):04d}"),
            NewParty("respondent", names[1], phone=f"1990002{desk.chance.randrange(10000):04d}"),
        ),
        source=source, transferred_by="城关派出所" if source == "transfer" else "",
        place=f"{desk.chance.choice(LANES)}{desk.chance.randrange(1, 120)}号",
    )  # fmt: skip
    case = services.register_dispute(actor=desk.mediator, intake=intake, at=at)
    if source != "application":
        services.record_consent(
            actor=desk.mediator, case_id=case.pk, party_id=Party.objects.get(dispute=case.pk, number=1).pk,
            given=True, how="in_person", at=desk.before(at + HOUR / 2),
        )  # fmt: skip
    return case.pk


def _talk(desk: Desk, case_id: int, story: Story, i: int, *, at: datetime) -> None:
    parties = list(Party.objects.filter(dispute=case_id).order_by("number"))
    led = Assignment.objects.filter(dispute=case_id, ended_at__isnull=True).order_by("pk")[0]
    services.record_session(
        actor=desk.mediator, case_id=case_id, place="社区调解室", record=story.facts, at=at,
        came=[*(f"party:{party.pk}" for party in parties), f"mediator:{led.pk}"],
    )  # fmt: skip
    if i % 4 == 0:
        services.note_caucus(
            actor=desk.mediator, case_id=case_id, party_id=parties[1].pk, at=desk.before(at + HOUR),
            text="愿意承担，希望分期，给一点时间。",
        )  # fmt: skip
    if story.amount:
        services.make_offer(
            actor=desk.mediator, case_id=case_id, party_id=parties[1].pk, text="愿意分期支付",
            amount=story.amount, at=desk.before(at + HOUR),
        )  # fmt: skip
    if i == DISPUTES - 2:
        services.report_risk(
            actor=desk.mediator, case_id=case_id, risk="violence", at=desk.before(at + HOUR),
            words="一方扬言动手，已打电话告知赵警官，警官将到场。",
        )  # fmt: skip


def _agree(desk: Desk, case_id: int, story: Story, end: str, *, at: datetime) -> None:
    debtor, creditor = (Party.objects.get(dispute=case_id, number=number) for number in (2, 1))
    form = "oral" if end.startswith("oral") else "written"
    duty = Duty(
        debtor.pk, creditor.pk, business_date(at) + 10 * DAY, amount=story.amount, count=story.count,
        words="" if story.amount else story.content,
    )  # fmt: skip
    services.draft(
        actor=desk.mediator, case_id=case_id, form=form, facts=story.facts, content=story.content, duty=duty,
        responsibilities="被申请人承担主要责任。", manner="当面或转账，凭收条为证。", at=at,
    )  # fmt: skip
    if form == "oral":
        return
    hands = [Hand("screen", party_id=creditor.pk, strokes=STROKES)]
    if end != "signing":
        led = Assignment.objects.filter(dispute=case_id, ended_at__isnull=True).order_by("pk")[0]
        hands += [Hand("screen", party_id=debtor.pk, strokes=STROKES),
                  Hand("screen", mediator_id=led.pk, strokes=STROKES)]  # fmt: skip
    for n, hand in enumerate(hands, start=1):
        minutes = timedelta(minutes=10 * n)
        services.sign(actor=desk.mediator, case_id=case_id, hand=hand, at=desk.before(at + minutes))
    if end != "signing":
        services.seal(actor=desk.actors["wangfang"], case_id=case_id, at=desk.before(at + HOUR))


def _follow(desk: Desk, case_id: int, end: str, i: int) -> None:
    """Every obligation is decided after its day; the court confirmed some agreements."""
    for row in Obligation.objects.filter(agreement__dispute=case_id).order_by("due_on", "number"):
        after = datetime.combine(row.due_on + 2 * DAY, datetime.min.time(), HALL_ZONE) + 10 * HOUR
        if after >= desk.now:
            continue
        state = {"unfulfilled": "broken", "excused": "excused"}.get(end, "kept")
        if state == "broken":
            services.call_parties(
                actor=desk.mediator, case_id=case_id, obligation_id=row.pk, at=after,
                text="电话联系双方，被申请人说手头紧，暂时付不出。",
            )  # fmt: skip
        services.record_fulfilment(
            actor=desk.mediator, case_id=case_id, obligation_id=row.pk, state=state, at=after + HOUR,
            done_on=row.due_on if state == "kept" else None,
            words="" if state == "kept" else "双方已说明情况。",
        )  # fmt: skip
    agreement = Agreement.objects.get(dispute=case_id, dropped_at__isnull=True)
    if end == "fulfilled" and i % 5 == 0 and agreement.effective_at is not None:
        asked = agreement.effective_at + 6 * DAY
        services.ask_confirmation(
            actor=desk.mediator, case_id=case_id, asked_on=business_date(asked), at=asked
        )


def _first_kept(desk: Desk, case_id: int, i: int) -> None:
    """Of agreements that run, what was due already was kept, except where nobody has called yet."""
    today = business_date(desk.now)
    row = Obligation.objects.filter(agreement__dispute=case_id, due_on__lt=today - DAY).first()
    if row is not None and i % 2:
        services.record_fulfilment(
            actor=desk.mediator, case_id=case_id, obligation_id=row.pk, state="kept", words="",
            done_on=row.due_on, at=desk.now - HOUR,
        )  # fmt: skip
