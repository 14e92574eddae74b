"""Accounts of the demonstration: named by role, never by an invented person.

They exist in any case, since the ledger names them; a password, known to all, they
have only where the settings say DEMO. The two that stand for the officers and
leaders of all other agencies never have one.
"""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password

from scoring.labels import RoleName
from scoring.models import Role, User

PASSWORD = "cai-cach-hanh-chinh"  # noqa: S105 - printed for everybody to see
ADMINISTRATOR = "admin"

HOME_AFFAIRS = "so-noi-vu"
JUSTICE = "so-tu-phap"


@dataclass(frozen=True, slots=True)
class Account:
    """``role`` in all rounds; officers and leaders for their ``agency`` alone.

    Council members have no role here: their seat brings it.
    """

    username: str
    full_name: str
    post: str
    agency: str = ""
    role: str = ""


def _pair(short, agency, name):
    return (
        Account(
            f"canbo.{short}",
            f"Cán bộ đầu mối – {name}",
            "Cán bộ đầu mối",
            agency,
            RoleName.OFFICER,
        ),
        Account(
            f"lanhdao.{short}",
            f"Lãnh đạo – {name}",
            "Lãnh đạo đơn vị",
            agency,
            RoleName.LEADER,
        ),
    )


AGENCY_ACCOUNTS = (
    *_pair("hongbang", "phuong-hong-bang", "UBND phường Hồng Bàng"),
    *_pair("anlao", "xa-an-lao", "UBND xã An Lão"),
    *_pair("congthuong", "so-cong-thuong", "Sở Công Thương"),
)
APPRAISERS = (
    Account(
        "thamdinh1",
        "Thành viên tổ thẩm định – Sở Nội vụ",
        "Thành viên tổ thẩm định",
        HOME_AFFAIRS,
        RoleName.APPRAISER,
    ),
    Account(
        "thamdinh2",
        "Thành viên tổ thẩm định – Sở Tư pháp",
        "Thành viên tổ thẩm định",
        JUSTICE,
        RoleName.APPRAISER,
    ),
)
MANAGER = Account(
    "quanly",
    "Quản lý kỳ đánh giá – Sở Nội vụ",
    "Cơ quan thường trực",
    HOME_AFFAIRS,
    RoleName.MANAGER,
)
CHAIR = Account("chutich.hd", "Chủ tịch Hội đồng thẩm định", "Chủ tịch Hội đồng")
SECRETARY = Account("thuky.hd", "Thư ký Hội đồng thẩm định", "Thư ký Hội đồng")
MEMBERS = tuple(
    Account(
        f"uyvien{number}",
        f"Ủy viên Hội đồng thẩm định {number}",
        "Ủy viên Hội đồng",
    )
    for number in range(1, 5)
)
OTHERS = (
    Account(
        "thanhtra",
        "Người kiểm tra kỳ đánh giá",
        "Kiểm tra, giám sát",
        role=RoleName.INSPECTOR,
    ),
    Account(
        "pheduyet",
        "Người phê duyệt kết quả",
        "Lãnh đạo UBND thành phố",
        role=RoleName.APPROVER,
    ),
)
ACCOUNTS = (
    *AGENCY_ACCOUNTS,
    *APPRAISERS,
    MANAGER,
    CHAIR,
    SECRETARY,
    *MEMBERS,
    *OTHERS,
)
STAND_IN_OFFICER = Account(
    "mophong.canbo", "Cán bộ đầu mối (mô phỏng)", "Dữ liệu mô phỏng"
)
STAND_IN_LEADER = Account(
    "mophong.lanhdao", "Lãnh đạo đơn vị (mô phỏng)", "Dữ liệu mô phỏng"
)


def store_people(agencies):
    """``{username: User}``; who stands there already keeps name and password."""
    accounts = (*ACCOUNTS, STAND_IN_OFFICER, STAND_IN_LEADER)
    wanted = [account.username for account in accounts]
    known = {user.username: user for user in User.objects.filter(username__in=wanted)}
    for account in accounts:
        if account.username not in known:
            known[account.username] = _store_account(account, agencies)
    return known


def _store_account(account, agencies):
    agency = agencies.get(account.agency)
    user = User.objects.create(
        username=account.username,
        full_name=account.full_name,
        post=account.post,
        agency=agency,
        email=_address_of(account),
        password=make_password(None),
    )
    if account.role:
        of_agency = account.role in (RoleName.OFFICER, RoleName.LEADER)
        Role.objects.create(
            user=user, name=account.role, agency=agency if of_agency else None
        )
    return user


def _address_of(account):
    """An address that no server on earth knows; the stand-ins have none."""
    if account in (STAND_IN_OFFICER, STAND_IN_LEADER):
        return ""
    return f"{account.username}@par-index.example"


def open_accounts():
    """Give the password of the demonstration to accounts that have none, and make
    the administrator; where the settings do not say DEMO, take it away again."""
    usernames = [account.username for account in ACCOUNTS]
    if not settings.DEMO:
        _close(User.objects.filter(username__in=[*usernames, ADMINISTRATOR]))
        return
    closed = User.objects.filter(
        password__startswith=UNUSABLE_PASSWORD_PREFIX, username__in=usernames
    )
    if closed.exists():
        closed.update(password=make_password(PASSWORD))
    if not User.objects.filter(username=ADMINISTRATOR).exists():
        User.objects.create_superuser(
            ADMINISTRATOR,
            password=PASSWORD,
            full_name="Quản trị hệ thống",
            post="Quản trị hệ thống",
        )


def _close(users):
    """Whoever still has the password that everybody knows gets none."""
    for user in users.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX):
        if user.check_password(PASSWORD):
            user.set_unusable_password()
            user.save(update_fields=["password"])


def shown_accounts():
    """``(role, account, password)`` of everybody who can sign in."""
    rows = [(account.full_name, account.username, PASSWORD) for account in ACCOUNTS]
    return [*rows, ("Quản trị hệ thống", ADMINISTRATOR, PASSWORD)]
