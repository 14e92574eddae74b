"""What happens to one leaf of one agency: claimed, appraised, explained."""

from dataclasses import dataclass

from scoring.actions.cells import CellChange
from scoring.demo.simulate import best, declared, happens
from scoring.index.cells import compute
from scoring.index.outcomes import NOT_APPLICABLE
from scoring.labels import LeafKind, NotApplicable

CORRECTED = (
    "Đối chiếu tài liệu kiểm chứng, số liệu kê khai cao hơn thực tế; chấm theo số "
    "liệu đã thẩm định.",
    "Tài liệu kiểm chứng chưa thể hiện đủ kết quả đã kê khai.",
    "Văn bản ban hành chậm so với thời hạn nêu trong kế hoạch.",
    "Số liệu trên hệ thống theo dõi của thành phố khác số liệu kê khai.",
)
UPHELD = (
    "Chấp nhận giải trình: cơ quan đã bổ sung văn bản có số, ngày và trang chứng minh.",
    "Chấp nhận giải trình: số liệu được xác nhận lại của cơ quan quản lý lĩnh vực.",
)
NO_TASK = "Trong năm không phát sinh nhiệm vụ thuộc nội dung này."
CONFIRMED = "Xác nhận trong năm không phát sinh nhiệm vụ."
LATE = "Nộp hồ sơ tự chấm điểm chậm 01 ngày làm việc."
RECOGNISED = "Sáng kiến được cấp thành phố công nhận trong năm."


@dataclass(frozen=True, slots=True)
class Said:
    """What one layer says: data and the reason, or "not applicable"."""

    data: dict | None = None
    not_applicable: str = ""
    reason: str = ""

    def change(self, code, layer):
        return CellChange(
            code=code,
            layer=layer,
            data=self.data,
            not_applicable=self.not_applicable,
            reason=self.reason,
        )


@dataclass(frozen=True, slots=True)
class Story:
    """``appraised`` None: kept as claimed; ``explained`` None: not taken up again."""

    code: str
    claimed: Said | None
    appraised: Said | None = None
    explained: Said | None = None


def story_of(leaf, skill, chance, decimals):
    """The story of one leaf that no survey measures; None where nothing happens."""
    if leaf.kind == LeafKind.BONUS:
        return _bonus(leaf, chance)
    if leaf.kind == LeafKind.PENALTY:
        return _penalty(leaf, chance)
    if leaf.options.na_allowed and happens(chance, 30):
        return _not_applicable(leaf)
    true = Said(declared(leaf, skill, chance))
    if happens(chance, 90):
        claimed = Said(best(leaf, chance))
        if _worth(leaf, claimed, decimals) > _worth(leaf, true, decimals):
            return _corrected(leaf, claimed, true, chance)
    return Story(leaf.code, true)


def _worth(leaf, said, decimals):
    points = compute(leaf, said.data, decimals)
    return leaf.low if points is NOT_APPLICABLE else points


def _corrected(leaf, claimed, true, chance):
    appraised = Said(true.data, reason=chance.choice(CORRECTED))
    explained = None
    if happens(chance, 250):
        explained = Said(claimed.data, reason=chance.choice(UPHELD))
    return Story(leaf.code, claimed, appraised, explained)


def _not_applicable(leaf):
    return Story(
        leaf.code,
        Said(not_applicable=NotApplicable.PROPOSED, reason=NO_TASK),
        Said(not_applicable=NotApplicable.CONFIRMED, reason=CONFIRMED),
    )


def _bonus(leaf, chance):
    if not happens(chance, 120):
        return None
    return Story(leaf.code, Said(declared(leaf, 0, chance), reason=RECOGNISED))


def _penalty(leaf, chance):
    """Agencies do not take points from themselves; appraisers do."""
    if leaf.rule.key != "penalty_count" or not happens(chance, 30):
        return None
    return Story(leaf.code, None, Said(declared(leaf, 0, chance), reason=LATE))
