/* What all parts of _words.c share: Python's stable ABI, errors, and arrays that grow. */
#ifndef SK_W2V_COMMON_H
#define SK_W2V_COMMON_H

#define PY_SSIZE_T_CLEAN
#ifndef Py_LIMITED_API
#define Py_LIMITED_API 0x030B0000
#endif
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#if defined(_MSC_VER)
#include <intrin.h>
#endif

#if defined(__GNUC__)
#define ASK_FOR(address) __builtin_prefetch(address)
#else
#define ASK_FOR(address) ((void)0)
#endif

#define FEW_TOKENS 2000 /* to wait for the lock may take longer than what is done with fewer */
#define TOGETHER 32 /* words that are looked up together: about as many as a processor can wait for */

#ifndef MAX_COUNT /* tests set a small one */
#define MAX_COUNT INT32_MAX
#endif

typedef enum { OK, NO_MEMORY, TOO_MANY_TOKENS, TOO_MANY_WORDS, WORD_TOO_LONG } Status;

static void
set_error(Status status)
{
    switch (status) {
    case NO_MEMORY:
        PyErr_NoMemory();
        break;
    case TOO_MANY_TOKENS:
        PyErr_Format(PyExc_OverflowError, "There are more than %zd tokens in one batch. Pass fewer documents at once.",
                     (Py_ssize_t)MAX_COUNT);
        break;
    case TOO_MANY_WORDS:
        PyErr_Format(PyExc_OverflowError, "There are more than %zd different words.", (Py_ssize_t)MAX_COUNT);
        break;
    case WORD_TOO_LONG:
        PyErr_Format(PyExc_OverflowError, "A word is longer than %zd bytes.", (Py_ssize_t)MAX_COUNT);
        break;
    case OK:
        break;
    }
}

/* ---- Arrays that grow. They are those of C, since the stable ABI of 3.11 has none to be had without the lock. ---- */

typedef struct {
    int32_t *items;
    size_t n_items, capacity;
} Int32s;

typedef struct {
    uint64_t *items;
    size_t n_items, capacity;
} Blocks;

/* Make an array larger, at least twice as large. Return it, or NULL: then it stays as it was. */
static void *
grown(void *items, size_t n_wanted, size_t *capacity, size_t item_size)
{
    if (n_wanted > (size_t)PY_SSIZE_T_MAX / 2 / item_size)
        return NULL;
    if (n_wanted < 2 * *capacity)
        n_wanted = 2 * *capacity;
    void *larger = realloc(items, n_wanted * item_size);
    if (larger != NULL)
        *capacity = n_wanted;
    return larger;
}

/* Make room for n items more, which are fewer than there are bytes of memory. */
static Status
reserve_int32s(Int32s *array, size_t n_more)
{
    if (n_more <= array->capacity - array->n_items)
        return OK;
    int32_t *items = grown(array->items, array->n_items + n_more, &array->capacity, sizeof *items);
    if (items == NULL)
        return NO_MEMORY;
    array->items = items;
    return OK;
}

static Status
reserve_blocks(Blocks *array, size_t n_more)
{
    if (n_more <= array->capacity - array->n_items)
        return OK;
    uint64_t *items = grown(array->items, array->n_items + n_more, &array->capacity, sizeof *items);
    if (items == NULL)
        return NO_MEMORY;
    array->items = items;
    return OK;
}

static PyObject *
bytes_of(const Int32s *array)
{
    return PyByteArray_FromStringAndSize((const char *)array->items, (Py_ssize_t)(array->n_items * sizeof(int32_t)));
}

#endif
