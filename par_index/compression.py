"""Pages travel compressed: a score sheet shrinks to a tenth, on weak lines at once."""

from django.middleware.gzip import GZipMiddleware


class PageCompressionMiddleware(GZipMiddleware):
    """Texts alone. Workbooks, scans and documents are compressed already, and a
    download keeps its length, so that the browser can say how much is left.

    What a compressed length could tell of the page's token is hidden by Django, which
    masks the token anew for every page and adds random bytes.
    """

    def process_response(self, request, response):
        if not response.headers.get("Content-Type", "").startswith("text/"):
            return response
        return super().process_response(request, response)
