/* The sums of rows, such as those of each document's words. */
#ifndef SK_W2V_SUM_H
#define SK_W2V_SUM_H

#include "_common.h"

#define LANES 16 /* numbers of a row that are added up together */
#define LINE 64  /* bytes of memory that a processor reads at once */

typedef struct {
    const float *rows;
    size_t n_rows, width;
    const int32_t *columns; /* the row of each token */
    size_t n_tokens;
    const int32_t *starts; /* where each document begins, and the end of the last */
    size_t n_documents;
    float *sums;
} Sum;

static const float *
row_of(const Sum *sum, size_t token)
{
    uint32_t row = (uint32_t)sum->columns[token];
    return row < sum->n_rows ? sum->rows + row * sum->width : NULL;
}

static void
ask_for_row(const Sum *sum, size_t token)
{
    const float *row = token < sum->n_tokens ? row_of(sum, token) : NULL;
    for (size_t at = 0; row != NULL && at < sum->width; at += LINE / sizeof *row)
        ASK_FOR(row + at);
}

/* Add some neighbouring numbers of each row to those of a sum, one row after the other. */
static inline void
add_lanes(const float **rows, size_t n_rows, float *sum, size_t first, size_t n_lanes)
{
    float lanes[LANES];
    memcpy(lanes, sum + first, n_lanes * sizeof *lanes);
    for (size_t i = 0; i < n_rows; i++)
        for (size_t lane = 0; lane < n_lanes; lane++)
            lanes[lane] += rows[i][first + lane];
    memcpy(sum + first, lanes, n_lanes * sizeof *lanes);
}

/* Add the rows of some tokens, up to TOGETHER. Return 0, or -1 if there is no such row. */
static int
add_tokens(const Sum *sum, size_t first, size_t n_tokens, float *out)
{
    const float *rows[TOGETHER];
    for (size_t i = 0; i < n_tokens; i++) {
        rows[i] = row_of(sum, first + i);
        if (rows[i] == NULL)
            return -1;
        ask_for_row(sum, first + i + TOGETHER);
    }
    size_t at = 0;
    for (; at + LANES <= sum->width; at += LANES)
        add_lanes(rows, n_tokens, out, at, LANES);
    for (; at + LANES / 4 <= sum->width; at += LANES / 4)
        add_lanes(rows, n_tokens, out, at, LANES / 4);
    for (; at < sum->width; at++)
        add_lanes(rows, n_tokens, out, at, 1);
    return 0;
}

/* Return 0, or -1 if a number is not what it should be. Each is read once, since others could change it meanwhile. */
static int
add_documents(const Sum *sum)
{
    size_t first = (size_t)sum->starts[0];
    memset(sum->sums, 0, sum->n_documents * sum->width * sizeof *sum->sums);
    for (size_t i = 0; i < sum->n_documents; i++) {
        size_t end = (size_t)sum->starts[i + 1];
        if (first > end || end > sum->n_tokens)
            return -1;
        while (first < end) {
            size_t n_tokens = end - first < TOGETHER ? end - first : TOGETHER;
            if (add_tokens(sum, first, n_tokens, sum->sums + i * sum->width) < 0)
                return -1;
            first += n_tokens;
        }
    }
    return 0;
}

/* Whether the arrays fit each other. */
static int
has_right_sizes(const Sum *sum, Py_ssize_t width, const Py_buffer *starts, const Py_buffer *sums)
{
    return width > 0 && sum->n_rows <= UINT32_MAX && starts->len >= (Py_ssize_t)sizeof(int32_t) &&
           (size_t)sums->len / sizeof(float) / (size_t)width == sum->n_documents &&
           (size_t)sums->len % (sizeof(float) * (size_t)width) == 0;
}

static int
add_buffers(const Py_buffer *rows, Py_ssize_t width, const Py_buffer *columns, const Py_buffer *starts, Py_buffer *sums)
{
    Sum sum = {.rows = rows->buf, .columns = columns->buf, .starts = starts->buf, .sums = sums->buf};
    int result;
    sum.width = (size_t)width;
    sum.n_rows = width > 0 ? (size_t)rows->len / sizeof(float) / sum.width : 0;
    sum.n_tokens = (size_t)columns->len / sizeof(int32_t);
    sum.n_documents = (size_t)starts->len / sizeof(int32_t) - 1;
    if (!has_right_sizes(&sum, width, starts, sums))
        result = -1;
    else if (sum.n_tokens < FEW_TOKENS)
        result = add_documents(&sum);
    else {
        Py_BEGIN_ALLOW_THREADS
        result = add_documents(&sum);
        Py_END_ALLOW_THREADS
    }
    if (result < 0)
        PyErr_SetString(PyExc_ValueError, "columns must name rows, starts their documents, and sums have a row for each");
    return result;
}

static PyObject *
add_rows(PyObject *Py_UNUSED(module), PyObject *args)
{
    Py_buffer rows, columns, starts, sums;
    Py_ssize_t width;
    if (!PyArg_ParseTuple(args, "y*ny*y*w*:add_rows", &rows, &width, &columns, &starts, &sums))
        return NULL;
    int result = add_buffers(&rows, width, &columns, &starts, &sums);
    PyBuffer_Release(&rows);
    PyBuffer_Release(&columns);
    PyBuffer_Release(&starts);
    PyBuffer_Release(&sums);
    return result < 0 ? NULL : Py_NewRef(Py_None);
}

#endif
