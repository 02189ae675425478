"""UTF-8 that was read as Latin-1 or cp1252 is told from text of any language."""

import pytest

from helpers import estimator, whole

TEXT = {
    "German": "Wir gehen über die Brücke, für die Kinder ist das schön. Fünf Mädchen müssen zurück nach München.",
    "French": "Être ou ne pas être, telle est la même question. La fête de la forêt, c'était peut-être un rêve d'été.",
    "Spanish": "Según la canción, el corazón nunca olvidó la región. Mañana habrá más información sobre la situación.",
    "Portuguese": "Você não sabe quantas lições e emoções há em português. O pêssego é ótimo, a estação também.",
    "Italian": "Però più tardi andrò giù in città, perché può piovere. È già lunedì, e ciò che è di più è di più.",
    "Polish": "Możesz też zrobić to później, a ja już żałuję, że źle wróżył. Święta są dłuższe niż życie.",
    "Icelandic": "Það er nú svo að ég þarf að fá mér nýja skó. Hún ætlar út í búð á sýningu í Þórshöfn.",
    "Vietnamese": "Tôi không thích bộ phim này, nhưng cuối cùng đã hiểu được những điều mà họ muốn nói với chúng tôi.",
    "Russian": "Мне не нравится этот фильм, но он очень понравился моей сестре. Сегодня хорошая погода.",
    "Greek": "Δεν μου αρέσει αυτή η ταινία, αλλά στην αδελφή μου άρεσε πολύ. Σήμερα ο καιρός είναι καλός.",
    "Arabic": "لم يعجبني هذا الفيلم كثيرا ولكن أختي أحبته وتحدثت عنه مع صديقاتها طوال اليوم",
    "Chinese": "我 不 喜欢 这 部 电影 ， 因为 剧情 很 差 。 很多 人 在 中国 工作 ， 我们 的 老师 也 是 。",
    "Korean": "저는 이 영화를 별로 좋아하지 않습니다. 제 동생은 아주 좋아했습니다. 월요일 학교에서 만났습니다.",
    "English": "I don’t like it, it’s too long, and that’s that. You’re right that they didn’t and won’t. I can’t.",
    "Swedish": "Jag tycker inte om den här filmen, men min syster älskade den så mycket på kvällen. Därför går vi "
    "ändå. Många år sedan såg vi också två små fåglar från ön.",
    "Finnish": "Tämä elokuva ei ollut hyvä, mutta siskoni pitää siitä. Hän näki sen eilen töissä, ja äiti myös. "
    "Meillä on pitkä päivä, tänään täytyy lähteä.",
    "Danish": "Jeg kan ikke lide på øen, men min søster gør. Vi går også tit små ture på åen. Når året er gået, får vi "
    "så både brød, smør og øl på bådene.",
    "Hungarian": "Nem tetszett ez a film, de a nővérem nagyon szerette. A különös hősnő jól énekelt, ügyesen szólt.",
    "Czech": "Ten film se mi nelíbil, ale moje sestra ho má ráda. Příběh byl špatný, ale herci měli úspěch, žádný žal.",
    "Turkish": "Bu filmi beğenmedim ama kız kardeşim çok sevdi. Çünkü oyuncular çok başarılı, müziği de güzel.",
    "Hindi": "मुझे यह फ़िल्म पसंद नहीं आई, लेकिन मेरी बहन को बहुत अच्छी लगी। कहानी कमज़ोर थी पर अभिनय अच्छा था।",
    "Bengali": "আমার এই ছবিটি ভালো লাগেনি, কিন্তু আমার বোন এটি খুব পছন্দ করেছে। গল্পটি দুর্বল ছিল।",
    "Tamil": "எனக்கு இந்தப் படம் பிடிக்கவில்லை, ஆனால் என் சகோதரிக்கு மிகவும் பிடித்தது.",
    "Thai": "ฉัน ไม่ ชอบ หนัง เรื่อง นี้ แต่ น้องสาว ของ ฉัน ชอบ มาก เนื้อเรื่อง อ่อน แต่ นักแสดง เก่ง",
    "Burmese": "ကျွန်တော် ဒီ ရုပ်ရှင် ကို မကြိုက်ဘူး",
    "Amharic": "ይህን ፊልም አልወደድኩትም ግን እህቴ በጣም ወደደችው",
    "Armenian": "Ինձ դուր չեկավ այս ֆիլմը, բայց քույրիկս շատ սիրեց",
    "Japanese": "私 は この 映画 が 好き では ない が 、 妹 は とても 気に入った 。 話 は 弱い けれど 俳優 は 良い 。",
}
RIGHT = {
    "Guarani": "Ko ta'anga ndaipotái, ha katu che reindy oipota. Mbya kuéra, kuñã, ãva, tetã, ñorairõ, tenondẽ, hetã.",
    "a little Portuguese": "A irmã da cidadã alemã vê a manhã de amanhã, e a avelã da anciã é a maçã da órfã cristã.",
    "Slovak": "Keď máš čas, víš, tvoj vážny muž nesie knížky, a ty nás ľúbiš, či múdry, či nie.",
    "quotations": "«É a manhã», «amanhã»; “irmã”, ‘vã’. «déjà», «là»",
    "ordinals": "1ª e 2ª parte, nº 3, 5½ à 6½, m² à 20 €, 10¹ et 10² à",
    "Czech pangram": "Příliš žluťoučký kůň úpěl ďábelské ódy, níže píše, že může být více než myší.",
    "Turkish with circumflexes": "Hâlâ kâğıt üzerinde yazıyor, çünkü şöyle böyle değil, dünyâ öyle.",
    "units": "An area of 3 Å² or 4 Å³, 5 m² and 6 µm, ½ or ¾ of it, nº 1 of the 2ª, a naïve façade at 20 °C.",
    "Norwegian": "Å være på øya er også noe, æsj, så gøy på fjorårets tur, Ægir går.",
}


def latin_1(text):
    return text.encode().decode("latin-1")


def cp1252(text):
    """As browsers read it: bytes that have no character are control characters."""
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode())


@pytest.mark.parametrize("language", [*TEXT, *RIGHT])
@pytest.mark.parametrize("params", [{}, {"lowercase": False}, {"analyzer": str.split}], ids=str)
def test_text_that_was_read_well_is_no_warning(language, params):
    estimator(None, **params).fit([(TEXT | RIGHT)[language]])


@pytest.mark.parametrize("language", TEXT)
@pytest.mark.parametrize("read", [latin_1, cp1252])
@pytest.mark.parametrize("params", [{}, {"lowercase": False}, {"analyzer": str.split}], ids=str)
def test_utf_8_that_was_read_in_another_encoding_is_told(language, read, params):
    with pytest.warns(UserWarning, match=r"^UTF-8 seems to have been read in another encoding: ") as record:
        estimator(None, **params).fit([read(TEXT[language])])
    assert len(record) == 1


@pytest.mark.parametrize("text", ["מאוד אהבה אותו", "მე არ მომეწონა ეს ფილმი"], ids=["Hebrew", "Georgian"])
def test_text_of_which_no_word_is_left_is_an_error(text):
    with pytest.raises(ValueError, match=r"^Empty vocabulary"):
        estimator(None).fit([latin_1(text)])


MESSAGE = (
    "UTF-8 seems to have been read in another encoding: the documents have 'ã¼ber' and 'fã¼r'. Read the file with "
    "encoding='utf-8', as pandas.read_csv(path, encoding='utf-8') does. If the file itself has such words, repair them "
    "with the package ftfy."
)


@pytest.mark.parametrize("params", [{}, {"vocabulary": ["tea", "fã¼r"]}], ids=str)
def test_the_two_most_frequent_words_are_shown(params):
    documents = ["tea fÃ¼r mich", "Ã¼ber Ã¼ber Ã¼ber tea", "tea fÃ¼r grÃ¼n"]
    with pytest.warns(UserWarning, match=whole(MESSAGE)) as record:
        estimator(**params).fit(documents)
    assert len(record) == 1
    assert record[0].filename == __file__


@pytest.mark.parametrize(("n_others", "is_told"), [(598, True), (599, False)])
def test_a_few_words_of_a_large_text_are_left_alone(n_others, is_told):
    documents = [["tea"] * n_others, ["fã¼r", "ã¼ber"]]
    if is_told:
        with pytest.warns(UserWarning, match="^UTF-8 seems"):
            estimator().fit(documents)
    else:
        estimator().fit(documents)


def test_one_such_word_may_be_a_footnote():
    estimator().fit([["tea", "société²", "société²"]])
