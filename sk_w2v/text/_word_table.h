/* A table of words in UTF-8, and the pass that cuts documents and looks their words up, without Python's lock. */
#ifndef SK_W2V_WORD_TABLE_H
#define SK_W2V_WORD_TABLE_H

#include "_cut.h"

/* ---- The table of words ---- */

typedef struct {
    uint32_t record; /* its place among the blocks, plus 1; 0: the slot is free */
    uint32_t mark;   /* the half of the hash that does not choose the slot */
} WordSlot;

typedef struct {
    PyObject_HEAD
    WordSlot *slots;
    size_t last_slot;
    Blocks records; /* of each word: a block with its column and its size in bytes, then the word */
    size_t n_words, n_columns, longest;
    uint64_t seed;
    int n_readers, n_writers; /* calls that are using it, counted under the lock */
} WordTable;

/* A word that waits to be looked up. */
typedef struct {
    uint64_t hash;
    size_t first_block, n_bytes, place;
    size_t slot;
} Waiting;

static uint64_t
record_head(size_t column, size_t n_bytes)
{
    return (uint64_t)n_bytes << 32 | (uint32_t)column;
}

static int
is_word_at(const WordTable *table, const WordSlot *slot, uint64_t hash, const uint64_t *blocks, size_t n_bytes)
{
    const uint64_t *record = table->records.items + slot->record - 1;
    if (slot->mark != (uint32_t)(hash >> 32) || record[0] >> 32 != n_bytes)
        return 0;
    for (size_t i = 0; i < n_blocks_of(n_bytes); i++)
        if (record[1 + i] != blocks[i])
            return 0;
    return 1;
}

/* The slot of a word, or the free one where it belongs. The search begins at its first slot, or at a later one if those
 * between have been ruled out. */
static WordSlot *
find_slot(const WordTable *table, uint64_t hash, const uint64_t *blocks, size_t n_bytes, size_t at)
{
    for (;; at = (at + 1) & table->last_slot) {
        WordSlot *slot = table->slots + at;
        if (!slot->record || is_word_at(table, slot, hash, blocks, n_bytes))
            return slot;
    }
}

/* Put all records into new slots. */
static Status
make_slots(WordTable *table, size_t n_slots)
{
    WordSlot *slots = calloc(n_slots, sizeof *slots);
    if (slots == NULL)
        return NO_MEMORY;
    free(table->slots);
    table->slots = slots;
    table->last_slot = n_slots - 1;
    for (size_t at = 0; at < table->records.n_items;) {
        const uint64_t *record = table->records.items + at;
        uint64_t hash = hash_blocks(record + 1, record[0] >> 32, table->seed);
        size_t slot = hash & table->last_slot;
        while (slots[slot].record)
            slot = (slot + 1) & table->last_slot;
        slots[slot] = (WordSlot){(uint32_t)(at + 1), (uint32_t)(hash >> 32)};
        at += 1 + n_blocks_of(record[0] >> 32);
    }
    return OK;
}

/* Add a word that the table does not have. */
static Status
add_word(WordTable *table, uint64_t hash, const uint64_t *blocks, size_t n_bytes, size_t column)
{
    size_t n_blocks = 1 + n_blocks_of(n_bytes);
    if (n_bytes > MAX_COUNT)
        return WORD_TOO_LONG;
    if (column >= MAX_COUNT || table->records.n_items >= UINT32_MAX - n_blocks)
        return TOO_MANY_WORDS;
    if (2 * (table->n_words + 1) > table->last_slot && make_slots(table, n_slots_for(2 * table->n_words)) != OK)
        return NO_MEMORY;
    if (reserve_blocks(&table->records, n_blocks) != OK)
        return NO_MEMORY;
    WordSlot *slot = find_slot(table, hash, blocks, n_bytes, hash & table->last_slot);
    *slot = (WordSlot){(uint32_t)(table->records.n_items + 1), (uint32_t)(hash >> 32)};
    uint64_t *record = table->records.items + table->records.n_items;
    record[0] = record_head(column, n_bytes);
    memcpy(record + 1, blocks, (n_blocks - 1) * BLOCK);
    table->records.n_items += n_blocks;
    table->n_words++;
    if (n_bytes > table->longest)
        table->longest = n_bytes;
    return OK;
}

/* ---- The pass over the documents ---- */

typedef struct {
    const WordTable *known;
    WordTable *others; /* NULL, or where words that are not known are added */
    Characters characters;
    int lowercase;
    Int32s columns, lengths;
    Blocks blocks; /* of the words that wait */
    Waiting waiting[TOGETHER];
    int n_waiting;
} Pass;

static Status
column_of_other(Pass *pass, const Waiting *word, int32_t *column)
{
    const uint64_t *blocks = pass->blocks.items + word->first_block;
    WordTable *others = pass->others;
    if (others == NULL) {
        *column = -1;
        return OK;
    }
    const WordSlot *slot = find_slot(others, word->hash, blocks, word->n_bytes, word->hash & others->last_slot);
    size_t number = others->n_words;
    if (slot->record)
        number = (uint32_t)others->records.items[slot->record - 1];
    else {
        if (number >= MAX_COUNT - pass->known->n_columns)
            return TOO_MANY_WORDS;
        Status status = add_word(others, word->hash, blocks, word->n_bytes, number);
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
    for (int i = 0; i < pass->n_waiting; i++) {
        Waiting *word = pass->waiting + i;
        uint32_t mark = (uint32_t)(word->hash >> 32);
        while (known->slots[word->slot].record && known->slots[word->slot].mark != mark)
            word->slot = (word->slot + 1) & known->last_slot;
        if (known->slots[word->slot].record)
            ASK_FOR(known->records.items + known->slots[word->slot].record - 1);
    }
    for (int i = 0; i < pass->n_waiting; i++) {
        const Waiting *word = pass->waiting + i;
        const uint64_t *blocks = pass->blocks.items + word->first_block;
        const WordSlot *slot = find_slot(known, word->hash, blocks, word->n_bytes, word->slot);
        int32_t *column = pass->columns.items + word->place;
        if (slot->record)
            *column = (int32_t)(uint32_t)known->records.items[slot->record - 1];
        else {
            Status status = column_of_other(pass, word, column);
            if (status != OK)
                return status;
        }
    }
    pass->n_waiting = 0;
    pass->blocks.n_items = 0;
    return OK;
}

/* Copy a word, lowered, behind those that wait. */
static size_t
copy_word(Pass *pass, const Span *word, const Text *text)
{
    uint64_t *blocks = pass->blocks.items + pass->blocks.n_items;
    if (word->is_changed && !text->is_ascii)
        return copy_lowered(&pass->characters, word, blocks);
    copy_bytes(word, text->end, word->is_changed, blocks);
    return (size_t)(word->end - word->start);
}

static Status
take_word(Pass *pass, const Span *word, const Text *text)
{
    size_t n_bytes = (size_t)(word->end - word->start), place = pass->columns.n_items;
    if (place >= MAX_COUNT)
        return TOO_MANY_TOKENS;
    if (reserve_int32s(&pass->columns, 1) != OK)
        return NO_MEMORY;
    pass->columns.items[pass->columns.n_items++] = -1;
    if (pass->others == NULL && n_bytes / 4 > pass->known->longest)
        return OK; /* too long for a known word: lowering leaves a byte of four at least */
    if (reserve_blocks(&pass->blocks, n_blocks_of(n_bytes + n_bytes / 2)) != OK)
        return NO_MEMORY;
    n_bytes = copy_word(pass, word, text);
    const uint64_t *blocks = pass->blocks.items + pass->blocks.n_items;
    uint64_t hash = hash_blocks(blocks, n_bytes, pass->known->seed);
    size_t slot = hash & pass->known->last_slot;
    ASK_FOR(pass->known->slots + slot);
    pass->waiting[pass->n_waiting++] = (Waiting){hash, pass->blocks.n_items, n_bytes, place, slot};
    pass->blocks.n_items += n_blocks_of(n_bytes);
    return pass->n_waiting == TOGETHER ? look_up_words(pass) : OK;
}

static Status
cut_text(Pass *pass, const Text *text)
{
    size_t first = pass->columns.n_items;
    const uint8_t *at = text->start;
    Span word;
    while (text->is_ascii ? next_ascii_word(pass->lowercase, &at, text->end, &word)
                          : next_word(&pass->characters, &at, text->end, &word)) {
        Status status = take_word(pass, &word, text);
        if (status != OK)
            return status;
    }
    pass->lengths.items[pass->lengths.n_items++] = (int32_t)(pass->columns.n_items - first);
    return OK;
}

static Status
cut_texts(Pass *pass, const Text *texts, size_t n_texts)
{
    for (size_t i = 0; i < n_texts; i++) {
        Status status = cut_text(pass, texts + i);
        if (status != OK)
            return status;
    }
    return look_up_words(pass);
}

#endif
