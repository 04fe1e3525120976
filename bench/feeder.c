/* The part of the native library that a benchmark needs: threads that Python has not made, which
 * read structs from a socket and hand each to a callback of the SPI. */
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

typedef void (*push_fn)(void *spi, void *field);
typedef void (*answer_fn)(void *spi, void *field, void *info, int request_id, bool is_last);

struct feed {
    int fd;
    size_t size;
    long stamp;
    void *spi;
    push_fn push;
};

/* Write the time, as Python's time.time() tells it, where a callback is about to begin. */
static void write_time(char *at)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    double seconds = now.tv_sec + now.tv_nsec * 1e-9;
    memcpy(at, &seconds, sizeof seconds);
}

static void *run_feed(void *argument)
{
    struct feed feed = *(struct feed *)argument;
    size_t room = feed.size * 128;
    char *ring = malloc(room);
    free(argument);
    for (;;) {
        ssize_t got = recv(feed.fd, ring, room, 0);
        if (got <= 0)
            break;
        size_t rest = (size_t)got % feed.size;
        if (rest && recv(feed.fd, ring + got, feed.size - rest, MSG_WAITALL) <= 0)
            break;
        for (char *at = ring; at < ring + got; at += feed.size) {
            if (feed.stamp >= 0)
                write_time(at + feed.stamp);
            feed.push(feed.spi, at);
        }
    }
    free(ring);
    close(feed.fd);
    return NULL;
}

/* Call push(spi, struct) for each struct of `size` bytes that comes from `fd`, until its end.
 * `stamp` is where in the struct a double is to say when, -1 for nowhere. */
int feed(int fd, size_t size, long stamp, void *spi, push_fn push)
{
    struct feed *made = malloc(sizeof *made);
    *made = (struct feed){fd, size, stamp, spi, push};
    pthread_t thread;
    return pthread_create(&thread, NULL, run_feed, made) || pthread_detach(thread);
}

struct answers {
    char *structs;
    size_t size;
    int count, request_id;
    void *spi;
    answer_fn answer;
};

static void *run_answers(void *argument)
{
    struct answers all = *(struct answers *)argument;
    free(argument);
    for (int at = 0; at < all.count; at++)
        all.answer(all.spi, all.structs + at * all.size, NULL, all.request_id,
                   at == all.count - 1);
    return NULL;
}

/* Answer a query with `count` structs, which must stay where they are. */
int answers(char *structs, size_t size, int count, int request_id, void *spi, answer_fn answer)
{
    struct answers *made = malloc(sizeof *made);
    *made = (struct answers){structs, size, count, request_id, spi, answer};
    pthread_t thread;
    return pthread_create(&thread, NULL, run_answers, made) || pthread_detach(thread);
}
