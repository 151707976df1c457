"""Units, posts, windows, people and items of the demonstration. All persons are invented."""

from __future__ import annotations

from dataclasses import dataclass

from liangdian.foundation.actor import Role
from liangdian.foundation.limits import Limit, LimitUnit

PASSWORD = "bright-spot-2026"


@dataclass(frozen=True, slots=True)
class DemonstrationAccount:
    """One line that ``make run`` prints."""

    role: str
    username: str
    name: str
    unit: str
    password: str = PASSWORD


ACCOUNTS = (
    DemonstrationAccount(Role.CLERK, "lihui", "李慧", "XD"),
    DemonstrationAccount(Role.CLERK, "zhoumin", "周敏", "XD"),
    DemonstrationAccount(Role.HANDLER, "chenlei", "陈磊", "XD"),
    DemonstrationAccount(Role.MEDIATOR, "majianguo", "马建国", "XD"),
    DemonstrationAccount(Role.SECRETARY, "wangfang", "王芳", "XD"),
    DemonstrationAccount(Role.HANDLER, "zhaoqiang", "赵强", "CG-MZ"),
    DemonstrationAccount(Role.HANDLER, "qianwei", "钱伟", "CG-RS"),
    DemonstrationAccount(Role.PETITION_OFFICER, "gaojie", "高洁", "CG"),
    DemonstrationAccount(Role.COORDINATOR, "liujun", "刘军", "CG"),
    DemonstrationAccount(Role.LEADER, "sunlihua", "孙丽华", "CG"),
    DemonstrationAccount(Role.INSPECTOR, "heping", "何平", "CG"),
    DemonstrationAccount(Role.AUDITOR, "xujing", "徐静", "CG"),
    DemonstrationAccount(Role.ADMINISTRATOR, "admin", "系统管理员", "CG"),
    DemonstrationAccount(Role.SECURITY, "anquan", "安全管理员", "CG"),
    DemonstrationAccount(Role.CLERK, "linyan", "林燕", "NG"),
)


def demonstration_accounts() -> tuple[DemonstrationAccount, ...]:
    """Every account of the demonstration with its known password."""
    return ACCOUNTS


# code, level, parent, name, 繁體, English
UNITS = (
    ("CG", "sub_district", "", "城关街道", "城關街道", "Chengguan Sub-district"),
    ("XD", "community", "CG", "西大街社区", "西大街社區", "West Street Community"),
    ("NG", "community", "CG", "南关社区", "南關社區", "South Gate Community"),
    ("CG-MZ", "section", "CG", "民政科", "民政科", "Civil Affairs Section"),
    ("CG-RS", "section", "CG", "人社科", "人社科", "Labour and Social Security Section"),
)
POSTS = (
    ("CG-MZ", "优待与救助经办", "優待與救助經辦", "Benefits and relief", "zhaoqiang"),
    ("CG-RS", "就业与社保经办", "就業與社保經辦", "Work and social security", "qianwei"),
)
WINDOWS = (
    (1, "党员群众服务", "黨員群眾服務", "Members and residents", ("DQ",)),
    (2, "民政与优待", "民政與優待", "Civil affairs", ("MZ",)),
    (3, "卫生与计生", "衛生與計生", "Health and family", ("WJ",)),
    (4, "劳动保障", "勞動保障", "Labour and social security", ("RS",)),
)
CATEGORIES = (
    ("MZ", "民政与优待", "民政與優待", "Civil affairs and benefits"),
    ("RS", "劳动保障", "勞動保障", "Labour and social security"),
    ("WJ", "卫生与计生", "衛生與計生", "Health and family"),
    ("DQ", "党员群众服务", "黨員群眾服務", "Members and residents"),
)


@dataclass(frozen=True, slots=True)
class DemoItem:
    """An item with what a resident says when he needs it and what he is answered."""

    code: str
    name: str
    hant: str
    english: str
    promised: Limit
    documents: tuple[str, ...]
    words: tuple[str, ...]
    answer: str

    @property
    def category(self) -> str:
        return self.code.split("-")[0]


def _wd(n: int) -> Limit:
    return Limit(n, LimitUnit.WORKING_DAYS)


_AT_ONCE = Limit(0, LimitUnit.AT_ONCE)
LEGAL = _wd(20)

ITEMS = (
    DemoItem("MZ-001", "老年人优待证", "老年人優待證", "Senior citizen's card", _wd(5),
             ("身份证", "近期一寸照片"),
             ("我今年七十六了，腿脚不好，想办优待证，听说不用自己跑，能不能帮我办？",
              "给我父亲办优待证，他八十一了，照片带来了。"), "优待证已办好，可凭身份证领取，也可以送到家中。"),
    DemoItem("MZ-002", "高龄津贴申领", "高齡津貼申領", "Allowance for the very old", _wd(10),
             ("身份证", "银行卡"), ("我妈上个月满八十了，想申请高龄津贴。",), "高龄津贴已批准，从下月起按月打到卡上。"),
    DemoItem("MZ-003", "残疾人两项补贴", "殘疾人兩項補貼", "Disability allowances", _wd(10),
             ("身份证", "残疾人证", "银行卡"), ("残疾证办下来了，想申请生活补贴和护理补贴。",), "两项补贴已批准，按月发放。"),
    DemoItem("MZ-004", "临时救助", "臨時救助", "Emergency relief", _wd(7),
             ("身份证", "家庭收入说明", "医疗费票据"), ("家里人住院花了不少钱，一时周转不开，想申请临时救助。",),
             "临时救助已批准，款项三天内到账。"),
    DemoItem("RS-001", "养老待遇资格认证", "養老待遇資格認證", "Pension proof of life", _AT_ONCE,
             ("身份证",), ("手机上认证老是不成功，帮我认证一下。", "我来做养老认证。"), "已当场完成认证。"),
    DemoItem("RS-002", "失业登记", "失業登記", "Unemployment registration", _wd(3),
             ("身份证", "终止劳动关系证明"), ("厂里上个月停了，我来办失业登记，看看能不能领失业金。",),
             "失业登记已办好，失业金申请已一并提交。"),
    DemoItem("RS-003", "灵活就业社保补贴", "靈活就業社保補貼", "Social insurance subsidy", _wd(10),
             ("身份证", "缴费凭证"), ("我自己摆摊，社保是自己交的，听说有补贴。",), "补贴已审核通过，按季度发放。"),
    DemoItem("RS-004", "城乡居民医保参保登记", "城鄉居民醫保參保登記", "Medical insurance enrolment", _AT_ONCE,
             ("身份证或户口簿",), ("孩子刚出生，来给他上医保。", "今年的医保还没交，来办一下。"), "已当场完成参保登记。"),
    DemoItem("WJ-001", "生育登记", "生育登記", "Birth registration", _AT_ONCE,
             ("夫妻双方身份证", "结婚证"), ("怀孕三个月了，来办生育登记。",), "已当场办理生育登记。"),
    DemoItem("WJ-002", "独生子女父母奖励", "獨生子女父母獎勵", "One-child parents' reward", _wd(15),
             ("身份证", "独生子女证"), ("我今年退休了，独生子女的奖励怎么领？",), "奖励资格已确认，年底前一次发放。"),
    DemoItem("DQ-001", "党员组织关系转接", "黨員組織關係轉接", "Transfer of party membership", _wd(5),
             ("介绍信",), ("我从外地调回来了，想把组织关系转到咱们社区。",), "组织关系已转接到西大街社区。"),
    DemoItem("DQ-002", "居住情况证明", "居住情況證明", "Statement of residence", _AT_ONCE,
             ("身份证", "房产证或租房合同"), ("孩子上学要居住证明，麻烦开一个。",), "证明已当场开具。"),
)  # fmt: skip

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
GIVEN = (
    "桂兰", "建国", "秀英", "志强", "玉梅", "国庆", "淑珍", "明亮", "春花", "海涛", "凤霞", "文斌", "丽娟", "德福",
    "晓东", "雪梅", "永贵", "慧敏", "长江", "爱华",
)  # fmt: skip
LANES = ("东关街", "东街", "南后街", "崇文街", "西街北大街", "东中心街")
OTHERS = (
    (
        "consultation",
        "想问一下今年医保什么时候开始交，在哪里交。",
        "九月一日起可以缴，社区窗口和手机都能办。",
    ),
    ("help", "楼道的灯坏了半个月，老人上下楼不安全，请帮忙修一修。", "已联系物业换好楼道灯，并回访确认。"),
    ("help", "家里老人行走不便，想请人上门量血压。", "已约社区卫生站每月上门一次。"),
    ("suggestion", "建议在小广场加两条长椅，晚上跳舞的老人多。", "已列入广场改造，十月底前安装。"),
    ("report", "崇文街口有人把杂物堆在消防通道上。", "已现场清理，并向住户说明。"),
    ("complaint", "门口烧烤摊半夜还很吵，影响孩子睡觉。", "已约谈摊主，晚十点后停止营业。"),
)
