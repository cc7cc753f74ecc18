"""Words that people use for codes, and the usual forms of names."""

from collections.abc import Mapping

# What people write where they have nothing to say.
NOTHING = frozenset({"", "/", "\\", "-", "--", "—", "——", "无", "N/A", "n/a", "null", "None"})

# What Excel shows where a formula failed: never what somebody meant.
EXCEL_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})

# By field: words to codes.
WORDS: Mapping[str, Mapping[str, str]] = {
    "status": {"已上报": "reported", "待交办": "reported", "待整改": "assigned", "未整改": "assigned", "已交办": "assigned",
               "整改中": "in_progress", "正在整改": "in_progress", "已整改": "rectified", "待复核": "rectified",
               "整改完成": "rectified", "已完成": "rectified", "整改完毕": "rectified", "整改到位": "rectified",
               "已整改到位": "rectified", "完成": "rectified", "未完成": "assigned", "处理中": "in_progress",
               "销号": "closed", "办结": "closed", "已销号": "closed", "已办结": "closed", "已结案": "closed",
               "挂账": "deferred", "不予受理": "rejected", "退回": "rejected", "open": "reported", "done": "rectified",
               "in progress": "in_progress"},
    "severity": {"一般": "minor", "较重": "serious", "严重": "severe"},
    "build_status": {"已建成": "built", "建成": "built", "在建": "building", "规划": "planned", "拟建": "planned",
                     "改造": "renovating", "改造中": "renovating", "提级改造": "renovating", "闭馆": "closed", "停用": "closed",
                     "撤销": "withdrawn"},
    "level": {"区级": "district", "镇街级": "township", "街道级": "township", "乡镇级": "township", "村级": "village", "社区级": "village"},
    "ownership": {"公办": "public", "公立": "public", "民办": "private", "私立": "private"},
    "outcome": {"合格": "clean", "未发现问题": "clean", "达标": "clean", "有问题": "findings", "不合格": "findings",
                "发现问题": "findings", "未检查": "not_checked"},
}  # fmt: skip

_ENDINGS = (
    "办事处",
    "街道办",
    "街办",
    "党工委",
    "人民政府",
    "镇政府",
    "地区",
    "街道",
    "满族乡",
    "民族乡",
    "镇",
    "乡",
    "subdistrict",
    "township",
    "town",
)


def bare_township(name: str) -> str:
    """A township's name without what varies: 怀柔地区, 怀柔镇 and 怀柔地区办事处 are one."""
    text = name.casefold().replace(" ", "")
    for ending in _ENDINGS:
        if text.endswith(ending) and len(text) > len(ending):
            text = text.removesuffix(ending)
    return text
