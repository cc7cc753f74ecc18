"""Which field of a layer a table's heading means, in Chinese and in English."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# Coordinates are fields of no record; they become the feature's place.
LON, LAT, BOTH = "lon", "lat", "lon,lat"
# A whole shape in one text, GeoJSON or WKT.
SHAPE = "geometry"

# A running number of the sheet (序号) is no field: in the next sheet the same number is another problem's.
# Usual headings by field, compared without case, spaces, brackets and what stands in them. The first ones are the usual.
_EVERYWHERE: Mapping[str, Sequence[str]] = {
    LON: ("经度", "东经", "lon", "lng", "longitude", "long", "x", "x坐标", "经度坐标", "gps经度", "jd"),
    LAT: ("纬度", "北纬", "lat", "latitude", "y", "y坐标", "纬度坐标", "gps纬度", "wd"),
    BOTH: ("坐标", "经纬度", "位置坐标", "gps", "gps坐标", "coordinates", "location", "lonlat", "坐标位置"),
    SHAPE: ("geometry", "geom", "wkt", "the_geom", "几何", "图形"),
    "id": ("id", "标识", "唯一标识"),
    "name": ("名称", "点位名称", "点位", "单位名称", "场所名称", "设施名称", "name", "title", "site", "place"),
    "name_en": ("英文名", "英文名称", "englishname", "nameen"),
    "township_stated": ("镇街", "镇乡街道", "街道", "所属街道", "所属镇街", "所属乡镇", "乡镇", "乡镇街道", "属地", "街乡镇", "街乡",
                        "属地街道", "township", "subdistrict", "town", "district"),
    "village": ("社区", "村", "社区村", "村社区", "所属社区", "village", "community"),
    "address": ("地址", "详细地址", "位置", "具体位置", "地点", "问题地点", "address"),
    "source": ("来源", "数据来源", "source"),
}  # fmt: skip
_OWN: Mapping[str, Mapping[str, Sequence[str]]] = {
    "problems": {
        "number": ("编号", "问题编号", "台账编号", "工单号", "工单编号", "案件编号", "number", "ticket"),
        "category": ("类别", "问题类别", "问题类型", "大类", "问题大类", "category", "type"),
        "subcategory": ("小类", "问题小类", "子类", "subcategory", "subtype"),
        "description": ("存在问题", "问题描述", "问题", "问题内容", "具体问题", "情况描述", "测评内容", "描述", "description", "problem",
                        "details"),
        "status": ("状态", "办理状态", "整改状态", "处理状态", "status", "state"),
        "severity": ("严重程度", "程度", "级别", "severity"),
        "found_at": ("发现时间", "检查时间", "发现日期", "检查日期", "上报时间", "上报日期", "日期", "时间", "foundat", "found", "date",
                     "reported", "reportedat"),
        "deadline": ("整改时限", "整改期限", "时限", "截止时间", "截止日期", "完成时限", "整改截止时间", "deadline", "due", "dueby"),
        "lead_unit": ("责任单位", "牵头单位", "主责单位", "承办单位", "整改单位", "部门", "unit", "leadunit", "department"),
        "origin": ("问题来源", "检查方式", "来源渠道", "origin"),
        "measures": ("整改措施", "整改情况", "处理情况", "办理情况", "measures", "action"),
        "rectified_at": ("整改时间", "完成时间", "整改完成时间", "rectifiedat", "fixedat"),
        "closed_at": ("销号时间", "结案时间", "closedat", "closed"),
        "round_id": ("轮次", "检查轮次", "round"),
        "batch_id": ("批次", "交办批次", "batch"),
    },
    "sites": {
        "kind": ("类型", "点位类型", "类别", "点位类别", "kind", "type"),
        "lead_unit": ("责任单位", "主管单位", "unit"),
        "is_survey_point": ("实地考察点位", "是否实地考察点位", "surveypoint", "issurveypoint"),
        "is_demonstration": ("示范点", "是否示范点", "demonstration", "isdemonstration"),
        "group": ("组别", "示范点组别", "group"),
        "build_status": ("建设状态", "建设情况", "buildstatus"),
    },
    "facilities": {
        "kind": ("类型", "设施类型", "类别", "kind", "type"),
        "level": ("级别", "设施级别", "层级", "level"),
        "build_status": ("建设状态", "建设情况", "状态", "buildstatus"),
        "floor_area_m2": ("建筑面积", "面积", "建筑面积㎡", "floorarea", "flooraream2", "area"),
        "seats": ("座位数", "座席", "坐席", "座位", "seats"),
        "books": ("藏书量", "藏书", "图书数量", "books"),
        "opening_hours": ("开放时间", "openinghours", "hours"),
        "hours_per_week": ("每周开放时长", "周开放时间", "hoursperweek"),
        "operator": ("管理单位", "运营单位", "operator"),
        "ownership": ("权属", "性质", "ownership"),
        "free_of_charge": ("免费开放", "是否免费", "freeofcharge", "free"),
        "step_free": ("无障碍", "是否无障碍", "stepfree"),
    },
    "villages": {
        "code": ("编码", "代码", "行政区划代码", "统计代码", "code"),
        "kind": ("类型", "类别", "kind", "type"),
        "population": ("人口", "常住人口", "户籍人口", "population", "residents"),
        "children": ("儿童", "儿童人口", "0-14岁", "0-14岁人口", "14岁以下", "少儿人口", "children", "aged014"),
        "elderly": ("老年人", "老年人口", "65岁以上", "65岁及以上", "65岁以上人口", "65岁及以上人口", "elderly", "aged65"),
    },
    "population": {
        "people": ("人口", "常住人口", "人口数", "常住人口数", "总人口", "户籍人口", "people", "population", "pop", "residents", "value"),
        "children": ("儿童", "儿童人口", "0-14岁", "0-14岁人口", "14岁以下", "少儿人口", "children", "aged014"),
        "elderly": ("老年人", "老年人口", "65岁以上", "65岁及以上", "65岁以上人口", "65岁及以上人口", "elderly", "aged65"),
    },
    "townships": {
        "code": ("编码", "代码", "行政区划代码", "区划代码", "code", "adcode", "gbcode"),
        "kind": ("类型", "类别", "kind", "type"),
        "population": ("人口", "常住人口", "population", "residents"),
        "area_km2": ("面积", "面积平方公里", "areakm2", "area"),
        "official_name": ("全称", "官方名称", "officialname"),
    },
    "streets": {"kind": ("类型", "类别", "道路类型", "kind", "type", "class")},
    "roads": {
        "kind": ("类型", "类别", "道路类型", "道路等级", "kind", "type", "fclass", "class"),
        "oneway": ("单行", "单行方向", "oneway"),
        "uses": ("可通行", "uses"),
        "level": ("层级", "level", "layer"),
        "limit_kmh": ("限速", "limitkmh", "maxspeed", "speedlimit"),
        "height_m": ("限高", "heightm", "maxheight"),
        "width_m": ("宽度", "路宽", "widthm", "width"),
    },
    "visits": {
        "site_id": ("点位编号", "siteid"),
        "round_id": ("轮次", "检查轮次", "round"),
        "visited_at": ("检查时间", "检查日期", "时间", "日期", "visitedat", "date"),
        "outcome": ("结果", "检查结果", "outcome", "result"),
        "note": ("备注", "note", "remarks"),
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recognised:
    """What headings mean. fields: by heading the field. unknown: headings that mean nothing here. doubtful: headings
    that mean a field which another heading means too; they are left out."""

    fields: Mapping[str, str]
    unknown: tuple[str, ...]
    doubtful: tuple[str, ...]


def recognised(headings: Iterable[str], layer: str, known: Iterable[str]) -> Recognised:
    """The field of `layer` that each heading means; known: all fields of its record, which may be named as they are.

    Each field is meant by one heading only: by the one that stands first in the list of its usual headings.
    """
    meanings = _meanings(layer, known)
    best: dict[str, tuple[int, str]] = {}
    unknown = []
    wanted: dict[str, str] = {}
    for heading in headings:
        found = meanings.get(folded(heading))
        if found is None:
            unknown.append(heading)
            continue
        field, rank = found
        wanted[heading] = field
        if field not in best or rank < best[field][0]:
            best[field] = (rank, heading)
    fields = {heading: field for field, (_, heading) in best.items()}
    doubtful = tuple(heading for heading in wanted if heading not in fields)
    return Recognised({heading: fields[heading] for heading in wanted if heading in fields}, tuple(unknown), doubtful)


def folded(heading: str) -> str:
    """A heading as it is compared: plain letters, no case, no spaces and signs, nothing in brackets."""
    text = unicodedata.normalize("NFKC", heading).casefold()
    text = re.sub(r"[(\[{【〔].*?[)\]}】〕]", "", text)
    return re.sub(r"[\W_]+", "", text)


def _meanings(layer: str, known: Iterable[str]) -> dict[str, tuple[str, int]]:
    """Folded heading to field and rank; a layer's own headings come before those of all layers."""
    meanings = {folded(field): (field, -1) for field in known}
    for table in (_OWN.get(layer, {}), _EVERYWHERE):
        for field, texts in table.items():
            for rank, text in enumerate(texts):
                meanings.setdefault(folded(text), (field, rank))
    return meanings
