from tools.notify.marks import cut, plain


def test_marks_of_a_title_become_letters_and_lines_one() -> None:
    assert plain("[pay](http://x)\n**now** <@all> `x`") == "［pay］（http://x） ＊＊now＊＊ ＜＠all＞ ｀x｀"


def test_a_text_is_cut_at_whole_characters() -> None:
    assert cut("审批", 4) == "审"
    assert cut("ab", 5) == "ab"
