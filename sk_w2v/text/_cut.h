/* Words of a document: where they are in its UTF-8, and their copies in lower case. _analyzer.py tells what a word is. */
#ifndef SK_W2V_CUT_H
#define SK_W2V_CUT_H

#include "_common.h"

#define N_CODE_POINTS 0x110000

/* ---- Characters ---- */

enum { WORD_CHARACTER = 1, SYLLABLE = 2, MARK = 4, JOINER = 8, CHANGED = 16 }; /* as in _analyzer.py */

/* The word characters of ASCII: digits, letters, and the underscore. */
static const uint8_t IS_ASCII_WORD[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* 0x00 */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* 0x10 */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* 0x20 */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, /* 0x30 */
    0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* 0x40 */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, /* 0x50 */
    0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* 0x60 */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, /* 0x70 */
};

/* What _analyzer.py tells of characters beyond ASCII. Borrowed from bytes that the caller holds. */
typedef struct {
    const uint8_t *kinds;
    const uint8_t *lowered; /* int32 each */
    size_t n_lowered;
    const uint8_t *apart; /* UTF-8 */
    size_t n_apart;
} Characters;

/* Read a code point of UTF-8, as Python has written it: surrogates are let through, nothing else can be wrong. */
static uint32_t
decode(const uint8_t **at)
{
    const uint8_t *byte = *at;
    if (byte[0] < 0x80) {
        *at += 1;
        return byte[0];
    }
    if (byte[0] < 0xe0) {
        *at += 2;
        return (uint32_t)(byte[0] & 0x1f) << 6 | (byte[1] & 0x3f);
    }
    if (byte[0] < 0xf0) {
        *at += 3;
        return (uint32_t)(byte[0] & 0x0f) << 12 | (uint32_t)(byte[1] & 0x3f) << 6 | (byte[2] & 0x3f);
    }
    *at += 4;
    return (uint32_t)(byte[0] & 0x07) << 18 | (uint32_t)(byte[1] & 0x3f) << 12 | (uint32_t)(byte[2] & 0x3f) << 6 |
           (byte[3] & 0x3f);
}

/* Write a code point as UTF-8, and return the end of it. */
static uint8_t *
encode(uint32_t point, uint8_t *out)
{
    if (point < 0x80) {
        *out++ = (uint8_t)point;
    }
    else if (point < 0x800) {
        *out++ = (uint8_t)(0xc0 | point >> 6);
        *out++ = (uint8_t)(0x80 | (point & 0x3f));
    }
    else if (point < 0x10000) {
        *out++ = (uint8_t)(0xe0 | point >> 12);
        *out++ = (uint8_t)(0x80 | (point >> 6 & 0x3f));
        *out++ = (uint8_t)(0x80 | (point & 0x3f));
    }
    else {
        *out++ = (uint8_t)(0xf0 | (point >> 18 & 0x07));
        *out++ = (uint8_t)(0x80 | (point >> 12 & 0x3f));
        *out++ = (uint8_t)(0x80 | (point >> 6 & 0x3f));
        *out++ = (uint8_t)(0x80 | (point & 0x3f));
    }
    return out;
}

static uint32_t
lower_point(const Characters *characters, uint32_t point)
{
    if (point >= characters->n_lowered)
        return point;
    int32_t lowered;
    memcpy(&lowered, characters->lowered + point * sizeof lowered, sizeof lowered);
    return (uint32_t)lowered;
}

/* ---- Eight ASCII characters at once: the high bit of each byte tells of it, since that of a character is 0 ---- */

#define BLOCK 8
#define EACH_BYTE(byte) (0x0101010101010101u * (uint64_t)(byte))
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define IS_LITTLE_ENDIAN 0
#else
#define IS_LITTLE_ENDIAN 1 /* the first character is the lowest byte */
#endif

/* Tell of each byte whether it is between two characters. Nothing is carried from one byte to the next. */
static uint64_t
bits_between(uint64_t block, uint8_t first, uint8_t last)
{
    uint64_t from_first = block + EACH_BYTE(0x80 - first), beyond_last = block + EACH_BYTE(0x80 - last - 1);
    return from_first & ~beyond_last & EACH_BYTE(0x80);
}

static uint64_t
lower_block(uint64_t block)
{
    return block | bits_between(block, 'A', 'Z') >> 2;
}

/* Tell of each byte whether it is a word character. */
static uint64_t
word_bits(uint64_t block)
{
    return bits_between(block | EACH_BYTE(0x20), 'a', 'z') | bits_between(block, '0', '9') |
           bits_between(block, '_', '_');
}

/* The place of the first byte whose high bit is set. The bytes up to it are counted where they are added up. */
static size_t
first_byte(uint64_t bits)
{
    uint64_t below = (bits & (0 - bits)) - 1;
    return (size_t)((below & EACH_BYTE(1)) * EACH_BYTE(1) >> 56) - 1;
}

/* ---- Words of a document ---- */

/* A document's bytes, and the object that holds them. */
typedef struct {
    PyObject *owner;
    const uint8_t *start, *end;
    int is_ascii;
} Text;

typedef struct {
    const uint8_t *start, *end;
    int is_changed; /* whether one of its characters may have a lower case: 1, or 0 */
} Span;

/* Find the first character from a place on that is a word character, or with is_word = 0 the first that is none. */
static const uint8_t *
find_ascii(int is_word, const uint8_t *at, const uint8_t *end)
{
#if IS_LITTLE_ENDIAN
    for (; end - at >= BLOCK; at += BLOCK) {
        uint64_t block;
        memcpy(&block, at, BLOCK);
        uint64_t found = word_bits(block) ^ (is_word ? 0 : EACH_BYTE(0x80));
        if (found)
            return at + first_byte(found);
    }
#endif
    while (at < end && IS_ASCII_WORD[*at] != is_word)
        at++;
    return at;
}

/* Find the next word from a place on. Return whether there is one. */
static int
next_ascii_word(int lowercase, const uint8_t **at, const uint8_t *end, Span *word)
{
    const uint8_t *start = find_ascii(1, *at, end);
    while (start < end) {
        *at = find_ascii(0, start + 1, end);
        if (*at - start >= 2) {
            *word = (Span){start, *at, lowercase};
            return 1;
        }
        start = find_ascii(1, *at, end);
    }
    *at = end;
    return 0;
}

static uint32_t
next_kind(const Characters *characters, const uint8_t **at)
{
    uint32_t point = decode(at);
    return point < N_CODE_POINTS ? characters->kinds[point] : 0;
}

/* Go to the end of a word whose first character has been read, and return how many word characters it has. */
static size_t
end_of_word(const Characters *characters, const uint8_t *end, Span *word, uint32_t kind)
{
    size_t n_characters = 1;
    const uint8_t *at = word->end;
    uint32_t all_kinds = kind;
    while (at < end) {
        uint32_t before = kind;
        kind = next_kind(characters, &at);
        if (!(kind & (WORD_CHARACTER | MARK)) && !((kind & JOINER) && (before & MARK)))
            break;
        n_characters += kind & WORD_CHARACTER;
        all_kinds |= kind;
        word->end = at;
    }
    word->is_changed = (all_kinds & CHANGED) != 0;
    return n_characters;
}

static int
next_word(const Characters *characters, const uint8_t **at, const uint8_t *end, Span *word)
{
    while (*at < end) {
        word->start = *at;
        uint32_t kind = next_kind(characters, at);
        if (!(kind & WORD_CHARACTER))
            continue;
        word->end = *at;
        size_t n_characters = end_of_word(characters, end, word, kind);
        *at = word->end;
        if (n_characters > 1 || (kind & SYLLABLE))
            return 1;
    }
    return 0;
}

/* ---- Words as blocks of 8 bytes, the last one filled up with zeros ---- */

static size_t
n_blocks_of(size_t n_bytes)
{
    return n_bytes / BLOCK + (n_bytes % BLOCK != 0);
}

/* Read the first bytes, up to 8, of memory that ends somewhere behind them. */
static uint64_t
read_block(const uint8_t *start, size_t n_bytes, const uint8_t *end)
{
    static const uint8_t MASKS[2 * BLOCK] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    uint64_t block = 0, mask;
    if (n_bytes >= BLOCK) {
        memcpy(&block, start, BLOCK);
        return block;
    }
    if (end - start < BLOCK) {
        memcpy(&block, start, n_bytes);
        return block;
    }
    memcpy(&block, start, BLOCK);
    memcpy(&mask, MASKS + BLOCK - n_bytes, BLOCK);
    return block & mask;
}

/* Copy a word that is lower case already, or ASCII. */
static void
copy_bytes(const Span *word, const uint8_t *end, int lowercase, uint64_t *out)
{
    size_t left = (size_t)(word->end - word->start);
    for (const uint8_t *at = word->start; left; at += BLOCK) {
        uint64_t block = read_block(at, left, end);
        *out++ = lowercase ? lower_block(block) : block;
        left -= left < BLOCK ? left : BLOCK;
    }
}

/* Lower a word, and return how many bytes it has then: at most half as many more, since 2 may become 3. */
static size_t
copy_lowered(const Characters *characters, const Span *word, uint64_t *blocks)
{
    uint8_t *start = (uint8_t *)blocks, *out = start;
    for (const uint8_t *at = word->start; at < word->end;)
        out = encode(lower_point(characters, decode(&at)), out);
    size_t n_bytes = (size_t)(out - start);
    memset(out, 0, n_blocks_of(n_bytes) * BLOCK - n_bytes);
    return n_bytes;
}

/* The seed is secret, lest someone write a text of words that all have one hash. */
static uint64_t
hash_blocks(const uint64_t *blocks, size_t n_bytes, uint64_t seed)
{
    uint64_t hash = seed ^ n_bytes;
    for (size_t i = 0; i < n_blocks_of(n_bytes); i++) {
        hash ^= blocks[i];
        hash ^= hash >> 32;
        hash *= 0x9fb21c651e98df25u;
        hash ^= hash >> 29;
    }
    hash *= 0xd1342543de82ef95u;
    return hash ^ hash >> 32;
}

#endif
