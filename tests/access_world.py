"""Everybody, every address and every secret, for the table of access (test_access.py).

Two agencies: A, whose addresses the table asks for, and its neighbour B. What a page
must keep from whom is written into the data as words that stand nowhere else.
"""

from contextlib import contextmanager

from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from councils.labels import Post
from scoring.actions import evidence, notices
from scoring.exchange.report_template import DEFAULT_TEMPLATE
from scoring.labels import DocumentKind, Layer, NoticeKind, PhaseName, RoleName
from scoring.models import (
    Agency,
    Assessment,
    DocumentTemplate,
    Notice,
    Remark,
    Round,
    SignedScan,
)
from scoring.states import RoundState
from tests.councils.worlds import CouncilWorld
from tests.earlier import file_of_last_year, prove
from tests.factories import UserFactory, lay_phases
from tests.papers import pdf

OWN_WORDS = "Giải trình riêng của cơ quan A"
OWN_PROOF = "Tài liệu kiểm chứng của cơ quan A"
DRAFT_WORDS = "Nhận xét thẩm định chưa công bố"
NEIGHBOUR = "Cơ quan B láng giềng"
NEIGHBOUR_WORDS = "Giải trình riêng của cơ quan B"
CHAIR_NAME = "Người chủ trì Hội đồng"
NOTICE_WORDS = "Lời nhắc riêng cho cán bộ đầu mối"
REMARK_WORDS = "Lời phê riêng của lãnh đạo cơ quan A"


class AccessWorld(CouncilWorld):
    """Files with secrets in them, evidence, a Council, and one person of each role.

    ``published``: the decision is there and all phases are over; otherwise the round
    is in self-assessment, while drafts of the appraisal lie in it already.
    """

    def __init__(self, published=False):
        super().__init__(agencies=2, members=1, phase=PhaseName.SELF_ASSESSMENT)
        self.mine, self.other = self.files
        self._name(self.other, NEIGHBOUR)
        self.write(self.mine, "1.3", Layer.SELF, points="0.5", reason=OWN_WORDS)
        self.write(self.mine, "1.3", Layer.APPRAISED, points="0.25", reason=DRAFT_WORDS)
        self.write(self.other, "1.3", Layer.SELF, points="1", reason=NEIGHBOUR_WORDS)
        self.people = self._people()
        self.clients = {}
        self.link = evidence.attach(
            self.mine,
            "1.1",
            document={"title": OWN_PROOF},
            upload=pdf("a.pdf"),
            by=self.people["officer"],
        )
        before = file_of_last_year(self.mine, people=[self.people["officer"]])
        self.link_of_last_year = prove(before, "1.3", title="Tài liệu năm trước")
        self.notice = self._tell()
        self.remark, self.scan = self._remarked(), self._scanned()
        self._template()
        if published:
            self._publish()

    def _tell(self):
        """The officer of agency A alone is told something, by notice and mail."""
        key = f"notice:{self.people['officer'].pk}"
        words = {"subject": "Nhắc", "text": NOTICE_WORDS}
        notices.write(
            [
                notices.Telling(
                    self.people["officer"],
                    NoticeKind.REMINDER,
                    self.round,
                    key,
                    self.mine,
                    words,
                )
            ]
        )
        return Notice.objects.get(key=key)

    def _remarked(self):
        return Remark.objects.create(
            assessment=self.mine,
            criterion=self.set.criteria.get(code="1.3"),
            text=REMARK_WORDS,
            at=timezone.now(),
            by=self.people["leader"],
        )

    def _scanned(self):
        return SignedScan.objects.create(
            assessment=self.mine, version=1, **self._file_facts("officer")
        )

    def _template(self):
        return DocumentTemplate.objects.create(
            round=self.round,
            kind=DocumentKind.SELF_REPORT,
            version=self.meeting.number,
            **self._file_facts("manager", DEFAULT_TEMPLATE.read_bytes()),
        )

    def _file_facts(self, who, content=b"%PDF-1.4"):
        return {
            "file": ContentFile(content, "a"),
            "file_name": "a.pdf",
            "file_size": 8,
            "sha256": "a" * 64,
            "uploaded_at": timezone.now(),
            "uploaded_by": self.people[who],
        }

    def _name(self, file, name):
        Agency.objects.filter(pk=file.agency_id).update(name_vi=name)
        Assessment.objects.filter(pk=file.pk).update(name_vi=name)

    def _people(self):
        return {
            "anonymous": AnonymousUser(),
            "stranger": UserFactory(),
            "administrator": UserFactory(is_staff=True, is_superuser=True),
            "officer": self.officer(self.mine),
            "leader": self.leader(self.mine),
            "neighbour": self.officer(self.other),
            "appraiser": self.appraiser(),
            "manager": self.clerk_of_the_round,
            "inspector": self.inspector(),
            "approver": self.person(RoleName.APPROVER),
            "chair": self.chair,
            "secretary": self.secretary,
            "member": self.voters[0],
        }

    def sit(self, post, **options):
        named = {"full_name": CHAIR_NAME} if post == Post.CHAIR else {}
        return super().sit(post, **named, **options)

    def _publish(self):
        lay_phases(self.round, None)
        Round.objects.filter(pk=self.round.pk).update(
            state=RoundState.PUBLISHED,
            decision_number="01/QĐ-UBND",
            decided_on=timezone.localdate(),
            published_at=timezone.now(),
        )
        self.round.refresh_from_db()

    # --- addresses ----------------------------------------------------------------

    def address(self, name):
        """Of a page by its name, of agency A where it is an agency's."""
        return reverse(name, kwargs={key: self._value(name, key) for key in KEYS[name]})

    def _value(self, name, key):
        if name == "scoring:evidence-version":
            return self.link.document_id if key == "pk" else 1
        if key == "pk":
            return {
                "scoring:evidence-file": self.link.document_id,
                "scoring:evidence-detach": self.link.pk,
                "scoring:evidence-link-describe": self.link.pk,
                "scoring:evidence-describe": self.link.document_id,
                "scoring:evidence-replace": self.link.document_id,
                "scoring:evidence-remove": self.link.document_id,
                "scoring:evidence-library-reuse": self.link_of_last_year.document_id,
                "scoring:evidence-reuse": self.link_of_last_year.pk,
                "councils:member-dismiss": self.seat(self.voters[0]).pk,
                "scoring:notice-read": self.notice.pk,
                "scoring:remark-resolve": self.remark.pk,
                "scoring:remark-take-back": self.remark.pk,
                "scoring:scan-file": self.scan.pk,
                "scoring:mail-retry": self.notice.mail.pk,
            }[name]
        return {
            "year": self.round.year,
            "agency": self.mine.agency.code,
            "code": "1.3",
            "number": self.meeting.number,
            "group": self.group.group.code,
            "uidb64": "MQ",
            "token": "set-password",
        }[key]

    # --- asking -------------------------------------------------------------------

    def client(self, who):
        """The person's own, signed in once."""
        if who not in self.clients:
            self.clients[who] = Client()
            if who != "anonymous":
                self.clients[who].force_login(self.people[who])
        return self.clients[who]

    def ask(self, who, method, name):
        """What one person is answered; whatever it changed is undone."""
        client = self.client(who)
        with undone():
            answer = getattr(client, method)(self.address(name), {})
        if answer.streaming:
            answer.getvalue()  # which closes the file
        return answer


@contextmanager
def undone():
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


def named_addresses(resolver=None, namespace=""):
    """``{"namespace:name": keys of the address}`` of the whole site but the admin."""
    found = {}
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace == "admin":
                continue
            inner = f"{entry.namespace}:" if entry.namespace else namespace
            for name, keys in named_addresses(entry, inner).items():
                found[name] = {*entry.pattern.converters, *keys}
        else:
            regex_keys = entry.pattern.regex.groupindex
            found[namespace + (entry.name or "")] = set(regex_keys)
    return found


KEYS = named_addresses()
