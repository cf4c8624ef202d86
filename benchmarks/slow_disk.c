/* A disk that takes its time: each fsync and fdatasync of a process in which this is preloaded
 * lasts SLOW_DISK_US microseconds longer. What is written and in which order stays as it is. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

typedef int (*sync_call)(int);

static int slowly(const char *name, int fd)
{
    const char *given = getenv("SLOW_DISK_US");
    long us = given ? atol(given) : 0;
    struct timespec rest = { us / 1000000, us % 1000000 * 1000 };
    nanosleep(&rest, NULL);
    return ((sync_call)dlsym(RTLD_NEXT, name))(fd);
}

int fsync(int fd) { return slowly("fsync", fd); }
int fdatasync(int fd) { return slowly("fdatasync", fd); }
