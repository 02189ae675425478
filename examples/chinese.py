"""Chinese: tell good reviews of a film from bad ones, in a language without spaces between its words.

jieba splits text into words. Any function that does so can be the analyzer; one that is defined in a module, like
split here, can be stored. Text that is not split gives a warning. Vectors for Chinese words, such as
Chinese-Word-Vectors or fastText's cc.zh.300, go where pretrained=None is; the script does without, since so it needs no
file.

    pip install sk-w2v jieba
    python examples/chinese.py

It uses no network and takes a few seconds. It prints:

    我 / 不 / 喜欢 / 这部 / 电影
    Words: 很, 我, 不, 推荐, 值得, 画面, 一次, 看, 再, 人
    我不喜欢这个故事: bad
    演员很好: good
"""

import jieba
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from sk_w2v import PretrainedWord2VecTransformer

GOOD = "我很喜欢这部电影 剧情精彩 演员的表演非常好 音乐很美 这个故事让人感动 我会再看一次 画面漂亮 值得推荐"
BAD = "我不喜欢这部电影 剧情无聊 演员的表演非常差 音乐很吵 这个故事让人失望 我不会再看一次 画面难看 不值得推荐"


def split(text: str) -> list[str]:
    return [word for word in jieba.lcut(text) if word.isalnum()]


def main(n_times: int = 20) -> None:
    jieba.setLogLevel("WARNING")
    print(" / ".join(split("我不喜欢这部电影")))
    reviews, labels = GOOD.split() + BAD.split(), ["good"] * 8 + ["bad"] * 8
    reviews, labels = reviews * n_times, labels * n_times
    w2v = PretrainedWord2VecTransformer(vector_size=20, analyzer=split, random_state=0)
    model = make_pipeline(w2v, LogisticRegression(C=100, max_iter=1000)).fit(reviews, labels)
    print("Words:", ", ".join(list(w2v.vocabulary_)[:10]))
    for review in ("我不喜欢这个故事", "演员很好"):
        print(f"{review}: {model.predict([review])[0]}")


if __name__ == "__main__":
    main()
