import io
import zipfile
from pathlib import Path

import pytest

from api.inputs.sending import MOST_PARTS, Sent, safe_name, sent, settings_text, sheets_sent
from api.problems import TooLargeError


@pytest.mark.parametrize(
    ("typed", "safe"),
    [
        ("May round (2).xlsx", "May round (2).xlsx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\w.xlsx", "w.xlsx"),
        (".xlsx", "xlsx"),
        ("..", "upload"),
        ("", "upload"),
        (None, "upload"),
        ("a\0b\n.xlsx", "a_b_.xlsx"),
        ("Kümmel 表.xlsx", "Kümmel 表.xlsx"),
        ("\ud800.xlsx", "_.xlsx"),
        ("x" * 500 + ".xlsx", "x" * 115 + ".xlsx"),
    ],
)
def test_names_of_uploads_are_names_in_any_folder(typed: str | None, safe: str, tmp_path: Path) -> None:
    assert safe_name(typed) == safe
    (tmp_path / safe).write_bytes(b"")


def packed(*sizes: int) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, size in enumerate(sizes):
            archive.writestr(f"{number}.xml", b"0" * size)
    return target.getvalue()


def test_what_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    bomb = packed(3_000_000, 3_000_000)
    assert len(bomb) < 10_000
    with pytest.raises(TooLargeError, match=r"6,000,000 bytes, more than the 5,000,000 that this service reads"):
        sent(bomb, "w.xlsx", 5_000_000)
    assert sent(bomb, "w.xlsx", 6_000_000) == Sent(bomb, "w.xlsx")
    with pytest.raises(TooLargeError, match="parts"):
        sent(packed(*[0] * (MOST_PARTS + 1)), "w.xlsx", 5_000_000)


def test_what_stands_before_a_zip_file_hides_nothing() -> None:
    with pytest.raises(TooLargeError, match="more than the 999 that this service reads"):
        sent(b"nothing" + packed(1000), "w.xlsx", 999)


def test_what_is_no_zip_file_is_left_to_the_library() -> None:
    assert sent(b"PK broken", "w.xlsx", 1).data == b"PK broken"


def test_settings_are_text_as_they_are_typed() -> None:
    settings = {"a": 75, "b": True, "c": "off", "d": None, "e": 0.5}
    assert settings_text(settings) == {"a": "75", "b": "yes", "c": "off", "d": "none", "e": "0.5"}


def test_sheets_are_a_file_of_the_librarys_form() -> None:
    assert sheets_sent({"Students": [{"student": "Ä"}]}) == Sent(
        '{"Students": [{"student": "Ä"}]}'.encode(), "sheets.json"
    )
