#pragma once
// What the C library offers only as variadic functions or between fork and exec.
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/stat.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

/// Asks the kernel for a signal to this process when the thread that started it ends.
static inline int bitlaw_die_with_parent(int number) {
    return prctl(PR_SET_PDEATHSIG, number, 0, 0, 0);
}

/// Whether this process ignores a signal, as one that nohup(1) started ignores SIGHUP.
static inline int bitlaw_ignores(int number) {
    struct sigaction action;
    return sigaction(number, 0, &action) == 0 && action.sa_handler == SIG_IGN;
}

/// Makes this process the parent of every process below it whose own parent ends.
static inline int bitlaw_adopt_orphans(void) {
    return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

/// Makes a pipe that programs started by any thread do not inherit; the GNU call pipe2.
extern int pipe2(int ends[2], int flags);
static inline int bitlaw_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

/// Makes a channel: two connected sockets, of which the first is ours.
///
/// Unlike a pipe, nobody can open it through /proc, and what arrives carries the number of its sender.
static inline int bitlaw_channel(int ends[2]) {
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return -1;
    int on = 1;
    if (setsockopt(ends[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on) == 0 &&
        setsockopt(ends[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof on) == 0)
        return 0;
    int number = errno;
    close(ends[0]);
    close(ends[1]);
    errno = number;
    return -1;
}

/// Receives what one process sent into a channel, and its number; 0 where the kernel does not say.
static inline ssize_t bitlaw_receive(int descriptor, void *room, size_t size, int *sender) {
    // What the kernel writes for SCM_CREDENTIALS, whose name needs _GNU_SOURCE: process, user, group.
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(3 * sizeof(int))];
    } control;
    struct iovec part = {room, size};
    struct msghdr message;
    memset(&message, 0, sizeof message);
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = &control;
    message.msg_controllen = sizeof control;
    *sender = 0;
    ssize_t count = recvmsg(descriptor, &message, MSG_CMSG_CLOEXEC);
    if (count <= 0) return count;
    struct cmsghdr *note = CMSG_FIRSTHDR(&message);
    for (; note; note = CMSG_NXTHDR(&message, note))
        if (note->cmsg_level == SOL_SOCKET && note->cmsg_type == 2)
            memcpy(sender, CMSG_DATA(note), sizeof *sender);
    return count;
}

/// Closes this process to others of its account: no debugger, no look at memory, environment and open files;
/// root alone still can.
static inline int bitlaw_hide(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

/// Starts a program in `folder` with the given standard streams; it dies with this process.
///
/// Forks without copying the page tables (vfork); only calls that are safe there before exec, which
/// change nothing of this process. A negative descriptor leaves a stream as
/// it is; `report` becomes descriptor 3 where it is one. With `group`, the program leads a process group of
/// its own; with `deaf` it ignores SIGTERM, unless it sets that itself. Returns the process, or -1 with the reason in errno, also where the program itself cannot be begun.
static inline pid_t bitlaw_spawn(const char *path, char *const argv[], char *const envp[],
                                 const char *folder, int in, int out, int err, int report,
                                 int group, int deaf) {
    pid_t parent = getpid();
    // The child shares this memory until it is another program.
    volatile int refusal = 0;
    pid_t child = vfork();
    if (child != 0) {
        if (child > 0 && group) setpgid(child, child);
        if (child > 0 && refusal != 0) {
            while (waitpid(child, 0, 0) < 0 && errno == EINTR) {}
            errno = refusal;
            return -1;
        }
        return child;
    }
    if (group) setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() != parent) _exit(127);
    if (folder && chdir(folder) != 0) _exit(126);
    if (in >= 0 && dup2(in, 0) < 0) _exit(126);
    if (out >= 0 && dup2(out, 1) < 0) _exit(126);
    if (err >= 0 && dup2(err, 2) < 0) _exit(126);
    // dup2 onto itself would leave it closed to the program.
    if (report >= 0 && (report == 3 ? fcntl(3, F_SETFD, 0) : dup2(report, 3)) < 0) _exit(126);
#ifdef SYS_close_range
    // Nothing but these streams is handed on, however it was opened; 4 is CLOSE_RANGE_CLOEXEC.
    syscall(SYS_close_range, report >= 0 ? 4u : 3u, ~0u, 4u);
#endif
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, 0);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, deaf ? SIG_IGN : SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    execve(path, argv, envp);
    refusal = errno;
    _exit(127);
}

/// When an open file or folder was made, in nanoseconds; 0 where its file system does not keep that.
static inline int64_t bitlaw_birth(int descriptor) {
    struct statx found;
    memset(&found, 0, sizeof found);
    // 0x1000 is AT_EMPTY_PATH, whose name needs _GNU_SOURCE.
    if (syscall(SYS_statx, descriptor, "", 0x1000, STATX_BTIME, &found) != 0) return 0;
    if (!(found.stx_mask & STATX_BTIME)) return 0;
    return (int64_t)found.stx_btime.tv_sec * 1000000000 + found.stx_btime.tv_nsec;
}

extern int syncfs(int descriptor);

/// Waits until everything of the descriptor's file system is on the disk; the GNU call syncfs.
static inline int bitlaw_sync_file_system(int descriptor) { return syncfs(descriptor); }

/// Starts a thread that no signal is delivered to: those are for the thread that waits for them.
///
/// Returns 0, or the number of the error.
static inline int bitlaw_start_thread(pthread_t *thread, void *(*body)(void *), void *argument) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int result = pthread_create(thread, 0, body, argument);
    pthread_sigmask(SIG_SETMASK, &before, 0);
    return result;
}

/// Takes leave of a thread if it has ended; returns 0 then.
extern int pthread_tryjoin_np(pthread_t thread, void **result);
static inline int bitlaw_try_join(pthread_t thread) { return pthread_tryjoin_np(thread, 0); }

/// Renames a file unless something has the new name already; the GNU call renameat2.
extern int renameat2(int from, const char *path, int to, const char *target, unsigned int flags);
static inline int bitlaw_rename_new(const char *path, const char *target) {
    return renameat2(AT_FDCWD, path, AT_FDCWD, target, 1);  // RENAME_NOREPLACE
}

/// Makes an empty file share the blocks of another, where the file system can; returns 0, or -1.
static inline int bitlaw_share_blocks(int copy, int source) {
    return ioctl(copy, FICLONE, source);
}

/// Copies bytes from one descriptor to the other at their offsets; the GNU call copy_file_range, and
/// sendfile between file systems that know it not. Returns how many, 0 at the end, or -1.
extern ssize_t copy_file_range(int from, off_t *offset, int to, off_t *target, size_t count, unsigned flags);
static inline ssize_t bitlaw_copy_range(int from, int to, size_t count) {
    ssize_t done = copy_file_range(from, 0, to, 0, count, 0);
    if (done >= 0 || (errno != EXDEV && errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP))
        return done;
    return sendfile(to, from, 0, count);
}
