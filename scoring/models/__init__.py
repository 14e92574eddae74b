from .agencies import Agency, AgencyGroup
from .assessments import Assessment, Cell, Exemption
from .criteria import CriteriaSet, Criterion
from .evidence import EvidenceDocument, EvidenceLink
from .ledger import LedgerIsAppendOnly, LedgerLine
from .people import Role, User
from .results import Freeze, FrozenResult
from .rounds import Phase, Round, RoundGroup
from .surveys import SurveyResult

__all__ = [
    "Agency",
    "AgencyGroup",
    "Assessment",
    "Cell",
    "CriteriaSet",
    "Criterion",
    "EvidenceDocument",
    "EvidenceLink",
    "Exemption",
    "Freeze",
    "FrozenResult",
    "LedgerIsAppendOnly",
    "LedgerLine",
    "Phase",
    "Role",
    "Round",
    "RoundGroup",
    "SurveyResult",
    "User",
]
