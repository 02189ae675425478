/* Documents -> columns of their words -> sums of their rows.
 *
 * WordTable splits documents (str) into words and looks these up, in one pass over their UTF-8 bytes: no Python string is
 * made for a token, and the interpreter's lock is free meanwhile. TokenTable looks up tokens that are str already.
 * What a word is stands in _analyzer.py. add_rows adds up rows of a matrix by their columns.
 *
 * Both are hash tables with linear probing (Knuth, "The Art of Computer Programming", volume 3, 6.4). A look-up waits
 * for memory, once or more often. So some tokens are looked up together: each step asks the processor for the memory
 * that the next step reads, for all of them, before it goes on.
 */
#include "_choose.h"
#include "_sum.h"
#include "_token_table.h"
#include "_word_table.h"

#define CHUNK_DOCUMENTS 4096  /* documents that are split before the lock is taken back: all of a batch to transform */
#define CHUNK_BYTES (1 << 20) /* or so many bytes, and the rest of the last document */
#define DOCUMENTS_AHEAD 8     /* before a document is opened, the memory of this many behind it is asked for */
#define WORTH_RELEASING 32768 /* bytes: to wait for the lock may take longer than to split fewer */

/* ---- From str to bytes ---- */

typedef struct {
    PyTypeObject *word_table, *token_table;
    PyObject *isascii, *lower; /* methods of str itself, whatever a subclass makes of them */
} State;

/* The tables for characters beyond ASCII, asked for when the first one comes. */
typedef struct {
    PyObject *get;
    PyObject *given; /* NULL, or (kinds, lowered, apart), which are bytes */
} CharacterSource;

static int
read_characters(PyObject *given, Characters *characters)
{
    const char *kinds, *lowered, *apart;
    Py_ssize_t n_kinds, n_lowered, n_apart;
    if (!PyTuple_Check(given)) {
        PyErr_SetString(PyExc_TypeError, "get_characters must return a tuple");
        return -1;
    }
    if (!PyArg_ParseTuple(given, "y#y#y#:characters", &kinds, &n_kinds, &lowered, &n_lowered, &apart, &n_apart))
        return -1;
    if (n_kinds != N_CODE_POINTS) {
        PyErr_SetString(PyExc_ValueError, "kinds must have a byte for each code point");
        return -1;
    }
    *characters = (Characters){(const uint8_t *)kinds, (const uint8_t *)lowered, (size_t)n_lowered / sizeof(int32_t),
                               (const uint8_t *)apart, (size_t)n_apart};
    return 0;
}

static int
ask_for_characters(CharacterSource *source, Characters *characters)
{
    if (source->given != NULL)
        return 0;
    PyObject *given = PyObject_CallNoArgs(source->get);
    if (given == NULL)
        return -1;
    if (read_characters(given, characters) < 0) {
        Py_DECREF(given);
        return -1;
    }
    source->given = given;
    return 0;
}

/* Whether UTF-8 has one of the characters that only str.lower can lower. */
static int
has_apart(const Characters *characters, PyObject *document)
{
    const char *at, *start = PyBytes_AsString(document), *end = start + PyBytes_Size(document);
    for (const uint8_t *apart = characters->apart; apart < characters->apart + characters->n_apart;) {
        const uint8_t *next = apart;
        decode(&next);
        size_t n_bytes = (size_t)(next - apart);
        for (at = start; (at = memchr(at, *apart, (size_t)(end - at))) != NULL; at++)
            if ((size_t)(end - at) >= n_bytes && !memcmp(at, apart, n_bytes))
                return 1;
        apart = next;
    }
    return 0;
}

/* UTF-8 in an object of its own: PyUnicode_AsUTF8AndSize would leave it with the user's string. */
static PyObject *
encoded(PyObject *string)
{
    PyObject *bytes = PyUnicode_AsUTF8String(string);
    if (bytes != NULL || !PyErr_ExceptionMatches(PyExc_UnicodeEncodeError))
        return bytes;
    PyErr_Clear();
    return PyUnicode_AsEncodedString(string, "utf-8", "surrogatepass");
}

static PyObject *
encoded_document(const State *state, const Characters *characters, PyObject *document)
{
    PyObject *bytes = encoded(document);
    if (bytes == NULL || !has_apart(characters, bytes))
        return bytes;
    Py_DECREF(bytes);
    PyObject *lowered = PyObject_CallFunctionObjArgs(state->lower, document, NULL);
    if (lowered == NULL)
        return NULL;
    bytes = encoded(lowered);
    Py_DECREF(lowered);
    return bytes;
}

/* Whether a string is ASCII: 1, 0, or -1 for an error. */
static int
is_ascii(const State *state, PyObject *string)
{
    PyObject *answer = PyObject_CallFunctionObjArgs(state->isascii, string, NULL);
    if (answer == NULL)
        return -1;
    int is_true = answer == Py_True;
    Py_DECREF(answer);
    return is_true;
}

static int
open_text(const State *state, CharacterSource *source, Pass *pass, PyObject *document, Text *text)
{
    const char *start;
    Py_ssize_t n_bytes;
    if (!PyUnicode_Check(document)) {
        PyErr_SetString(PyExc_TypeError, "documents must be str");
        return -1;
    }
    text->is_ascii = is_ascii(state, document);
    if (text->is_ascii < 0 || (!text->is_ascii && ask_for_characters(source, &pass->characters) < 0))
        return -1;
    if (text->is_ascii) { /* the string's own characters */
        start = PyUnicode_AsUTF8AndSize(document, &n_bytes);
        if (start == NULL)
            return -1;
        text->owner = Py_NewRef(document);
    }
    else {
        text->owner = encoded_document(state, &pass->characters, document);
        if (text->owner == NULL)
            return -1;
        start = PyBytes_AsString(text->owner);
        n_bytes = PyBytes_Size(text->owner);
    }
    text->start = (const uint8_t *)start;
    text->end = text->start + n_bytes;
    return 0;
}

/* Documents that are split without the lock. */
typedef struct {
    Text *texts; /* room for CHUNK_DOCUMENTS, or for all if they are fewer */
    size_t n_texts, n_bytes;
} Chunk;

/* Ask for the memory of the document at a place, if there is one. */
static void
ask_for_document(PyObject *documents, Py_ssize_t place)
{
    if (place < PyTuple_Size(documents))
        ASK_FOR(PyTuple_GetItem(documents, place));
}

/* Take documents into a chunk, from a place on. */
static int
fill_chunk(const State *state, CharacterSource *source, Pass *pass, PyObject *documents, Py_ssize_t first, Chunk *chunk)
{
    Py_ssize_t n_left = PyTuple_Size(documents) - first;
    chunk->n_texts = chunk->n_bytes = 0;
    while (n_left-- && chunk->n_texts < CHUNK_DOCUMENTS && chunk->n_bytes < CHUNK_BYTES) {
        Text *text = chunk->texts + chunk->n_texts;
        Py_ssize_t place = first + (Py_ssize_t)chunk->n_texts;
        PyObject *document = PyTuple_GetItem(documents, place);
        ask_for_document(documents, place + DOCUMENTS_AHEAD);
        if (open_text(state, source, pass, document, text) < 0)
            return -1;
        chunk->n_texts++;
        chunk->n_bytes += (size_t)(text->end - text->start);
    }
    return 0;
}

static void
empty_chunk(Chunk *chunk)
{
    for (size_t i = 0; i < chunk->n_texts; i++)
        Py_DECREF(chunk->texts[i].owner);
}

static Status
split_chunk(Pass *pass, const Chunk *chunk)
{
    Status status;
    if (chunk->n_bytes < WORTH_RELEASING)
        return split_texts(pass, chunk->texts, chunk->n_texts);
    Py_BEGIN_ALLOW_THREADS
    status = split_texts(pass, chunk->texts, chunk->n_texts);
    Py_END_ALLOW_THREADS
    return status;
}

static int
split_documents(const State *state, CharacterSource *source, Pass *pass, PyObject *documents, Chunk *chunk)
{
    Py_ssize_t n_documents = PyTuple_Size(documents);
    if (reserve_int32s(&pass->lengths, (size_t)n_documents) != OK) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t first = 0; first < n_documents; first += (Py_ssize_t)chunk->n_texts) {
        int filled = fill_chunk(state, source, pass, documents, first, chunk);
        Status status = filled < 0 ? OK : split_chunk(pass, chunk);
        empty_chunk(chunk);
        if (filled < 0)
            return -1;
        if (status != OK) {
            set_error(status);
            return -1;
        }
        if (PyErr_CheckSignals() < 0)
            return -1;
    }
    return 0;
}

static int
begin_use(WordTable *known, WordTable *others)
{
    if (known->n_writers || others == known || (others != NULL && (others->n_readers || others->n_writers))) {
        PyErr_SetString(PyExc_RuntimeError, "A table that words are added to is in use already.");
        return -1;
    }
    known->n_readers++;
    if (others != NULL)
        others->n_writers++;
    return 0;
}

static void
end_use(WordTable *known, WordTable *others)
{
    known->n_readers--;
    if (others != NULL)
        others->n_writers--;
}

static PyObject *
columns_and_lengths(const Int32s *columns, const Int32s *lengths)
{
    PyObject *first = bytes_of(columns), *second = first == NULL ? NULL : bytes_of(lengths);
    PyObject *both = second == NULL ? NULL : PyTuple_Pack(2, first, second);
    Py_XDECREF(first);
    Py_XDECREF(second);
    return both;
}

static PyObject *
run_pass(const State *state, Pass *pass, PyObject *documents, PyObject *get_characters)
{
    CharacterSource source = {get_characters, NULL};
    PyObject *result = NULL;
    size_t n_documents = (size_t)PyTuple_Size(documents);
    Chunk chunk = {PyMem_New(Text, n_documents < CHUNK_DOCUMENTS ? n_documents : CHUNK_DOCUMENTS), 0, 0};
    if (chunk.texts == NULL)
        PyErr_NoMemory();
    else if (split_documents(state, &source, pass, documents, &chunk) == 0)
        result = columns_and_lengths(&pass->columns, &pass->lengths);
    PyMem_Free(chunk.texts);
    free(pass->columns.items);
    free(pass->lengths.items);
    free(pass->blocks.items);
    Py_XDECREF(source.given);
    return result;
}

static PyObject *
find_words(PyObject *module, PyObject *args)
{
    const State *state = PyModule_GetState(module);
    PyObject *known, *documents, *get_characters, *others = Py_None;
    int lowercase;
    if (!PyArg_ParseTuple(args, "O!OpO|O:find_words", state->word_table, &known, &documents, &lowercase,
                          &get_characters, &others))
        return NULL;
    if (others != Py_None && !PyObject_TypeCheck(others, state->word_table)) {
        PyErr_SetString(PyExc_TypeError, "others must be a WordTable or None");
        return NULL;
    }
    Pass pass = {.known = (WordTable *)known, .lowercase = lowercase};
    pass.others = others == Py_None ? NULL : (WordTable *)others;
    PyObject *held = PySequence_Tuple(documents); /* which nobody else can change */
    if (held == NULL)
        return NULL;
    PyObject *result = NULL;
    if (begin_use((WordTable *)known, pass.others) == 0) {
        result = run_pass(state, &pass, held, get_characters);
        end_use((WordTable *)known, pass.others);
    }
    Py_DECREF(held);
    return result;
}

/* ---- WordTable as a Python type ---- */

static int
hash_seed(uint64_t *seed)
{
    PyObject *name = PyUnicode_FromString("sk_w2v"); /* Python's hashes of strings are secret */
    if (name == NULL)
        return -1;
    *seed = (uint64_t)PyObject_Hash(name);
    Py_DECREF(name);
    return 0;
}

/* Enter a word, given as its blocks: the last column of equal words counts. */
static Status
enter_blocks(WordTable *table, const uint64_t *blocks, size_t n_bytes, size_t column)
{
    if (n_bytes > MAX_COUNT)
        return WORD_TOO_LONG;
    uint64_t hash = hash_blocks(blocks, n_bytes, table->seed);
    WordSlot word = word_of(blocks, 0, n_bytes, hash), *slot = find_slot(table, hash, &word, blocks);
    if (!slot->column)
        return add_word(table, hash, word, blocks, column);
    slot->column = (uint32_t)column + 1;
    return OK;
}

static int
enter_word(WordTable *table, PyObject *word, size_t column, Blocks *blocks)
{
    if (!PyUnicode_Check(word)) {
        PyErr_SetString(PyExc_TypeError, "words must be str");
        return -1;
    }
    PyObject *bytes = encoded(word);
    if (bytes == NULL)
        return -1;
    size_t n_bytes = (size_t)PyBytes_Size(bytes);
    Status status = reserve_blocks(blocks, n_blocks_of(n_bytes));
    if (status == OK) {
        copy_bytes((const uint8_t *)PyBytes_AsString(bytes), n_bytes, 0, blocks->items);
        status = enter_blocks(table, blocks->items, n_bytes, column);
    }
    Py_DECREF(bytes);
    set_error(status);
    return status == OK ? 0 : -1;
}

static int
enter_words(WordTable *table, PyObject *words)
{
    Blocks blocks = {NULL, 0, 0};
    Py_ssize_t n_words = PyTuple_Size(words);
    int result = 0;
    if (n_words > MAX_COUNT) {
        set_error(TOO_MANY_WORDS);
        return -1;
    }
    if (hash_seed(&table->seed) < 0)
        return -1;
    if (make_slots(table, 2 * (size_t)n_words + 2) != OK) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t i = 0; i < n_words && result == 0; i++)
        result = enter_word(table, PyTuple_GetItem(words, i), (size_t)i, &blocks);
    table->n_columns = (size_t)n_words;
    free(blocks.items);
    return result;
}

static PyObject *
new_word_table(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(keywords))
{
    PyObject *words = NULL, *held;
    if (!PyArg_ParseTuple(args, "|O:WordTable", &words))
        return NULL;
    held = words == NULL ? PyTuple_New(0) : PySequence_Tuple(words);
    if (held == NULL)
        return NULL;
    WordTable *table = (WordTable *)PyType_GenericAlloc(type, 0);
    if (table != NULL && enter_words(table, held) < 0)
        Py_CLEAR(table);
    Py_DECREF(held);
    return (PyObject *)table;
}

static void
free_word_table(PyObject *self)
{
    WordTable *table = (WordTable *)self;
    PyTypeObject *type = Py_TYPE(self);
    free(table->slots);
    free(table->longer.items);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

static PyObject *
string_of(const WordTable *table, const WordSlot *word)
{
    const uint64_t *blocks = word->n_bytes > SHORT_WORD ? table->longer.items + word->blocks[1] : word->blocks;
    return PyUnicode_DecodeUTF8((const char *)blocks, word->n_bytes, "surrogatepass");
}

static PyObject *
strings_of(const WordTable *table, const WordSlot **of_columns)
{
    PyObject *strings = PyList_New((Py_ssize_t)table->n_words);
    Py_ssize_t number = 0;
    for (size_t i = 0; i < table->n_slots; i++)
        if (table->slots[i].column)
            of_columns[table->slots[i].column - 1] = table->slots + i;
    for (size_t column = 0; strings != NULL && column < table->n_columns; column++) {
        if (of_columns[column] == NULL)
            continue;
        PyObject *string = string_of(table, of_columns[column]);
        if (string == NULL || PyList_SetItem(strings, number++, string) < 0)
            Py_CLEAR(strings);
    }
    return strings;
}

static PyObject *
words_of(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    const WordTable *table = (WordTable *)self;
    if (table->n_writers) {
        PyErr_SetString(PyExc_RuntimeError, "A table that words are added to is in use already.");
        return NULL;
    }
    const WordSlot **of_columns = PyMem_Calloc(table->n_columns + 1, sizeof *of_columns);
    PyObject *strings = of_columns == NULL ? PyErr_NoMemory() : strings_of(table, of_columns);
    PyMem_Free(of_columns);
    return strings;
}

static Py_ssize_t
n_words_of(PyObject *self)
{
    return (Py_ssize_t)((WordTable *)self)->n_words;
}

static PyMethodDef word_table_methods[] = {
    {"words", words_of, METH_NOARGS, "words(): Return the different words in the order of their columns."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot word_table_slots[] = {
    {Py_tp_doc, "WordTable(words=()): A table of words, to be found in strings; the last of equal ones counts."},
    {Py_tp_new, new_word_table},
    {Py_tp_dealloc, free_word_table},
    {Py_tp_methods, word_table_methods},
    {Py_sq_length, n_words_of},
    {0, NULL},
};

static PyType_Spec word_table_spec = {
    .name = "sk_w2v.text._words.WordTable",
    .basicsize = sizeof(WordTable),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = word_table_slots,
};

/* ---- Columns -> token lists ---- */

static PyObject *
token_list(PyObject *words, const int32_t *columns, Py_ssize_t n_tokens)
{
    PyObject *tokens = PyList_New(n_tokens);
    for (Py_ssize_t i = 0; tokens != NULL && i < n_tokens; i++) {
        PyObject *word = PyList_GetItem(words, columns[i]);
        if (word == NULL || PyList_SetItem(tokens, i, Py_NewRef(word)) < 0)
            Py_CLEAR(tokens);
    }
    return tokens;
}

static PyObject *
all_token_lists(PyObject *words, const Py_buffer *columns, const Py_buffer *lengths)
{
    Py_ssize_t n_documents = lengths->len / (Py_ssize_t)sizeof(int32_t);
    Py_ssize_t n_left = columns->len / (Py_ssize_t)sizeof(int32_t);
    const int32_t *column = columns->buf, *length = lengths->buf;
    PyObject *documents = PyList_New(n_documents);
    for (Py_ssize_t i = 0; documents != NULL && i < n_documents; i++) {
        PyObject *tokens = NULL;
        if (length[i] < 0 || length[i] > n_left)
            PyErr_SetString(PyExc_ValueError, "lengths must sum to the number of columns");
        else
            tokens = token_list(words, column, length[i]);
        if (tokens == NULL || PyList_SetItem(documents, i, tokens) < 0) {
            Py_CLEAR(documents);
            break;
        }
        column += length[i];
        n_left -= length[i];
    }
    return documents;
}

static PyObject *
token_lists(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *words;
    Py_buffer columns, lengths;
    if (!PyArg_ParseTuple(args, "O!y*y*:token_lists", &PyList_Type, &words, &columns, &lengths))
        return NULL;
    int collects = PyGC_Disable(); /* it would search so many new lists for cycles again and again */
    PyObject *documents = all_token_lists(words, &columns, &lengths);
    if (collects)
        PyGC_Enable();
    PyBuffer_Release(&columns);
    PyBuffer_Release(&lengths);
    return documents;
}

/* ---- The module ---- */

static PyMethodDef methods[] = {
    {"find_words", find_words, METH_VARARGS,
     "find_words(known, documents, lowercase, get_characters, others=None): Split documents (str) into words.\n\n"
     "Return the column of each and the number of words of each document, int32 each. A word that is not known has "
     "column -1; or it is added to others, and its column follows those of known."},
    {"token_lists", token_lists, METH_VARARGS,
     "token_lists(words, columns, lengths): Return each document as the list of its tokens, which are those of words."},
    {"choose_tokens", choose_tokens, METH_VARARGS,
     "choose_tokens(columns, starts, first, stop, wanted=<all>): Choose the tokens with a column from first to stop, "
     "less first, that is wanted.\n\n"
     "Return the columns of these, from first on, and where each document begins among them, int32 each."},
    {"add_rows", add_rows, METH_VARARGS,
     "add_rows(rows, width, columns, starts, sums): Add up the rows (float32, of this width) that the columns of each "
     "document name, one after the other, into its row of sums."},
    {NULL, NULL, 0, NULL},
};

static int
add_type(PyObject *module, PyType_Spec *spec, PyTypeObject **type)
{
    *type = (PyTypeObject *)PyType_FromModuleAndSpec(module, spec, NULL);
    return *type == NULL ? -1 : PyModule_AddType(module, *type);
}

static int
execute(PyObject *module)
{
    State *state = PyModule_GetState(module);
    state->isascii = PyObject_GetAttrString((PyObject *)&PyUnicode_Type, "isascii");
    state->lower = PyObject_GetAttrString((PyObject *)&PyUnicode_Type, "lower");
    if (state->isascii == NULL || state->lower == NULL)
        return -1;
    if (add_type(module, &word_table_spec, &state->word_table) < 0)
        return -1;
    return add_type(module, &token_table_spec, &state->token_table);
}

static int
traverse(PyObject *module, visitproc visit, void *arg)
{
    State *state = PyModule_GetState(module);
    if (state == NULL)
        return 0;
    Py_VISIT(state->word_table);
    Py_VISIT(state->token_table);
    Py_VISIT(state->isascii);
    Py_VISIT(state->lower);
    return 0;
}

static int
clear(PyObject *module)
{
    State *state = PyModule_GetState(module);
    if (state == NULL)
        return 0;
    Py_CLEAR(state->word_table);
    Py_CLEAR(state->token_table);
    Py_CLEAR(state->isascii);
    Py_CLEAR(state->lower);
    return 0;
}

static void
free_module(void *module)
{
    clear(module);
}

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, execute},
    {0, NULL},
};

static struct PyModuleDef module_definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_words",
    .m_doc = "Documents -> columns of their words -> sums of their rows.",
    .m_size = sizeof(State),
    .m_methods = methods,
    .m_slots = module_slots,
    .m_traverse = traverse,
    .m_clear = clear,
    .m_free = free_module,
};

PyMODINIT_FUNC
PyInit__words(void)
{
    return PyModuleDef_Init(&module_definition);
}
