#!/usr/bin/env python3
"""slow_folder.py FOLDER MOUNT MILLISECONDS locks|no-locks: shows FOLDER at MOUNT through FUSE, every answer late.

Prints "ready" when it is mounted and goes on until it is unmounted (`fusermount3 -u MOUNT`) or ended. With
`no-locks` every request for a lock of a byte range ends with ENOLCK, as on a network file system without a lock
service. Inode numbers are the kernel's own and change when it forgets a file, as on many such file systems.
Needs Debian's fuse3 and python3-fusepy.
"""
import errno
import os
import sys
import time

import fusepy


class SlowFolder(fusepy.Operations):
    """A folder whose every answer is late; the kernel keeps the locks of this machine itself."""

    use_ns = True

    def __init__(self, root, seconds):
        self.root, self.seconds = root, seconds

    def __call__(self, name, path, *arguments):
        time.sleep(self.seconds)
        try:
            return getattr(self, name)(self.root + path if path else path, *arguments)
        except OSError as error:
            raise fusepy.FuseOSError(error.errno) from None

    def init(self, path):
        print("ready", flush=True)

    def getattr(self, path, handle=None):
        status = os.fstat(handle) if handle is not None else os.lstat(path)
        names = ("st_mode", "st_nlink", "st_uid", "st_gid", "st_size", "st_blocks", "st_blksize")
        return {name: getattr(status, name) for name in names} | {
            "st_atime": status.st_atime_ns, "st_mtime": status.st_mtime_ns, "st_ctime": status.st_ctime_ns}

    def access(self, path, mode):
        if not os.access(path, mode, follow_symlinks=False):
            raise fusepy.FuseOSError(errno.EACCES if os.path.lexists(path) else errno.ENOENT)
        return 0

    def readdir(self, path, handle):
        return [".", "..", *os.listdir(path)]

    def statfs(self, path):
        status = os.statvfs(path)
        names = ("f_bsize", "f_frsize", "f_blocks", "f_bfree", "f_bavail", "f_files", "f_ffree", "f_favail",
                 "f_namemax")
        return {name: getattr(status, name) for name in names}

    def open(self, path, flags):
        return os.open(path, flags & ~os.O_NOFOLLOW)

    def create(self, path, mode, info=None):
        return os.open(path, os.O_RDWR | os.O_CREAT, mode)

    def read(self, path, size, offset, handle):
        return os.pread(handle, size, offset)

    def write(self, path, data, offset, handle):
        return os.pwrite(handle, data, offset)

    def truncate(self, path, length, handle=None):
        os.truncate(path if handle is None else handle, length)
        return 0

    def flush(self, path, handle):
        return 0

    def release(self, path, handle):
        os.close(handle)
        return 0

    def fsync(self, path, content_only, handle):
        os.fsync(handle)
        return 0

    def fsyncdir(self, path, content_only, handle):
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return 0

    def mkdir(self, path, mode):
        os.mkdir(path, mode)
        return 0

    def rmdir(self, path):
        os.rmdir(path)
        return 0

    def unlink(self, path):
        os.unlink(path)
        return 0

    def rename(self, old, new):
        os.rename(old, self.root + new)
        return 0

    def link(self, target, source):
        os.link(self.root + source, target, follow_symlinks=False)
        return 0

    def symlink(self, target, source):
        os.symlink(source, target)
        return 0

    def readlink(self, path):
        return os.readlink(path)

    def chmod(self, path, mode):
        os.chmod(path, mode)
        return 0

    def chown(self, path, user, group):
        os.chown(path, user, group, follow_symlinks=False)
        return 0

    def utimens(self, path, times=None):
        os.utime(path, ns=times, follow_symlinks=False)
        return 0


class WithoutLocks(SlowFolder):
    """The same, without a lock service."""

    def lock(self, path, handle, command, lock):
        raise fusepy.FuseOSError(errno.ENOLCK)


def main():
    folder, mount, milliseconds, locks = sys.argv[1:]
    kind = {"locks": SlowFolder, "no-locks": WithoutLocks}[locks]
    operations = kind(os.path.realpath(folder), float(milliseconds) / 1000)
    fusepy.FUSE(operations, mount, foreground=True, default_permissions=True)


main()
