/* Tokens -> places in a list of words.
 *
 * A dict that is asked for one after another waits for memory three times a token: for the token's hash, for the slot,
 * for the word that is compared. Here each is asked for in a pass of its own over some tokens, so that a pass finds in
 * the cache what the one before asked for.
 *
 * The table is an array of 2^k slots, made and kept by the caller, with linear probing (Knuth, "The Art of Computer
 * Programming", volume 3, 6.4). Words are compared as the characters they hold, whatever subclass of str they are.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>

#if defined(__GNUC__)
#define ASK_FOR(address) __builtin_prefetch(address)
#else
#define ASK_FOR(address) ((void)0)
#endif

#define AT_ONCE 16 /* tokens in a pass; a processor waits for some ten to twenty lines of memory at a time */

typedef struct {
    int32_t place; /* -1: the slot is free */
    uint32_t mark; /* the half of the hash that does not choose the slot */
} Slot;

typedef struct {
    PyObject *words; /* a list of str */
    Slot *slots;
    size_t last;
} Table;

/* Where the tokens of the next pass are gathered; borrowed, since no Python code runs meanwhile. */
typedef struct {
    PyObject *tokens[AT_ONCE];
    Py_ssize_t n_tokens;
    int32_t *places;
    Py_ssize_t n_left;
} Pass;

static Py_hash_t
hash_of(PyObject *word)
{
    Py_hash_t known = ((PyASCIIObject *)word)->hash;
    return known != -1 ? known : PyUnicode_Type.tp_hash(word);
}

static uint32_t
mark_of(Py_hash_t hash)
{
    return (uint32_t)((uint64_t)hash >> 32);
}

static int
are_equal(PyObject *one, PyObject *other)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(one);
    return one == other ||
           (length == PyUnicode_GET_LENGTH(other) && PyUnicode_KIND(one) == PyUnicode_KIND(other) &&
            !memcmp(PyUnicode_DATA(one), PyUnicode_DATA(other), (size_t)length * PyUnicode_KIND(one)));
}

/* The slot of a word, or the free one where it belongs. The search begins at its first slot, or at a later one if those
 * between have been ruled out. */
static Slot *
slot_of(const Table *table, PyObject *word, Py_hash_t hash, size_t at)
{
    uint32_t mark = mark_of(hash);
    for (;; at = (at + 1) & table->last) {
        Slot *slot = table->slots + at;
        if (slot->place < 0 ||
            (slot->mark == mark && are_equal(PyList_GET_ITEM(table->words, slot->place), word)))
            return slot;
    }
}

static int
open_table(PyObject *words, PyObject *array, Py_buffer *buffer, Table *table)
{
    if (!PyList_CheckExact(words)) {
        PyErr_SetString(PyExc_TypeError, "words must be a list");
        return -1;
    }
    if (PyObject_GetBuffer(array, buffer, PyBUF_WRITABLE) < 0)
        return -1;
    size_t n_slots = (size_t)buffer->len / sizeof(Slot);
    if (n_slots <= (size_t)PyList_GET_SIZE(words) || (n_slots & (n_slots - 1))) {
        PyErr_SetString(PyExc_ValueError, "slots must be a power of two, and more than the words");
        PyBuffer_Release(buffer);
        return -1;
    }
    *table = (Table){words, buffer->buf, n_slots - 1};
    return 0;
}

static PyObject *
enter(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *words, *slots;
    Py_buffer buffer;
    Table table;
    if (!PyArg_ParseTuple(args, "OO", &words, &slots) || open_table(words, slots, &buffer, &table) < 0)
        return NULL;
    for (size_t at = 0; at <= table.last; at++)
        table.slots[at].place = -1;
    for (Py_ssize_t place = 0; place < PyList_GET_SIZE(words); place++) {
        PyObject *word = PyList_GET_ITEM(words, place);
        if (!PyUnicode_Check(word)) {
            PyErr_SetString(PyExc_TypeError, "words must be str");
            break;
        }
        Py_hash_t hash = hash_of(word);
        *slot_of(&table, word, hash, (size_t)hash & table.last) = (Slot){(int32_t)place, mark_of(hash)};
    }
    PyBuffer_Release(&buffer);
    if (PyErr_Occurred())
        return NULL;
    Py_RETURN_NONE;
}

/* Look up the tokens that were gathered. */
static int
run(const Table *table, Pass *pass)
{
    size_t at[AT_ONCE];
    Py_ssize_t n = pass->n_tokens;
    if (n > pass->n_left) {
        PyErr_SetString(PyExc_ValueError, "Documents have grown while they were read.");
        return -1;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        if (!PyUnicode_Check(pass->tokens[i])) {
            PyErr_SetString(PyExc_TypeError, "tokens must be str");
            return -1;
        }
        at[i] = (size_t)hash_of(pass->tokens[i]) & table->last;
        ASK_FOR(table->slots + at[i]);
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        uint32_t mark = mark_of(hash_of(pass->tokens[i]));
        while (table->slots[at[i]].place >= 0 && table->slots[at[i]].mark != mark)
            at[i] = (at[i] + 1) & table->last;
        if (table->slots[at[i]].place >= 0)
            ASK_FOR(PyList_GET_ITEM(table->words, table->slots[at[i]].place));
    }
    for (Py_ssize_t i = 0; i < n; i++)
        pass->places[i] = slot_of(table, pass->tokens[i], hash_of(pass->tokens[i]), at[i])->place;
    pass->places += n;
    pass->n_left -= n;
    pass->n_tokens = 0;
    return 0;
}

/* Gather the tokens of a document. */
static int
gather(const Table *table, Pass *pass, PyObject *document)
{
    if (!PyList_CheckExact(document) && !PyTuple_CheckExact(document)) {
        PyErr_SetString(PyExc_TypeError, "documents must be lists or tuples");
        return -1;
    }
    PyObject **tokens = PySequence_Fast_ITEMS(document);
    Py_ssize_t n_tokens = PySequence_Fast_GET_SIZE(document);
    for (Py_ssize_t i = 0; i < n_tokens; i++) {
        ASK_FOR(tokens[i]);
        pass->tokens[pass->n_tokens++] = tokens[i];
        if (pass->n_tokens == AT_ONCE && run(table, pass) < 0)
            return -1;
    }
    return 0;
}

static int
look_up(const Table *table, Pass *pass, PyObject *documents)
{
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(documents); i++)
        if (gather(table, pass, PyList_GET_ITEM(documents, i)) < 0)
            return -1;
    return run(table, pass);
}

static PyObject *
places(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *documents, *words, *slots;
    Py_buffer out, buffer;
    Table table;
    if (!PyArg_ParseTuple(args, "O!OOw*", &PyList_Type, &documents, &words, &slots, &out))
        return NULL;
    if (open_table(words, slots, &buffer, &table) < 0) {
        PyBuffer_Release(&out);
        return NULL;
    }
    Pass pass = {.places = out.buf, .n_left = out.len / (Py_ssize_t)sizeof(int32_t)};
    if (look_up(&table, &pass, documents) == 0 && pass.n_left)
        PyErr_SetString(PyExc_ValueError, "Documents have shrunk while they were read.");
    PyBuffer_Release(&buffer);
    PyBuffer_Release(&out);
    if (PyErr_Occurred())
        return NULL;
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"enter", enter, METH_VARARGS, "enter(words, slots): Fill a table with the words of a list; the last of equal ones."},
    {"places", places, METH_VARARGS, "places(documents, words, slots, out): Write the place of each token, or -1."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, .m_name = "_lookup", .m_doc = "Tokens -> places in a list of words.", .m_methods = methods,
};

PyMODINIT_FUNC
PyInit__lookup(void)
{
    return PyModuleDef_Init(&module);
}
