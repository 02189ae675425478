"""Pretrained vectors: a path, a name, arrays or a model → the rows of words.

``_pretrained`` is what users hold; ``_given`` makes it of a parameter, ``_shown`` a line about it. Below it stand the
two kinds of ``_source``: ``_arrays`` (filled by ``_gensim``, ``_static_models`` or ``_packages``, or mapped from the
disk by ``_maps``) and ``_files``. ``_open_files`` keeps what this process has opened.

``_found`` tells what a path or a name is: a file (``_streams``), a static model (``_static_models``, ``_safetensors``),
or the name of a package (``_packages``), of gensim-data (``_datasets``) or of the Hugging Face hub (``_hub``). Where
there is nothing, ``_suggestions`` says what may have been meant.

``_formats`` says what a format is; there are two, ``_text_format`` and ``_binary_format``. ``_recognition`` tells which
one a file has, and ``_foreign`` what else it may be. It is read once; ``_bad_lines`` are an error or left out.
``_words`` finds its words. ``_parsed`` keeps the rows that were needed, their numbers made float32 by ``_decimals``.
"""
