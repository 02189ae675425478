"""Two thousand mutated files; ``python tests/sources/fuzz_files.py 100000`` runs more."""

from .fuzz_files import fuzz


def test_a_mutated_file_gives_the_table_of_a_plain_reader_or_an_error(tmp_path):
    n_tables, different = fuzz(2000, 0, tmp_path)
    assert different is None
    assert n_tables > 500
