"""Pretrained vectors: a path, arrays or a model → the rows of words.

``_pretrained`` is what users hold. Below it stand the two kinds of ``_source``: ``_arrays`` (filled by ``_gensim``, or
mapped from the disk by ``_maps``) and ``_files``. ``_open_files`` keeps what this process has opened.

A file is found (``_streams``, ``_datasets``), recognised (``_formats``) and read once as ``_raw_rows``
(``_text_format``, ``_binary_format``). ``_words`` finds its words. ``_parsed`` keeps the rows that were needed, their
numbers made float32 by ``_decimals``.
"""
