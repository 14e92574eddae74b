"""The kinds of files that can be checked: extension, media type, check."""

from . import archives, compound, pdf, pictures

_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"

# extension -> (media type, check(stream, extension))
KINDS = {
    "pdf": ("application/pdf", pdf.check),
    "doc": ("application/msword", compound.check),
    "xls": ("application/vnd.ms-excel", compound.check),
    "ppt": ("application/vnd.ms-powerpoint", compound.check),
    "docx": (f"{_OFFICE}.wordprocessingml.document", archives.check_office),
    "xlsx": (f"{_OFFICE}.spreadsheetml.sheet", archives.check_office),
    "pptx": (f"{_OFFICE}.presentationml.presentation", archives.check_office),
    "odt": (f"{_OPEN}.text", archives.check_open_document),
    "ods": (f"{_OPEN}.spreadsheet", archives.check_open_document),
    "odp": (f"{_OPEN}.presentation", archives.check_open_document),
    "png": ("image/png", pictures.check),
    "jpg": ("image/jpeg", pictures.check),
    "jpeg": ("image/jpeg", pictures.check),
    "gif": ("image/gif", pictures.check),
    "webp": ("image/webp", pictures.check),
}
MEDIA_TYPES = {extension: kind[0] for extension, kind in KINDS.items()}
