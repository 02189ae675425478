/* A table of words in UTF-8, and the pass that splits documents and looks their words up, without Python's lock. */
#ifndef SK_W2V_WORD_TABLE_H
#define SK_W2V_WORD_TABLE_H

#include "_split.h"

/* ---- The table of words ---- */

/* A short word stands in its slot, so that a look-up waits for memory once. Of a longer one the slot has its hash, and
 * its place among the blocks of such words. */
typedef struct {
    uint64_t blocks[SHORT_WORD / BLOCK];
    uint32_t n_bytes;
    uint32_t column; /* plus 1; 0: the slot is free */
} WordSlot;

typedef struct {
    PyObject_HEAD
    WordSlot *slots;
    size_t n_slots;
    Blocks longer; /* words */
    size_t n_words, n_columns, longest;
    uint64_t seed;
    int n_readers, n_writers; /* calls that are using it, counted under the lock */
} WordTable;

/* A word, of its blocks at a place. */
static WordSlot
word_of(const uint64_t *longer, size_t place, size_t n_bytes, uint64_t hash)
{
    WordSlot word = {{longer[place], longer[place + 1]}, (uint32_t)n_bytes, 0};
    if (n_bytes > SHORT_WORD) {
        word.blocks[0] = hash;
        word.blocks[1] = place;
    }
    return word;
}

static size_t
first_slot(const WordTable *table, uint64_t hash)
{
    return (size_t)((hash >> 32) * table->n_slots >> 32);
}

static int
is_word_at(const WordTable *table, const WordSlot *slot, const WordSlot *word, const uint64_t *longer)
{
    if (word->n_bytes <= SHORT_WORD)
        return !((slot->blocks[0] ^ word->blocks[0]) | (slot->blocks[1] ^ word->blocks[1]) |
                 (slot->n_bytes ^ word->n_bytes));
    return slot->n_bytes == word->n_bytes && slot->blocks[0] == word->blocks[0] &&
           !memcmp(table->longer.items + slot->blocks[1], longer + word->blocks[1], word->n_bytes);
}

/* The slot of a word, or the free one where it belongs. */
static WordSlot *
find_slot(const WordTable *table, uint64_t hash, const WordSlot *word, const uint64_t *longer)
{
    for (size_t at = first_slot(table, hash);;) {
        WordSlot *slot = table->slots + at;
        if (!slot->column || is_word_at(table, slot, word, longer))
            return slot;
        if (++at == table->n_slots)
            at = 0;
    }
}

/* Put all words into new slots. */
static Status
make_slots(WordTable *table, size_t n_slots)
{
    WordTable larger = *table;
    larger.slots = calloc(n_slots, sizeof *larger.slots);
    larger.n_slots = n_slots;
    if (larger.slots == NULL)
        return NO_MEMORY;
    for (size_t i = 0; i < table->n_slots; i++) {
        const WordSlot *word = table->slots + i;
        if (word->column) {
            int is_short = word->n_bytes <= SHORT_WORD;
            uint64_t hash = is_short ? hash_blocks(word->blocks, word->n_bytes, table->seed) : word->blocks[0];
            *find_slot(&larger, hash, word, table->longer.items) = *word;
        }
    }
    free(table->slots);
    table->slots = larger.slots;
    table->n_slots = n_slots;
    return OK;
}

/* Keep the blocks of a longer word that was added. */
static Status
keep_longer(WordTable *table, WordSlot *word, const uint64_t *longer)
{
    size_t n_blocks = n_blocks_of(word->n_bytes), place = table->longer.n_items;
    if (reserve_blocks(&table->longer, n_blocks) != OK)
        return NO_MEMORY;
    memcpy(table->longer.items + place, longer + word->blocks[1], n_blocks * BLOCK);
    table->longer.n_items += n_blocks;
    word->blocks[1] = place;
    return OK;
}

/* Add a word that the table does not have. */
static Status
add_word(WordTable *table, uint64_t hash, WordSlot word, const uint64_t *longer, size_t column)
{
    if (column >= MAX_COUNT)
        return TOO_MANY_WORDS;
    if (2 * (table->n_words + 1) > table->n_slots && make_slots(table, 4 * table->n_words + 2) != OK)
        return NO_MEMORY;
    WordSlot *slot = find_slot(table, hash, &word, longer);
    if (word.n_bytes > SHORT_WORD && keep_longer(table, &word, longer) != OK)
        return NO_MEMORY;
    word.column = (uint32_t)column + 1;
    *slot = word;
    table->n_words++;
    if (column >= table->n_columns)
        table->n_columns = column + 1;
    if (word.n_bytes > table->longest)
        table->longest = word.n_bytes;
    return OK;
}

/* ---- The pass over the documents ---- */

/* A word that waits to be looked up. */
typedef struct {
    WordSlot word; /* the place of a longer one is among the pass's blocks */
    uint64_t hash;
    size_t place; /* of its column */
} Waiting;

typedef struct {
    const WordTable *known;
    WordTable *others; /* NULL, or where words that are not known are added */
    Characters characters;
    int lowercase;
    Int32s columns, lengths;
    Blocks blocks; /* of the longer words that wait */
    Waiting waiting[TOGETHER];
    int n_waiting;
} Pass;

static Status
column_of_other(Pass *pass, const Waiting *waiting, int32_t *column)
{
    WordTable *others = pass->others;
    if (others == NULL) {
        *column = -1;
        return OK;
    }
    const uint64_t *longer = pass->blocks.items;
    const WordSlot *slot = find_slot(others, waiting->hash, &waiting->word, longer);
    size_t number = others->n_words;
    if (slot->column)
        number = slot->column - 1;
    else {
        if (number >= MAX_COUNT - pass->known->n_columns)
            return TOO_MANY_WORDS;
        Status status = add_word(others, waiting->hash, waiting->word, longer, number);
        if (status != OK)
            return status;
    }
    *column = (int32_t)(pass->known->n_columns + number);
    return OK;
}

/* Look up the words that wait. */
static Status
look_up_words(Pass *pass)
{
    const WordTable *known = pass->known;
    Status status = OK;
    for (int i = 0; i < pass->n_waiting && status == OK; i++) {
        const Waiting *waiting = pass->waiting + i;
        const WordSlot *slot = find_slot(known, waiting->hash, &waiting->word, pass->blocks.items);
        int32_t *column = pass->columns.items + waiting->place;
        if (slot->column)
            *column = (int32_t)(slot->column - 1);
        else
            status = column_of_other(pass, waiting, column);
    }
    pass->n_waiting = 0;
    pass->blocks.n_items = 0;
    return status;
}

/* Make room for the column of a word, which is -1 so far. */
static Status
add_column(Pass *pass)
{
    if (pass->columns.n_items >= MAX_COUNT)
        return TOO_MANY_TOKENS;
    if (reserve_int32s(&pass->columns, 1) != OK)
        return NO_MEMORY;
    pass->columns.items[pass->columns.n_items++] = -1;
    return OK;
}

/* Look the last word up when many are together. Its memory is asked for meanwhile. */
static Status
let_wait(Pass *pass, uint64_t hash)
{
    Waiting *waiting = pass->waiting + pass->n_waiting;
    waiting->hash = hash;
    waiting->place = pass->columns.n_items - 1;
    ASK_FOR(pass->known->slots + first_slot(pass->known, hash));
    return ++pass->n_waiting == TOGETHER ? look_up_words(pass) : OK;
}

static Status
take_short(Pass *pass, const uint8_t *start, size_t n_bytes, int lowercase)
{
    Status status = add_column(pass);
    if (status != OK)
        return status;
    WordSlot *word = &pass->waiting[pass->n_waiting].word;
    word->n_bytes = (uint32_t)n_bytes;
    copy_short(start, n_bytes, lowercase, word->blocks);
    return let_wait(pass, hash_blocks(word->blocks, n_bytes, pass->known->seed));
}

/* Take a word of any length. */
static Status
take_word(Pass *pass, const Span *span, int is_ascii)
{
    size_t n_bytes = (size_t)(span->end - span->start), place = pass->blocks.n_items;
    Status status = add_column(pass);
    if (status != OK)
        return status;
    if (pass->others == NULL && n_bytes / 4 > pass->known->longest)
        return OK; /* too long for a known word: lowering leaves a byte of four at least */
    if (reserve_blocks(&pass->blocks, n_blocks_of(n_bytes + n_bytes / 2)) != OK)
        return NO_MEMORY;
    uint64_t *blocks = pass->blocks.items + place;
    if (span->is_changed && !is_ascii)
        n_bytes = copy_lowered(&pass->characters, span, blocks);
    else
        copy_bytes(span->start, n_bytes, span->is_changed, blocks);
    if (n_bytes > MAX_COUNT)
        return pass->others == NULL ? OK : WORD_TOO_LONG;
    uint64_t hash = hash_blocks(blocks, n_bytes, pass->known->seed);
    pass->waiting[pass->n_waiting].word = word_of(pass->blocks.items, place, n_bytes, hash);
    pass->blocks.n_items += n_bytes > SHORT_WORD ? n_blocks_of(n_bytes) : 0;
    return let_wait(pass, hash);
}

static Status
split_ascii(Pass *pass, const Text *text)
{
    Search search;
    size_t start, end;
    Status status = OK;
    begin_search(&search, text);
    while (status == OK && next_ascii_word(&search, &start, &end)) {
        if (end - start <= SHORT_WORD)
            status = take_short(pass, readable(&search, start), end - start, pass->lowercase);
        else
            status = take_word(pass, &(Span){text->start + start, text->start + end, pass->lowercase}, 1);
    }
    return status;
}

static Status
split_others(Pass *pass, const Text *text)
{
    const uint8_t *at = text->start;
    Span word;
    Status status = OK;
    while (status == OK && next_word(&pass->characters, &at, text->end, &word)) {
        if (!word.is_changed && word.end - word.start <= SHORT_WORD && text->end - word.start >= SHORT_WORD)
            status = take_short(pass, word.start, (size_t)(word.end - word.start), 0);
        else
            status = take_word(pass, &word, 0);
    }
    return status;
}

static Status
split_text(Pass *pass, const Text *text)
{
    size_t first = pass->columns.n_items;
    Status status = text->is_ascii ? split_ascii(pass, text) : split_others(pass, text);
    pass->lengths.items[pass->lengths.n_items++] = (int32_t)(pass->columns.n_items - first);
    return status;
}

static Status
split_texts(Pass *pass, const Text *texts, size_t n_texts)
{
    for (size_t i = 0; i < n_texts; i++) {
        Status status = split_text(pass, texts + i);
        if (status != OK)
            return status;
    }
    return look_up_words(pass);
}

#endif
