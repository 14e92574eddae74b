from .agencies import Agency, AgencyGroup
from .assessments import Assessment, Cell, Exemption
from .criteria import CriteriaSet, Criterion, CriterionMapping
from .evidence import EvidenceDocument, EvidenceLink, EvidenceVersion
from .ledger import LedgerIsAppendOnly, LedgerLine
from .notices import Mail, Notice, Reminder
from .people import Role, User
from .reports import AgencyReport, DocumentTemplate, Remark, SignedScan
from .results import Freeze, FrozenResult
from .rounds import Phase, Round, RoundGroup
from .surveys import SurveyResult

__all__ = [
    "Agency",
    "AgencyGroup",
    "AgencyReport",
    "Assessment",
    "Cell",
    "CriteriaSet",
    "Criterion",
    "CriterionMapping",
    "DocumentTemplate",
    "EvidenceDocument",
    "EvidenceLink",
    "EvidenceVersion",
    "Exemption",
    "Freeze",
    "FrozenResult",
    "LedgerIsAppendOnly",
    "LedgerLine",
    "Mail",
    "Notice",
    "Phase",
    "Remark",
    "Reminder",
    "Role",
    "Round",
    "RoundGroup",
    "SignedScan",
    "SurveyResult",
    "User",
]
