/* A table of words that are str, for tokens that are str: it has Python's hashes, and Python's strings. */
#ifndef SK_W2V_TOKEN_TABLE_H
#define SK_W2V_TOKEN_TABLE_H

#include "_common.h"

typedef struct {
    PyObject *word; /* NULL: the slot is free */
    int32_t column;
    uint32_t mark;
} TokenSlot;

typedef struct {
    PyObject_HEAD
    hashfunc hash; /* of str itself */
    TokenSlot *slots;
    size_t last_slot;
} TokenTable;

/* The tokens that are looked up next, and those behind them, whose memory has been asked for. Borrowed: no Python code
 * runs meanwhile. */
typedef struct {
    const TokenTable *table;
    PyObject *tokens[2 * TOGETHER];
    int n_tokens;
    int32_t *columns;
} TokenPass;

static uint32_t
mark_of(Py_hash_t hash)
{
    return (uint32_t)((uint64_t)hash >> 32) ^ (uint32_t)hash;
}

/* A str begins with its hash and its length; its characters are behind these, often in the next line of memory. */
static void
ask_for_string(PyObject *string)
{
    ASK_FOR(string);
    ASK_FOR((const void *)((uintptr_t)string + 48));
}

static int
are_equal(PyObject *one, PyObject *other)
{
    if (one == other)
        return 1;
    PyObject *answer = PyUnicode_RichCompare(one, other, Py_EQ); /* sooner done than PyUnicode_Compare */
    int is_true = answer == Py_True;
    Py_XDECREF(answer);
    return is_true;
}

static TokenSlot *
find_token_slot(const TokenTable *table, PyObject *token, uint32_t mark, size_t at)
{
    for (;; at = (at + 1) & table->last_slot) {
        TokenSlot *slot = table->slots + at;
        if (slot->word == NULL || (slot->mark == mark && are_equal(slot->word, token)))
            return slot;
    }
}

/* Look up the first tokens, up to TOGETHER. */
static int
look_up_tokens(TokenPass *pass)
{
    const TokenTable *table = pass->table;
    size_t at[TOGETHER];
    uint32_t marks[TOGETHER];
    int n_tokens = pass->n_tokens < TOGETHER ? pass->n_tokens : TOGETHER;
    for (int i = 0; i < n_tokens; i++) {
        if (!PyUnicode_CheckExact(pass->tokens[i]) && !PyUnicode_Check(pass->tokens[i])) {
            PyErr_SetString(PyExc_TypeError, "tokens must be str");
            return -1;
        }
        Py_hash_t hash = table->hash(pass->tokens[i]);
        at[i] = (size_t)hash & table->last_slot;
        marks[i] = mark_of(hash);
        ASK_FOR(table->slots + at[i]);
    }
    for (int i = 0; i < n_tokens; i++) {
        while (table->slots[at[i]].word != NULL && table->slots[at[i]].mark != marks[i])
            at[i] = (at[i] + 1) & table->last_slot;
        ask_for_string(table->slots[at[i]].word);
    }
    for (int i = 0; i < n_tokens; i++) {
        const TokenSlot *slot = find_token_slot(table, pass->tokens[i], marks[i], at[i]);
        *pass->columns++ = slot->word == NULL ? -1 : slot->column;
    }
    pass->n_tokens -= n_tokens;
    memmove(pass->tokens, pass->tokens + n_tokens, (size_t)pass->n_tokens * sizeof *pass->tokens);
    return 0;
}

static int
look_up_document(TokenPass *pass, PyObject *document, Py_ssize_t n_tokens)
{
    int is_list = PyList_CheckExact(document);
    for (Py_ssize_t i = 0; i < n_tokens; i++) {
        PyObject *token = is_list ? PyList_GetItem(document, i) : PyTuple_GetItem(document, i);
        if (token == NULL)
            return -1;
        ask_for_string(token);
        pass->tokens[pass->n_tokens++] = token;
        if (pass->n_tokens == 2 * TOGETHER && look_up_tokens(pass) < 0)
            return -1;
    }
    return 0;
}

/* Write how many tokens each document has, and return how many these are; -1 for an error. */
static Py_ssize_t
write_lengths(PyObject *documents, int32_t *lengths)
{
    Py_ssize_t n_tokens = 0;
    for (Py_ssize_t i = 0; i < PyTuple_Size(documents); i++) {
        PyObject *document = PyTuple_GetItem(documents, i);
        int is_list = PyList_CheckExact(document);
        if (!is_list && !PyTuple_CheckExact(document)) {
            PyErr_SetString(PyExc_TypeError, "documents must be lists or tuples");
            return -1;
        }
        Py_ssize_t length = is_list ? PyList_Size(document) : PyTuple_Size(document);
        if (length > MAX_COUNT - n_tokens) {
            set_error(TOO_MANY_TOKENS);
            return -1;
        }
        lengths[i] = (int32_t)length;
        n_tokens += length;
    }
    return n_tokens;
}

static int
look_up_documents(const TokenTable *table, PyObject *documents, const int32_t *lengths, int32_t *columns)
{
    TokenPass pass = {.table = table, .columns = columns};
    for (Py_ssize_t i = 0; i < PyTuple_Size(documents); i++)
        if (look_up_document(&pass, PyTuple_GetItem(documents, i), lengths[i]) < 0)
            return -1;
    return look_up_tokens(&pass) < 0 ? -1 : look_up_tokens(&pass);
}

static PyObject *
new_int32s(Py_ssize_t n_items)
{
    if (n_items > PY_SSIZE_T_MAX / (Py_ssize_t)sizeof(int32_t))
        return PyErr_NoMemory();
    return PyByteArray_FromStringAndSize(NULL, n_items * (Py_ssize_t)sizeof(int32_t));
}

static int32_t *
int32s_of(PyObject *array)
{
    return (int32_t *)PyByteArray_AsString(array);
}

/* The columns of the tokens, which go into an array of their own, as the lengths do. */
static PyObject *
find_columns(const TokenTable *table, PyObject *documents, int32_t *lengths)
{
    Py_ssize_t n_tokens = write_lengths(documents, lengths);
    PyObject *columns = n_tokens < 0 ? NULL : new_int32s(n_tokens);
    if (columns != NULL && look_up_documents(table, documents, lengths, int32s_of(columns)) < 0)
        Py_CLEAR(columns);
    return columns;
}

static PyObject *
find_tokens(PyObject *self, PyObject *documents)
{
    PyObject *held = PySequence_Tuple(documents); /* which nobody else can change */
    PyObject *lengths = held == NULL ? NULL : new_int32s(PyTuple_Size(held));
    PyObject *columns = lengths == NULL ? NULL : find_columns((TokenTable *)self, held, int32s_of(lengths));
    PyObject *both = columns == NULL ? NULL : PyTuple_Pack(2, columns, lengths);
    Py_XDECREF(held);
    Py_XDECREF(lengths);
    Py_XDECREF(columns);
    return both;
}

/* A power of two, more than twice as many as the words. */
static size_t
n_slots_for(size_t n_words)
{
    size_t n_slots = 2;
    while (n_slots < 2 * n_words + 2)
        n_slots *= 2;
    return n_slots;
}

static int
enter_token(TokenTable *table, PyObject *word, int32_t column)
{
    if (!PyUnicode_Check(word)) {
        PyErr_SetString(PyExc_TypeError, "words must be str");
        return -1;
    }
    Py_hash_t hash = table->hash(word);
    TokenSlot *slot = find_token_slot(table, word, mark_of(hash), (size_t)hash & table->last_slot);
    if (slot->word == NULL)
        slot->word = Py_NewRef(word);
    slot->column = column;
    slot->mark = mark_of(hash);
    return 0;
}

static int
enter_tokens(TokenTable *table, PyObject *words)
{
    Py_ssize_t n_words = PyTuple_Size(words);
    size_t n_slots = n_slots_for((size_t)n_words);
    if (n_words > MAX_COUNT) {
        set_error(TOO_MANY_WORDS);
        return -1;
    }
    table->slots = calloc(n_slots, sizeof *table->slots);
    if (table->slots == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    table->last_slot = n_slots - 1;
    table->hash = (hashfunc)PyType_GetSlot(&PyUnicode_Type, Py_tp_hash);
    for (Py_ssize_t i = 0; i < n_words; i++)
        if (enter_token(table, PyTuple_GetItem(words, i), (int32_t)i) < 0)
            return -1;
    return 0;
}

static PyObject *
new_token_table(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(keywords))
{
    PyObject *words;
    if (!PyArg_ParseTuple(args, "O:TokenTable", &words))
        return NULL;
    PyObject *held = PySequence_Tuple(words);
    if (held == NULL)
        return NULL;
    TokenTable *table = (TokenTable *)PyType_GenericAlloc(type, 0);
    if (table != NULL && enter_tokens(table, held) < 0)
        Py_CLEAR(table);
    Py_DECREF(held);
    return (PyObject *)table;
}

static void
free_token_table(PyObject *self)
{
    TokenTable *table = (TokenTable *)self;
    PyTypeObject *type = Py_TYPE(self);
    for (size_t at = 0; table->slots != NULL && at <= table->last_slot; at++)
        Py_XDECREF(table->slots[at].word);
    free(table->slots);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

static PyMethodDef token_table_methods[] = {
    {"find", find_tokens, METH_O,
     "find(documents): Return the column of each token, or -1, and the length of each document, int32 each."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot token_table_slots[] = {
    {Py_tp_doc, "TokenTable(words): A table of words, to be found in token lists; the last of equal ones counts."},
    {Py_tp_new, new_token_table},
    {Py_tp_dealloc, free_token_table},
    {Py_tp_methods, token_table_methods},
    {0, NULL},
};

static PyType_Spec token_table_spec = {
    .name = "sk_w2v.text._words.TokenTable",
    .basicsize = sizeof(TokenTable),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = token_table_slots,
};

#endif
