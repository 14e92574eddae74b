"""Every component in all its states, on one page; with DEBUG only.

For whoever writes pages here, so it is not translated: the samples are Vietnamese, as
on the pages, and their names are those of the files and classes.
"""

from datetime import timedelta

from django import forms
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_GET

TITLE = "Báo cáo kết quả cải cách hành chính năm 2026"
SENTENCE = "Điểm 1,75 vượt điểm tối đa 1,5 của tiêu chí 1.1.3."
LAYERS = ("self", "appraised", "explained", "council", "survey", "bonus", "lost")
STATES = {
    "none": "Chưa bắt đầu",
    "working": "Đang chấm điểm",
    "waiting": "Chờ lãnh đạo",
    "locked": "Đã chốt",
    "done": "Đã thẩm định",
    "late": "Quá hạn",
    "returned": "Trả lại để bổ sung",
}
SAVING = {
    "saving": "Đang lưu",
    "saved": "Đã lưu lúc 10:32",
    "unsaved": "Chưa lưu: mất kết nối",
}
ERRORS = ("400", "403", "403_csrf", "404", "409", "413", "429", "500")
BUTTONS = {
    "btn-primary": "Chốt và gửi bảng tự chấm điểm",
    "btn-secondary": "Trả lại để bổ sung",
    "btn-quiet": "Gỡ tài liệu",
    "btn-danger": "Xóa tài liệu",
}
# (tiêu chí, điểm tối đa, tự chấm, thẩm định, chênh lệch, its class)
ROWS = (
    ("1.1.1", "Ban hành kế hoạch", "1,5", "1,5", "1,25", "−0,25", "diff-down"),
    ("1.1.2", "Tổ chức thực hiện kế hoạch", "2", "1,75", "2", "+0,25", "diff-up"),
    ("1.1.3", "Chế độ báo cáo định kỳ", "0,5", "0,5", "0,5", "0", "diff-none"),
)


class SampleForm(forms.Form):
    number = forms.CharField(label="Số, ký hiệu", help_text="125/KH-UBND")
    page = forms.CharField(label="Trang", required=False)
    choice = forms.ChoiceField(
        label="Mức",
        choices=[("a", "Đúng hạn"), ("b", "Chậm")],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label="Giải trình", widget=forms.Textarea({"rows": 2}))
    agreed = forms.BooleanField(label="Đề nghị không áp dụng", required=False)


def samples():
    """``{component: [(name of the state, context)]}`` of every file in components/."""
    now = timezone.now()
    summed_up, single = _refused("summed-up"), _refused("single")
    empty, whole, refused = SampleForm(), SampleForm(prefix="w"), _refused("refused")
    return {
        "alert": [
            ("danger", {"text": SENTENCE}),
            ("danger, a list", {"text": "Tệp có 2 lỗi:", "items": [SENTENCE, "…"]}),
            ("warn", {"text": SENTENCE, "kind": "warn"}),
            ("ok", {"text": "Đã lưu lúc 10:32", "kind": "ok"}),
            ("info", {"text": "Kỳ đánh giá mở ngày 1/11/2026.", "kind": "info"}),
        ],
        "bell": [("sign", {})],
        "deadline": [
            ("days", {"ends_at": now + timedelta(days=7, hours=3)}),
            ("hours", {"ends_at": now + timedelta(hours=5)}),
            ("over", {"ends_at": now - timedelta(days=1)}),
        ],
        "empty": [
            (
                "with a way on",
                {
                    "title": "Chưa có tài liệu kiểm chứng",
                    "text": "Cán bộ đầu mối đính kèm tài liệu tại từng tiêu chí.",
                    "url": "#",
                    "action": "Mở bảng chấm điểm",
                },
            ),
        ],
        "error_summary": [("errors", {"form": summed_up})],
        "fault": [
            (
                "with number",
                {
                    "code": "404",
                    "title": "Không có trang này",
                    "text": SENTENCE,
                    "advice": "Kiểm tra lại địa chỉ.",
                    "address": "/rounds/1990/",
                    "number": "20261215-1702",
                    "retry": "#",
                },
            ),
        ],
        "field": [
            ("text", {"field": empty["number"]}),
            ("with error", {"field": single["number"]}),
            ("with unit", {"field": empty["page"], "unit": "trang"}),
            ("choices", {"field": empty["choice"]}),
            ("checkbox", {"field": empty["agreed"]}),
        ],
        "figure": [
            ("points", {"points": "1,25", "maximum": "1,5"}),
            ("zero", {"points": "0", "maximum": "1,5"}),
            ("not scored", {"maximum": "1,5"}),
            ("not applicable", {"maximum": "1,5", "not_applicable": True}),
        ],
        "form": [("empty", {"form": whole}), ("refused", {"form": refused})],
        "layer": [(layer, {"layer": layer}) for layer in LAYERS],
        "messages": [("none", {"messages": []})],
        "pagination": [
            ("middle", {"page_obj": Paginator(range(60), 20).page(2), "query": ""}),
        ],
        "preview_panel": [("closed", {})],
        "simulated": [("band", {})],
        "state_badge": [
            (kind, {"kind": kind, "label": label}) for kind, label in STATES.items()
        ],
        "tools": [("signed in", {})],
    }


@require_GET
def error_page(request, code):
    """The page of an error, which a developer's machine would cover with its own."""
    if code not in ERRORS:
        raise Http404
    return render(request, f"{code}.html", {"limit": 200})


def _shown(name, context, request):
    return render_to_string(f"components/{name}.html", context, request)


def _refused(prefix):
    """A form that was sent half filled; each has ids of its own on the page."""
    return SampleForm({f"{prefix}-page": "3"}, prefix=prefix)


@require_GET
def page(request):
    return render(
        request,
        "style_guide.html",
        {
            "errors": ERRORS,
            "components": [
                (
                    name,
                    [
                        (state, _shown(name, sample, request))
                        for state, sample in states
                    ],
                )
                for name, states in samples().items()
            ],
            "buttons": BUTTONS.items(),
            "saving": SAVING.items(),
            "layers": LAYERS,
            "rows": ROWS,
            "title": TITLE,
            "letters": "ệ ữ ẫ Ợ Ề ặ đ Đ 0123456789 −0,25 I l 1",
        },
    )
