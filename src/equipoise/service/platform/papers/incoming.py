"""A file as it comes in a form: put on the disk without a name, so that it goes with the process,
whatever becomes of that; and what a request says that brought too much."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from equipoise.service.platform.papers.cleaning import MOST_BYTES

FORM = 100_000
"""Bytes of a form around its file."""
MOST_BODY = MOST_BYTES + FORM
TOO_MUCH = "equipoise.papers.too_much"
"""Set in a request's environment where its body was larger: what is there is its beginning, `FORM`
bytes, in which a form's own words stand before its file."""


class Nameless(FileUploadHandler):
    """Takes one file of a form."""

    _file: Any = None

    def new_file(self, *given: Any, **named: Any) -> None:
        super().new_file(*given, **named)
        if self._file is not None:
            raise StopUpload(connection_reset=False)
        folder = settings.FILE_UPLOAD_TEMP_DIR
        self._file = TemporaryFile(dir=folder)  # noqa: SIM115 - Django closes it

    def receive_data_chunk(self, raw_data: bytes, _start: int) -> None:
        self._file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[bytes]:
        self._file.seek(0)
        return UploadedFile(self._file, self.file_name, size=file_size)
