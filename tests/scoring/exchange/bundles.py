"""A small round bundle as texts, in the very form in which it is exported.

Two groups by one set, four agencies. The set, maximum 10 beside bonus and penalty:

1    field                 1.1 choice 0..2, 1.2 proportional 0..3 (N/A allowed),
                           1.3 manual 0..1, 1.4 yes_no 0..1 (no override)
2    field                 2.1 sociological 2, 2.2 satisfaction 1
9    bonus and penalty     9.1 bonus_count up to 1, 9.2 penalty_count down to −1
"""

import zipfile

YEAR = 2031

ROUND = """\
{
  "year": 2031,
  "name_vi": "Chỉ số CCHC năm 2031",
  "name_en": "PAR Index 2031",
  "phases": [
    {
      "phase": "self_assessment",
      "starts_at": "2031-10-01T08:00:00+07:00",
      "ends_at": "2031-11-01T17:00:00+07:00"
    },
    {
      "phase": "appraisal",
      "starts_at": "2031-11-01T17:00:00+07:00",
      "ends_at": "2031-11-20T17:00:00+07:00"
    },
    {
      "phase": "consultation",
      "starts_at": "2031-11-20T17:00:00+07:00",
      "ends_at": "2031-12-01T17:00:00+07:00"
    },
    {
      "phase": "second_appraisal",
      "starts_at": "2031-12-01T17:00:00+07:00",
      "ends_at": "2031-12-10T17:00:00+07:00"
    },
    {
      "phase": "council",
      "starts_at": "2031-12-11T08:00:00+07:00",
      "ends_at": "2031-12-20T17:00:00+07:00"
    },
    {
      "phase": "recheck",
      "starts_at": "2031-12-21T08:00:00+07:00",
      "ends_at": "2031-12-25T17:00:00+07:00"
    },
    {
      "phase": "decision",
      "starts_at": "2031-12-26T08:00:00+07:00",
      "ends_at": "2031-12-31T17:00:00+07:00"
    }
  ],
  "tie_breakers": [
    "appraised",
    "satisfaction",
    "penalty"
  ],
  "bands": [
    {
      "code": "xuat-sac",
      "name_vi": "Xuất sắc",
      "name_en": "Excellent",
      "from_percent": 90
    },
    {
      "code": "kha",
      "name_vi": "Khá",
      "name_en": "",
      "from_percent": 69.5
    }
  ],
  "not_scored": "wait",
  "missing_survey": "wait",
  "criteria": {
    "bo-chung": {
      "name_vi": "Bộ tiêu chí \\"chung\\"",
      "name_en": "",
      "decision": "Quyết định số 1/QĐ-UBND",
      "points_decimals": 3,
      "cap_at_100": true
    }
  }
}
"""
GROUPS = """\
code,name_vi,name_en,criteria
so,"Khối sở, ban, ngành",Departments,bo-chung
phuong,Khối UBND phường,,bo-chung
"""
AGENCIES = """\
code,name_vi,group,assessed,reason
so-z,Sở Z,so,yes,
phuong-a,UBND phường A,phuong,yes,
so-a,Sở A,so,yes,
so-moi,Sở mới,so,no,"Thành lập tháng 9, chưa đủ thời gian"
"""
CRITERIA = """\
code,parent_code,name_vi,name_en,max_points,rule,parameters
1,,"Chỉ đạo, điều hành",Direction,,,
1.1,1,Ban hành kế hoạch,,2,choice,"{""options"": [{""label"": ""Kịp thời"", ""points"": 2}, {""label"": ""Chậm"", ""points"": 0.5}]}"
1.2,1,Giải quyết hồ sơ,,3,proportional,"{""denominator"": ""đã giải quyết"", ""na_allowed"": true, ""na_if_denominator_zero"": true, ""numerator"": ""đúng hạn""}"
1.3,1,Sáng kiến,,1,manual,
1.4,1,Công khai,,1,yes_no,"{""no"": 0, ""override_allowed"": false, ""yes"": 1}"
2,,Khảo sát,,,,
2.1,2,Điều tra xã hội học,,2,sociological,{}
2.2,2,Hài lòng,,1,satisfaction,"{""factor"": ""Kết quả""}"
9,,"Điểm thưởng, điểm trừ",,,adjustments,"{""bonus_ceiling"": 1, ""penalty_ceiling"": -1}"
9.1,9,Thưởng,,1,bonus_count,"{""ceiling"": 1, ""per_unit"": 0.5, ""unit"": ""mô hình""}"
9.2,9,Trừ,,-1,penalty_count,"{""ceiling"": -1, ""per_unit"": -0.25, ""unit"": ""lần""}"
"""
EXEMPTIONS = """\
agency,criterion,document
phuong-a,1.3,Công văn số 5/SNV
phuong-a,2,"Công văn số 6/SNV, mục 2"
"""
# so-a is complete: 2 + 2.7 + 0.875 + 1 of the appraised leaves in the final layer.
SCORES = '''\
agency,criterion,layer,points,data,not_applicable,reason
phuong-a,1.1,self,2,"{""option"": 1}",,
phuong-a,1.2,self,,"{""denominator"": 0, ""numerator"": 0}",confirmed,
phuong-a,1.2,appraised,,,confirmed,Không phát sinh hồ sơ
so-a,1.1,self,2,"{""option"": 1}",,
so-a,1.1,appraised,0.5,"{""option"": 2}",,"Kế hoạch ban hành chậm, ngày 5/2"
so-a,1.1,council,2,,,"Hội đồng thống nhất
""kịp thời"""
so-a,1.2,self,3,"{""denominator"": 50, ""numerator"": 45}",,"=làm tròn; đã nêu
trong báo cáo"
so-a,1.2,appraised,2.7,"{""denominator"": 50, ""numerator"": 45}",,
so-a,1.3,self,1,,,
so-a,1.3,appraised,0.5,,,
so-a,1.3,explained,0.875,,,Chấp nhận giải trình
so-a,1.4,appraised,1,"{""yes"": true}",,
so-a,9.1,appraised,1,"{""count"": 3}",,
so-a,9.2,appraised,-0.25,"{""count"": 1}",,
so-moi,1.3,self,0.125,,,
so-z,1.2,self,,,proposed,Không có thủ tục
so-z,1.3,self,0,,,
'''
SURVEYS = """\
agency,criterion,answers,mean_percent,standard_deviation
so-a,2.1,120,88.125,12.5
so-a,2.2,300,90.3333,
so-z,2.1,0,0,0
"""
CRITERIA_FILE = "criteria/bo-chung.csv"


def small():
    """``{name: text}`` of the whole bundle."""
    return {
        "round.json": ROUND,
        "groups.csv": GROUPS,
        "agencies.csv": AGENCIES,
        CRITERIA_FILE: CRITERIA,
        "exemptions.csv": EXEMPTIONS,
        "scores.csv": SCORES,
        "surveys.csv": SURVEYS,
    }


def changed(name, old, new, texts=None):
    """The bundle with one place of one file changed; the place must exist."""
    texts = dict(texts or small())
    assert old in texts[name], (name, old)
    texts[name] = texts[name].replace(old, new, 1)
    return texts


def of_year(year, texts=None):
    texts = dict(texts or small())
    texts["round.json"] = texts["round.json"].replace(
        f'"year": {YEAR},', f'"year": {year},'
    )
    return texts


def as_bytes(texts):
    return {
        name: text if isinstance(text, bytes) else text.encode()
        for name, text in texts.items()
    }


def write_folder(path, texts):
    for name, content in as_bytes(texts).items():
        place = path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return path


def write_zip(path, texts, inside=""):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in as_bytes(texts).items():
            archive.writestr(inside + name, content)
    return path
