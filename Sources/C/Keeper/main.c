// The first process of a sandbox: it starts the program, buries what the program leaves behind, and says how
// the program ended.
//
// Bubblewrap's own first process says of a program that signal 9 killed what it says of one that ended with
// code 137. Here the two differ: a line `exit 137` or `signal 9` goes to descriptor 3, which the program does
// not get. With this process everything else in the sandbox ends.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { report = 3 };

static int start(char **words) {
    // What is around it is deaf to requests to end; it is not.
    signal(SIGTERM, SIG_DFL);
    execvp(words[0], words);
    int number = errno;
    dprintf(2, "%s: cannot start: %s\n", words[0], strerror(number));
    return number == ENOENT ? 127 : 126;
}

int main(int count, char **words) {
    if (count < 2) {
        dprintf(2, "bitlaw-keeper: it is started by bitlaw, with a program and its arguments\n");
        return 2;
    }
    fcntl(report, F_SETFD, FD_CLOEXEC);
    // Whoever fills the pipe must not keep this process from ending.
    fcntl(report, F_SETFL, O_NONBLOCK);
    pid_t program = fork();
    if (program < 0) {
        dprintf(2, "bitlaw-keeper: cannot start a process: %s\n", strerror(errno));
        return 126;
    }
    if (program == 0) return start(words + 1);
    int status = 0;
    pid_t ended;
    do {
        ended = wait(&status);
    } while (ended != program && (ended > 0 || errno == EINTR));
    int killed = WIFSIGNALED(status);
    int number = killed ? WTERMSIG(status) : WEXITSTATUS(status);
    dprintf(report, "%s %d\n", killed ? "signal" : "exit", number);
    return killed ? 128 + number : number;
}
