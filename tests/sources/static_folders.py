"""Small static models in their folders, written by the libraries themselves."""

import json
import struct
from functools import cache

import numpy as np
from model2vec import StaticModel
from safetensors.numpy import save_file
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

SPECIAL = ["[PAD]", "[UNK]"]
PIECES = [*SPECIAL, "tea", "cup", "##pot", "##s", "a", "the", "na", "##ive", "日"]
WORDS = ["tea", "cup", "a", "the", "na", "日"]
TABLE = np.random.default_rng(0).normal(size=(len(PIECES), 4)).astype(np.float32)
KINDS = ["wordpiece", "unigram", "bpe", "bytes"]
TEXT = ["the cup of tea", "is a teacup and", "the teapots", "are naïve", "pots of 日本 tea"]


def wordpiece():
    tokenizer = Tokenizer(models.WordPiece({piece: id_ for id_, piece in enumerate(PIECES)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing("[PAD] $A", special_tokens=[("[PAD]", 0)])
    tokenizer.add_special_tokens(SPECIAL)
    tokenizer.enable_truncation(2)
    tokenizer.enable_padding(length=5)
    return tokenizer


@cache  # since two trainings differ
def trained(kind):
    """A tokenizer of another kind, trained on a few words."""
    if kind == "wordpiece":
        return wordpiece()
    if kind == "unigram":
        tokenizer = Tokenizer(models.Unigram())
        trainer = trainers.UnigramTrainer(vocab_size=60, special_tokens=["<unk>"], unk_token="<unk>")
    else:
        tokenizer = Tokenizer(models.BPE(unk_token=None if kind == "bytes" else "<unk>"))
        alphabet = pre_tokenizers.ByteLevel.alphabet() if kind == "bytes" else []
        trainer = trainers.BpeTrainer(vocab_size=300, special_tokens=["<unk>"], initial_alphabet=alphabet)
    by_bytes = kind == "bytes"
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel() if by_bytes else pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.ByteLevel() if by_bytes else decoders.Metaspace()
    tokenizer.train_from_iterator(TEXT * 5, trainer)
    return tokenizer


def model_of(kind="wordpiece", dtype=np.float32, **tensors):
    tokenizer = trained(kind)
    size = tokenizer.get_vocab_size()
    table = TABLE if kind == "wordpiece" else np.random.default_rng(1).normal(size=(size, 4))
    return StaticModel(tensors.pop("table", table).astype(dtype), tokenizer, **tensors)


def save_model2vec(folder, **how):
    """Write a folder as model2vec does, and return the model."""
    model = model_of(**how)
    model.save_pretrained(folder)
    return model


def save_sentence_transformers(folder, *others, inside="0_StaticEmbedding", table=TABLE):
    """Write a folder as sentence-transformers does: a StaticEmbedding, then other modules."""
    (folder / inside).mkdir(parents=True)
    save_file({"embedding.weight": table}, folder / inside / "model.safetensors")
    wordpiece().save(str(folder / inside / "tokenizer.json"))
    modules = [f"sentence_transformers.models.{kind}" for kind in ("StaticEmbedding", *others)]
    (folder / "modules.json").write_text(json.dumps([{"idx": 0, "path": inside, "type": kind} for kind in modules]))
    (folder / "config_sentence_transformers.json").write_text("{}")


def safetensors_bytes(header, data=b""):
    """A file of safetensors with any header, true or not."""
    header = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(header)) + header + data
