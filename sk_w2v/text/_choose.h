/* The tokens of documents whose columns are in a range, and of these those that are wanted. */
#ifndef SK_W2V_CHOOSE_H
#define SK_W2V_CHOOSE_H

#include "_common.h"

typedef struct {
    const int32_t *columns; /* of each token */
    size_t n_tokens;
    const int32_t *starts; /* where each document begins, and the end of the last */
    size_t n_documents;
    uint32_t first, n_columns; /* the range */
    const uint8_t *wanted;     /* NULL, or a byte for each column of the range */
    int32_t *chosen;           /* room for all tokens */
    int32_t *chosen_starts;
    size_t n_chosen;
} Choice;

static Py_ssize_t
bytes_of_int32s(size_t n_items)
{
    return (Py_ssize_t)(n_items * sizeof(int32_t));
}

/* Choose from neighbouring tokens, and return where the next one goes. Each is written, and counts if it is chosen: so
 * the processor need not guess. */
static int32_t *
choose_from(const Choice *choice, size_t token, size_t end, int32_t *chosen)
{
    const int32_t *columns = choice->columns;
    const uint32_t first = choice->first, n_columns = choice->n_columns;
    const uint8_t *wanted = choice->wanted;
    for (; wanted == NULL && token < end; token++) {
        uint32_t column = (uint32_t)columns[token] - first;
        *chosen = (int32_t)column;
        chosen += column < n_columns;
    }
    for (; token < end; token++) {
        uint32_t column = (uint32_t)columns[token] - first;
        *chosen = (int32_t)column;
        chosen += column < n_columns && wanted[column];
    }
    return chosen;
}

/* Return 0, or -1 if starts are not what they should be. Each is read once, since others could change it meanwhile. */
static int
choose_documents(Choice *choice)
{
    size_t first = (size_t)choice->starts[0];
    int32_t *chosen = choice->chosen;
    choice->chosen_starts[0] = 0;
    for (size_t i = 0; i < choice->n_documents; i++) {
        size_t end = (size_t)choice->starts[i + 1];
        if (first > end || end > choice->n_tokens)
            return -1;
        chosen = choose_from(choice, first, end, chosen);
        choice->chosen_starts[i + 1] = (int32_t)(chosen - choice->chosen);
        first = end;
    }
    choice->n_chosen = (size_t)(chosen - choice->chosen);
    return 0;
}

static int
choose_unlocked(Choice *choice)
{
    int result;
    if (choice->n_tokens < FEW_TOKENS)
        return choose_documents(choice);
    Py_BEGIN_ALLOW_THREADS
    result = choose_documents(choice);
    Py_END_ALLOW_THREADS
    return result;
}

/* Whether the arrays and the range fit each other. */
static int
can_choose(const Choice *choice, Py_ssize_t first, Py_ssize_t stop, const Py_buffer *wanted)
{
    if (choice->n_documents == (size_t)-1)
        PyErr_SetString(PyExc_ValueError, "starts must have the end of the last document");
    else if (first < 0 || stop < first || stop > INT32_MAX || (wanted->buf != NULL && wanted->len != stop - first))
        PyErr_SetString(PyExc_ValueError, "wanted must have a byte for each column from first to stop");
    else
        return 1;
    return 0;
}

/* Let the results be written, and return both. */
static PyObject *
chosen_and_starts(Choice *choice)
{
    PyObject *both = NULL, *starts = NULL;
    PyObject *chosen = PyByteArray_FromStringAndSize(NULL, bytes_of_int32s(choice->n_tokens));
    if (chosen != NULL)
        starts = PyByteArray_FromStringAndSize(NULL, bytes_of_int32s(choice->n_documents + 1));
    if (starts != NULL) {
        choice->chosen = (int32_t *)PyByteArray_AsString(chosen);
        choice->chosen_starts = (int32_t *)PyByteArray_AsString(starts);
        if (choose_unlocked(choice) < 0)
            PyErr_SetString(PyExc_ValueError, "starts must not fall, and end with the number of tokens at most");
        else if (PyByteArray_Resize(chosen, bytes_of_int32s(choice->n_chosen)) == 0)
            both = PyTuple_Pack(2, chosen, starts);
    }
    Py_XDECREF(chosen);
    Py_XDECREF(starts);
    return both;
}

static PyObject *
choose_tokens(PyObject *Py_UNUSED(module), PyObject *args)
{
    Py_buffer columns, starts, wanted = {NULL};
    Py_ssize_t first, stop;
    if (!PyArg_ParseTuple(args, "y*y*nn|y*:choose_tokens", &columns, &starts, &first, &stop, &wanted))
        return NULL;
    Choice choice = {.columns = columns.buf, .starts = starts.buf, .wanted = wanted.buf};
    choice.n_tokens = (size_t)columns.len / sizeof(int32_t);
    choice.n_documents = (size_t)starts.len / sizeof(int32_t) - 1;
    choice.first = (uint32_t)first;
    choice.n_columns = (uint32_t)(stop - first);
    PyObject *both = can_choose(&choice, first, stop, &wanted) ? chosen_and_starts(&choice) : NULL;
    PyBuffer_Release(&columns);
    PyBuffer_Release(&starts);
    if (wanted.obj != NULL)
        PyBuffer_Release(&wanted);
    return both;
}

#endif
