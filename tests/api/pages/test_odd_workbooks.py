"""Workbooks that are no workbooks, or would fill the memory: refused in words, by every form that takes a file."""

import io
import zipfile
from collections.abc import Callable, Mapping

import pytest

from api.settings import Settings
from api.store.opening import Store
from api.store.rounds import datasets_of
from tests.api.pages.browsing import SHEETS, Visitor, led_to, text_of
from tests.reading.sheets import write_rows

CFB = bytes.fromhex("d0cf11e0a1b11ae1")
"""Signature of a compound file: what an encrypted workbook is."""


def as_it_is(_: str, data: bytes) -> bytes:
    return data


def workbook(change: Callable[[str, bytes], bytes] = as_it_is, more: Mapping[str, bytes] = {}) -> bytes:
    """The small partnership as a workbook, with parts that are changed or come to it."""
    plain, target = io.BytesIO(), io.BytesIO()
    write_rows(plain, SHEETS)  # type: ignore[arg-type]
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        for name in source.namelist():
            made.writestr(name, change(name, source.read(name)))
        for name, data in more.items():
            made.writestr(name, data)
    return target.getvalue()


def row_number(number: int) -> bytes:
    """A row that says it is one of so many."""
    row = b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>S9</t></is></c></row></sheetData>' % (number, number)
    return workbook(lambda name, data: data.replace(b"</sheetData>", row) if name.endswith("sheet2.xml") else data)


def locked(data: bytes) -> bytes:
    """A zip file whose parts say that they are encrypted."""
    made = bytearray(data)
    for signature, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = made.find(signature)
        while at >= 0:
            made[at + flags] |= 1
            at = made.find(signature, at + 4)
    return bytes(made)


def laughs(name: str, data: bytes) -> bytes:
    """Ten entities of ten of the one before: a billion when they are expanded."""
    if name != "xl/workbook.xml":
        return data
    entities = b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    return b'<!DOCTYPE x [<!ENTITY a "lol">' + entities + b"]>" + data.replace(b"</workbook>", b"<y>&j;</y></workbook>")


ODD: dict[str, tuple[Callable[[], bytes], int, str]] = {
    "bomb": (lambda: workbook(more={"xl/media/huge.bin": bytes(201_000_000)}), 413, "that this service reads (unpacked_bytes)"),
    "parts": (
        lambda: workbook(more={f"xl/x/{n}.xml": b"" for n in range(10_000)}), 413, "a workbook has fewer than 10,000"
    ),
    "row": (lambda: row_number(2_000_000_000), 422, "a row has a number beyond 1,048,576, the last that a workbook has"),
    "far": (lambda: row_number(10_000_000), 422, "a row has a number beyond 1,048,576"),
    "no zip": (lambda: b"%PDF-1.7 and so on", 422, "no folder of CSV files and no JSON file"),
    "cut": (lambda: workbook()[:1500], 422, "the end of the file is missing"),
    "encrypted": (lambda: CFB + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(900), 422, "password"),
    "locked": (lambda: locked(workbook()), 422, "damaged"),
    "entities": (lambda: workbook(laughs), 422, "damaged"),
    "empty": (lambda: b"", 422, "is empty (0 bytes)"),
}  # fmt: skip


def kept(store: Store, round: str) -> int:
    with store.reading() as session:
        return len(datasets_of(session, round))


@pytest.mark.parametrize("kind", ODD)
def test_odd_workbooks_are_refused_in_words_and_nothing_is_kept(
    team: Visitor, store: Store, round: str, kind: str
) -> None:
    make, status, words = ODD[kind]
    file = {"workbook": ("May.xlsx", make(), "application/octet-stream")}
    begun = text_of(team.post("/rounds/begin", data={"name": "May"}, files=file), status)
    assert words in begun
    assert [r["name"] for r in team.get("/v1/rounds").json()["rounds"]] == ["Spring"]
    assert words in text_of(team.post(f"/rounds/{round}/workbooks", data={"version": "1"}, files=file), status)
    assert kept(store, round) == 1


@pytest.mark.parametrize(("path", "field"), [("replies", "form"), ("results-day", "list")])
@pytest.mark.parametrize("kind", ["bomb", "parts"])
def test_other_files_are_held_to_the_same_limits(team: Visitor, round: str, path: str, field: str, kind: str) -> None:
    make, status, words = ODD[kind]
    file = {field: ("May.xlsx", make(), "application/octet-stream")}
    assert words in text_of(team.post(f"/rounds/{round}/{path}", data={"do": "read"}, files=file), status)


def test_many_rows_that_are_only_declared_cost_nothing(team: Visitor, round: str) -> None:
    def declare(name: str, data: bytes) -> bytes:
        return (
            data.replace(b'<dimension ref="A1', b'<dimension ref="A1:Z10000000" was="A1') if "sheet2" in name else data
        )

    file = {"workbook": ("May.xlsx", workbook(declare), "application/octet-stream")}
    assert "/runs/" in led_to(team.post(f"/rounds/{round}/workbooks", data={"version": "1"}, files=file))


def test_what_is_sent_is_held_to_the_size_of_an_upload(team: Visitor, round: str) -> None:
    most = Settings().upload_bytes
    file = {"workbook": ("May.xlsx", bytes(most + 1), "application/octet-stream")}
    answer = team.post(f"/rounds/{round}/workbooks", data={"version": "1"}, files=file)
    assert "bytes that this service takes (upload_bytes)" in text_of(answer, 413)
