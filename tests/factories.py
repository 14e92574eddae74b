"""Small worlds for tests: people, agencies, one set with every kind of leaf, a round.

The set of ``CRITERIA`` (maximum 10 beside bonus and penalty):

1    field                 1.1 choice 0..2, 1.2 proportional 0..3 (N/A allowed),
                           1.3 manual 0..1 (no evidence required)
2    field                 2.1 sociological 2, 2.2 satisfaction 2
9    bonus and penalty     9.1 bonus_count up to 1, 9.2 penalty_count down to −1
"""

import json
from datetime import timedelta
from decimal import Decimal

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from scoring.actions import criteria as criteria_actions
from scoring.actions.totals import refresh_round
from scoring.index.values import CriterionRow
from scoring.labels import PhaseName, RoleName
from scoring.models import (
    Agency,
    AgencyGroup,
    Assessment,
    Phase,
    Role,
    Round,
    RoundGroup,
    User,
)

PASSWORD = "a long test password"

BANDS = [
    {
        "code": "xuat-sac",
        "name_vi": "Xuất sắc",
        "name_en": "Excellent",
        "from_percent": "90",
    },
    {"code": "tot", "name_vi": "Tốt", "name_en": "Good", "from_percent": "80"},
    {"code": "kha", "name_vi": "Khá", "name_en": "Fair", "from_percent": "70"},
]

CHOICE = {
    "options": [
        {"label": "Kịp thời", "points": 2},
        {"label": "Chậm", "points": 1},
        {"label": "Không", "points": 0},
    ]
}
SHARE = {
    "numerator": "hồ sơ đúng hạn",
    "denominator": "hồ sơ đã giải quyết",
    "zero_below_percent": 50,
    "na_if_denominator_zero": True,
    "na_allowed": True,
}


def _row(code, parent, name, points=None, rule="", parameters=None):
    return CriterionRow(
        code=code,
        parent_code=parent,
        name_vi=name,
        name_en=f"{name} (en)",
        max_points=None if points is None else Decimal(points),
        rule=rule,
        parameters="" if parameters is None else json.dumps(parameters, sort_keys=True),
    )


CRITERIA = (
    _row("1", "", "Chỉ đạo, điều hành"),
    _row("1.1", "1", "Ban hành kế hoạch", "2", "choice", CHOICE),
    _row("1.2", "1", "Giải quyết hồ sơ", "3", "proportional", SHARE),
    _row("1.3", "1", "Sáng kiến", "1", "manual", {"evidence_required": False}),
    _row("2", "", "Khảo sát"),
    _row("2.1", "2", "Điều tra xã hội học", "2", "sociological", {}),
    _row("2.2", "2", "Hài lòng", "2", "satisfaction", {"factor": "Kết quả dịch vụ"}),
    _row(
        "9",
        "",
        "Điểm thưởng, điểm trừ",
        None,
        "adjustments",
        {"bonus_ceiling": 1, "penalty_ceiling": -1},
    ),
    _row(
        "9.1",
        "9",
        "Thưởng",
        "1",
        "bonus_count",
        {"unit": "mô hình", "per_unit": 1, "ceiling": 1},
    ),
    _row(
        "9.2",
        "9",
        "Trừ",
        "-1",
        "penalty_count",
        {"unit": "lần", "per_unit": -0.5, "ceiling": -1},
    ),
)
META = {
    "name_vi": "Bộ tiêu chí thử",
    "name_en": "Test set",
    "decision": "",
    "points_decimals": 4,
    "cap_at_100": True,
}


class GroupFactory(DjangoModelFactory):
    class Meta:
        model = AgencyGroup

    code = factory.Sequence(lambda n: f"khoi-{n}")
    name_vi = factory.LazyAttribute(lambda group: f"Khối {group.code}")
    position = factory.Sequence(lambda n: n)


class AgencyFactory(DjangoModelFactory):
    class Meta:
        model = Agency

    code = factory.Sequence(lambda n: f"co-quan-{n:03}")
    name_vi = factory.LazyAttribute(lambda agency: f"Cơ quan {agency.code}")


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    full_name = factory.LazyAttribute(lambda user: f"Họ tên {user.username}")
    post = "Chuyên viên"
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.vn")
    password = factory.django.Password(PASSWORD)


class RoundFactory(DjangoModelFactory):
    """A round whose phase ``in_phase`` is open now; the others lie around it."""

    class Meta:
        model = Round
        skip_postgeneration_save = True

    year = factory.Sequence(lambda n: 2030 + n)
    name_vi = factory.LazyAttribute(lambda round_: f"Chỉ số CCHC năm {round_.year}")
    name_en = factory.LazyAttribute(lambda round_: f"PAR Index {round_.year}")
    tie_breakers = ["appraised", "satisfaction", "penalty"]
    bands = BANDS

    @factory.post_generation
    def in_phase(self, create, name, **kwargs):
        lay_phases(self, name or PhaseName.SELF_ASSESSMENT)


def lay_phases(round_, open_phase, now=None):
    """Seven phases of ten days, ``open_phase`` around now (None: all are over)."""
    now = now or timezone.now()
    order = list(PhaseName.values)
    place = order.index(open_phase) if open_phase else len(order)
    first = now - timedelta(days=10 * place + 5)
    round_.phases.all().delete()
    Phase.objects.bulk_create(
        Phase(
            round=round_,
            name=name,
            starts_at=first + timedelta(days=10 * number),
            ends_at=first + timedelta(days=10 * (number + 1)),
        )
        for number, name in enumerate(order)
    )
    round_.__dict__.pop("phase_rows", None)
    if "phases" in getattr(round_, "_prefetched_objects_cache", {}):
        del round_._prefetched_objects_cache["phases"]


def criteria_set(year, code="bo-thu", rows=CRITERIA, **meta):
    return criteria_actions.create_version(
        year=year, code=code, rows=rows, meta={**META, **meta}, freeze=True
    )


class World:
    """One round, one group, some agencies with their files, and people on demand.

    >>> world = World(agencies=2, phase="appraisal")
    >>> world.files[0], world.officer(), world.manager()
    """

    def __init__(
        self,
        agencies=2,
        phase=PhaseName.SELF_ASSESSMENT,
        groups=1,
        rows=CRITERIA,
        **options,
    ):
        self.round = RoundFactory(in_phase=phase, **options)
        self.set = criteria_set(self.round.year, rows=rows)
        self.groups = [self._group(place) for place in range(groups)]
        self.group = self.groups[0]
        self.files = [
            self._file(group, place)
            for group in self.groups
            for place in range(agencies)
        ]
        self.file = self.files[0] if self.files else None
        refresh_round(self.round)
        for file in self.files:
            file.refresh_from_db(fields=["totals"])

    def _group(self, place):
        group = GroupFactory()
        return RoundGroup.objects.create(
            round=self.round,
            group=group,
            criteria_set=self.set,
            position=place,
            name_vi=group.name_vi,
        )

    def _file(self, group, place):
        agency = AgencyFactory(group=group.group)
        return Assessment.objects.create(
            round=self.round,
            agency=agency,
            group=group,
            name_vi=agency.name_vi,
            position=place,
        )

    def reload(self, file=None):
        return Assessment.objects.get(pk=(file or self.file).pk)

    def open_phase(self, name):
        lay_phases(self.round, name)

    def person(self, role, role_agency=None, **options):
        user = UserFactory(**options)
        Role.objects.create(user=user, name=role, round=self.round, agency=role_agency)
        return user

    def officer(self, file=None):
        agency = (file or self.file).agency
        return self.person(RoleName.OFFICER, agency, agency=agency)

    def leader(self, file=None):
        agency = (file or self.file).agency
        return self.person(RoleName.LEADER, agency, agency=agency)

    def appraiser(self, agency=None):
        return self.person(RoleName.APPRAISER, agency)

    def manager(self):
        return self.person(RoleName.MANAGER)

    def inspector(self):
        return self.person(RoleName.INSPECTOR)
