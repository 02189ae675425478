/* Words of a document: where they are in its UTF-8, and their copies in lower case. _analyzer.py tells what a word is. */
#ifndef SK_W2V_SPLIT_H
#define SK_W2V_SPLIT_H

#include "_common.h"

#define N_CODE_POINTS 0x110000

/* ---- Characters ---- */

/* The bits of kinds, which _analyzer.py tells. A syllable has that of a word character, too. */
enum { WORD_CHARACTER = 1, SYLLABLE = 2, MARK = 4, JOINER = 8, CHANGED = 16 };

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
#ifndef IS_LITTLE_ENDIAN /* tests ask for both */
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define IS_LITTLE_ENDIAN 0
#else
#define IS_LITTLE_ENDIAN 1 /* the first character is the lowest byte */
#endif
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

/* ---- Words of ASCII, found in 64 characters at once: a bit tells of each character, the lowest of the first ---- */

#define STRIDE 64
#define SHORT_WORD (2 * BLOCK) /* bytes; almost no word is longer */

static uint64_t
word_mask(const uint8_t *at)
{
    uint64_t mask = 0;
#if IS_LITTLE_ENDIAN
    for (int i = 0; i < STRIDE; i += BLOCK) {
        uint64_t block;
        memcpy(&block, at + i, BLOCK);
        mask |= ((word_bits(block) >> 7) * 0x0102040810204080u >> 56) << i; /* moves the high bits together */
    }
#else
    for (int i = 0; i < STRIDE; i++)
        mask |= (uint64_t)IS_ASCII_WORD[at[i]] << i;
#endif
    return mask;
}

/* The number of zeros below the lowest bit that is set. */
static size_t
first_bit(uint64_t mask)
{
#if defined(__GNUC__)
    return (size_t)__builtin_ctzll(mask);
#elif defined(_MSC_VER) && (defined(_M_X64) || defined(_M_ARM64))
    unsigned long place;
    _BitScanForward64(&place, mask);
    return place;
#else
    size_t place = 0;
    while (!(mask >> place & 1))
        place++;
    return place;
#endif
}

/* Text of ASCII that is searched for words. Of its end there is a copy with zeros behind it, so that a stride and a
 * short word can be read wherever they begin. */
typedef struct {
    const uint8_t *text;
    size_t n_bytes, n_searched;
    size_t first_copied;
    uint64_t edges; /* of the last stride: where words begin, and where they end, that have not been told yet */
    uint64_t is_word_before, is_inside; /* at the end of the last stride: 0 or 1 */
    uint8_t copied[SHORT_WORD + STRIDE + SHORT_WORD];
} Search;

static void
begin_search(Search *search, const Text *text)
{
    size_t n_bytes = (size_t)(text->end - text->start), n_copied = n_bytes % STRIDE + SHORT_WORD;
    if (n_copied > n_bytes)
        n_copied = n_bytes;
    *search = (Search){.text = text->start, .n_bytes = n_bytes, .first_copied = n_bytes - n_copied};
    memcpy(search->copied, text->end - n_copied, n_copied);
}

static const uint8_t *
readable(const Search *search, size_t place)
{
    return place < search->first_copied ? search->text + place : search->copied + (place - search->first_copied);
}

/* Find the edges of the words in the next stride. One character alone is no word. */
static void
search_stride(Search *search)
{
    size_t next = search->n_searched + STRIDE;
    uint64_t mask = word_mask(readable(search, search->n_searched));
    uint64_t behind = next < search->n_bytes ? IS_ASCII_WORD[search->text[next]] : 0;
    uint64_t words = mask & (mask << 1 | search->is_word_before | mask >> 1 | behind << (STRIDE - 1));
    search->edges = words ^ (words << 1 | search->is_inside);
    search->is_word_before = mask >> (STRIDE - 1);
    search->is_inside = words >> (STRIDE - 1);
    search->n_searched = next;
}

static int
next_edge(Search *search, size_t *place)
{
    while (!search->edges) {
        if (search->n_searched > search->n_bytes) /* the last stride is behind the end of the last word */
            return 0;
        search_stride(search);
    }
    *place = search->n_searched - STRIDE + first_bit(search->edges);
    search->edges &= search->edges - 1;
    return 1;
}

/* Find where the next word begins, and where it ends. Return whether there is one. */
static int
next_ascii_word(Search *search, size_t *start, size_t *end)
{
    return next_edge(search, start) && next_edge(search, end);
}

/* ---- Words of other text ---- */

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

/* ---- Words as blocks of 8 bytes, filled up with zeros ---- */

/* At least two: then almost all words have as many, and the processor need not guess how many there are. */
static size_t
n_blocks_of(size_t n_bytes)
{
    return n_bytes <= SHORT_WORD ? SHORT_WORD / BLOCK : (n_bytes + BLOCK - 1) / BLOCK;
}

/* Copy a short word, of ASCII if it is to be lowered, from where as many bytes can be read as a short word may have. */
static void
copy_short(const uint8_t *start, size_t n_bytes, int lowercase, uint64_t *out)
{
    static const uint8_t KEPT[2 * SHORT_WORD] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                                 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    uint64_t blocks[SHORT_WORD / BLOCK], kept[SHORT_WORD / BLOCK];
    memcpy(blocks, start, SHORT_WORD);
    memcpy(kept, KEPT + SHORT_WORD - n_bytes, SHORT_WORD);
    for (int i = 0; i < SHORT_WORD / BLOCK; i++)
        out[i] = (lowercase ? lower_block(blocks[i]) : blocks[i]) & kept[i];
}

/* Copy a word that is lower case already, or ASCII. */
static void
copy_bytes(const uint8_t *start, size_t n_bytes, int lowercase, uint64_t *out)
{
    size_t n_blocks = n_blocks_of(n_bytes);
    out[n_blocks - 2] = out[n_blocks - 1] = 0;
    memcpy(out, start, n_bytes);
    for (size_t i = 0; lowercase && i < n_blocks; i++)
        out[i] = lower_block(out[i]);
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

static uint64_t
mixed(uint64_t hash, uint64_t block)
{
    hash ^= block;
    hash ^= hash >> 32;
    hash *= 0x9fb21c651e98df25u;
    return hash ^ hash >> 29;
}

/* The seed is secret, lest someone write a text of words that all have one hash. */
static uint64_t
hash_blocks(const uint64_t *blocks, size_t n_bytes, uint64_t seed)
{
    uint64_t hash = mixed(mixed(seed ^ n_bytes, blocks[0]), blocks[1]);
    for (size_t i = 2; i < n_blocks_of(n_bytes); i++)
        hash = mixed(hash, blocks[i]);
    return hash * 0xd1342543de82ef95u;
}

#endif
