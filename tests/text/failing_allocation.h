/* Compiled before _words.c, so that tests can let an allocation fail, and see what is left allocated. */
#include <stddef.h>
#include <stdlib.h>

#if defined(__GNUC__)
__attribute__((visibility("default")))
#endif
long words_allocations[2] = {-1, 0}; /* how many may follow, -1: all; how many are in use */

static int
may_allocate(void)
{
    return words_allocations[0] < 0 || words_allocations[0]-- > 0;
}

static void *
test_calloc(size_t n_items, size_t size)
{
    void *found = may_allocate() ? calloc(n_items, size) : NULL;
    words_allocations[1] += found != NULL;
    return found;
}

static void *
test_realloc(void *former, size_t size)
{
    void *found = may_allocate() ? realloc(former, size) : NULL;
    words_allocations[1] += found != NULL && former == NULL;
    return found;
}

static void
test_free(void *former)
{
    words_allocations[1] -= former != NULL;
    free(former);
}

#define calloc test_calloc
#define realloc test_realloc
#define free test_free
