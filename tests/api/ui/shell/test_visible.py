import pytest

from api.ui.shell.visible import visible


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("pay\u202ecod.exe", "U+202E"),
        ("zero\u200bwidth", "U+200B"),
        ("tag\U000e0041", "U+E0041"),
        ("soft\u00adhyphen", "U+00AD"),
        ("a\u200db", "U+200D"),
        ("iso\u2066late", "U+2066"),
        ("bom\ufeff", "U+FEFF"),
        ("selector\ufe01", "U+FE01"),
        ("filler\u3164", "U+3164"),
        ("bell\x07", "U+0007"),
        ("return\rhere", "U+000D"),
        ("line\u2028break", "U+2028"),
        ("joined\u200d\u200d\u200d", "U+200D"),
    ],
)
def test_c5_what_the_eye_cannot_see_is_written_out(text: str, wanted: str) -> None:
    shown = visible(text)
    assert f'<mark class="so-unseen">{wanted}</mark>' in shown
    assert not any(char in shown for char in text if not char.isprintable())


@pytest.mark.parametrize(
    "name", ["محمد علی", "می\u200cخواهم", "עברית", "王小明", "José", "क्\u200dष", "👩\u200d👧", "❤\ufe0f"]
)
def test_c5_real_names_and_emoji_stay_as_they_are(name: str) -> None:
    assert visible(name) == name


def test_c8_markup_is_text() -> None:
    assert visible("<script>\"&'\n</script>") == "&lt;script&gt;&quot;&amp;&#x27;\n&lt;/script&gt;"
