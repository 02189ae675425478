"""Text without spaces between its words: it is told from text that is split, whatever the source."""

import numpy as np
import pytest
from gensim.models import FastText

from sk_w2v import PretrainedVectors
from sk_w2v.text._unsplit import find_phrases

from helpers import SOURCE, SPLIT_IT, estimator, source_of, whole

UNCUT = {
    "Chinese": ["我不喜欢这部电影，剧情太差了。", "这部电影很好看，演员也很好。"],
    "Chinese, traditional": ["這部電影很好看，我非常喜歡這個故事。"],
    "Japanese": ["私はこの映画が好きではありません。", "とても面白い映画でした。"],
    "Japanese in kana": ["とてもおもしろいえいがでした。"],
    "Thai": ["ฉันไม่ชอบภาพยนตร์เรื่องนี้", "ภาพยนตร์เรื่องนี้ดีมาก"],
    "Lao": ["ຂ້ອຍບໍ່ມັກຮູບເງົາເລື່ອງນີ້"],
    "Khmer": ["ខ្ញុំមិនចូលចិត្តភាពយន្តនេះទេ"],
    "Burmese": ["ကျွန်တော်ဒီရုပ်ရှင်ကိုမကြိုက်ဘူး"],
    "among English": ["a film that I like, and you do", "这部电影很好看 is what they say of it"],
}
CUT = {
    "Chinese": ["我 不 喜欢 这 部 电影 ， 剧情 太 差 了", "这 部 电影 很 好看"],
    "Japanese": ["私 は この 映画 が 好き で は ありません"],
    "Thai": ["ฉัน ไม่ ชอบ ภาพยนตร์ เรื่อง นี้"],
    "Korean": ["나는 이영화를좋아하지않습니다"],
    "German": ["Donaudampfschifffahrtsgesellschaftskapitän fährt über die schöne Straße"],
    "Hindi": ["यह फ़िल्म बहुत अच्छी है और कार्यक्रमों की"],
    "a name among English": [
        "the city of 呼和浩特市 is large and old, and I have been there many times, as you all know"
    ],
    "nothing": [""],
}


def counted(documents):
    return estimator(None, vector_size=2).fit([*documents, "the end"])


@pytest.mark.parametrize("kind", CUT)
def test_text_with_spaces_between_words_is_no_warning(kind):
    counted(CUT[kind])


@pytest.mark.parametrize("kind", UNCUT)
def test_text_without_spaces_is_told_without_a_source(kind):
    with pytest.warns(UserWarning, match=r"^The text has no spaces between words, and phrases such as ") as record:
        counted(UNCUT[kind])
    assert len(record) == 1
    assert record[0].filename == __file__
    assert str(record[0].message).endswith(f" are taken for words. {SPLIT_IT}")


def test_two_phrases_are_shown():
    message = (
        "The text has no spaces between words, and phrases such as '这部电影很好看' and '我不喜欢这部电影' are taken "
        f"for words. {SPLIT_IT}"
    )
    with pytest.warns(UserWarning, match=whole(message)):
        estimator(None).fit(["我不喜欢这部电影，很好", "这部电影很好看", "这部电影很好看"])


def test_it_is_told_once_beside_the_coverage():
    source = source_of("很好", "电影", "the")
    message = (
        f"Only 50.0% of the documents' word tokens have a vector in {source}; the others have nothing to start from. "
        "The text has no spaces between words, and phrases such as '我不喜欢这部电影' are taken for words, where the "
        f"source has '很好' and '电影'. {SPLIT_IT}"
    )
    with pytest.warns(UserWarning, match=whole(message)) as record:
        estimator(source).fit(["我不喜欢这部电影，很好"])
    assert len(record) == 1


def test_a_source_of_another_script_is_shown_too():
    message = (
        f"No word of the documents has a vector in {SOURCE}. The text has no spaces between words, and phrases such as "
        f"'我不喜欢这部电影' are taken for words, where the source has 'tea', 'cup' and 'pot'. {SPLIT_IT}"
    )
    with pytest.raises(ValueError, match=whole(message)):
        estimator().fit(["我不喜欢这部电影"])


def test_long_words_that_the_source_knows_are_words():
    estimator(source_of("中华人民共和国", "联合国教科文组织")).fit(["中华人民共和国，联合国教科文组织"])


def test_n_grams_that_know_everything_do_not_hide_it():
    model = FastText([["电影", "很好"]] * 5, vector_size=4, min_count=1, min_n=1, max_n=2, bucket=50, workers=1)
    message = (
        "The text has no spaces between words, and phrases such as '我不喜欢这部电影' are taken for words, where the "
        f"source has '很好' and '电影'. {SPLIT_IT}"
    )
    with pytest.warns(UserWarning, match=whole(message)) as record:
        estimator(PretrainedVectors.from_keyed_vectors(model.wv)).fit(["我不喜欢这部电影"])
    assert len(record) == 1


def test_an_analyzer_that_cuts_is_no_warning():
    estimator(None, analyzer=list).fit(UNCUT["Chinese"])


def test_phrases_are_found_by_the_share_of_the_text_that_they_are():
    words = {"word": 100}
    assert find_phrases(words | {"我不喜欢这部电影": 1}) == []
    assert find_phrases(words | {"我不喜欢这部电影": 6, "好": 1}) == ["我不喜欢这部电影"]
    assert find_phrases(words | {"我不喜欢这部电影": 6, "好": 60}) == []
    assert find_phrases({}) == []


def test_single_ideographs_are_words_of_the_fitted_transformer():
    fitted = estimator(source_of("我", "不", "喜欢", "电影")).fit(["我 不 喜欢 这 部 电影", "我 喜欢"])
    assert set(fitted.vocabulary_) == {"我", "不", "喜欢", "这", "部", "电影"}
    assert fitted.coverage_["words"] == 4 / 6
    assert fitted.missing_words().word.tolist() == ["这", "部"]
    assert not np.array_equal(*fitted.transform(["我 喜欢", "我 不 喜欢"]))
