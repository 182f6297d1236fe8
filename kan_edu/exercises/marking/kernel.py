"""Starts the kernel that runs a student's answers: first limits that it cannot lift again, then ipykernel.

    python -P -m kan_edu.exercises.marking.kernel --sandboxed -f CONNECTION_FILE

The number of processes is limited only inside a sandbox: elsewhere the limit counts all that its user runs, and one
student's fork bomb would take the processes of everybody who is checked at the same time.

In the sandbox calls of the system are refused too that reach out of it, or outlive it, or hold memory that nobody sees:
keys, which belong to the user and not to a sandbox; sockets of virtual machines; segments of System V; files without a
name. The filter is seccomp's (man 2 seccomp), a program of 4-tuples that the system runs before each call.
"""

import ctypes
import platform
import sys

MB = 2**20
LIMITS = {"RLIMIT_AS": 2048 * MB, "RLIMIT_FSIZE": 32 * MB, "RLIMIT_NOFILE": 256, "RLIMIT_CORE": 0}
PROCESSES = 128  # threads count too: ipykernel has about ten
REFUSED = ["add_key", "request_key", "keyctl", "shmget", "msgget", "semget", "memfd_create", "memfd_secret",
           "io_uring_setup"]  # the last could open sockets past the filter
ARM = {"arch": 0xC00000B7, "add_key": 217, "request_key": 218, "keyctl": 219, "shmget": 194, "msgget": 186,
       "semget": 190, "memfd_create": 279, "memfd_secret": 447, "io_uring_setup": 425, "socket": 198}
X86 = {"arch": 0xC000003E, "add_key": 248, "request_key": 249, "keyctl": 250, "shmget": 29, "msgget": 68,
       "semget": 64, "memfd_create": 319, "memfd_secret": 447, "io_uring_setup": 425, "socket": 41}
NUMBERS = {"x86_64": X86, "aarch64": ARM}  # <asm/unistd_64.h>, <asm-generic/unistd.h>, <linux/audit.h>
FAMILIES = [1, 2, 10, 16]  # of sockets: of the file system, of the two internet protocols, netlink
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050001, 0x80000000  # REFUSE: with EPERM
JOIN_SESSION, NO_NEW_PRIVILEGES, SECCOMP, BY_FILTER = 1, 38, 22, 2  # <linux/keyctl.h>, <linux/prctl.h>


def limit(sandboxed):
    """Lower the limits of this process and of all that it starts. On Windows there are none."""
    try:
        import resource
    except ImportError:
        return
    wanted = {**LIMITS, **({"RLIMIT_NPROC": PROCESSES} if sandboxed else {})}
    for name, most in wanted.items():
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        hard = resource.getrlimit(kind)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(kind, (most, most))
        except (ValueError, OSError):
            pass  # macOS refuses some of them


def call_filter(numbers):
    """The program for seccomp: (what to do, lines to skip if it holds, if not, value). Field 0 is a call's number."""
    field, give = lambda place: (0x20, 0, 0, place), lambda verdict: (0x06, 0, 0, verdict)
    equal, from_here_on = 0x15, 0x35
    words = [field(4), (equal, 1, 0, numbers["arch"]), give(KILL)]  # numbers mean something else to another machine
    words += [field(0), (from_here_on, 0, 1, 0x40000000), give(REFUSE)]  # x86-64 has a second set of numbers there
    for name in REFUSED:
        words += [(equal, 0, 1, numbers[name]), give(REFUSE)]
    words += [(equal, 1, 0, numbers["socket"]), give(ALLOW), field(16)]  # 16: the first word that the call is given
    for family in FAMILIES:
        words += [(equal, 0, 1, family), give(ALLOW)]
    return [*words, give(REFUSE)]


def leave_keys():
    """Join a session keyring of its own instead of the checker's; its number, or -1 in containers that refuse keys."""
    numbers = NUMBERS.get(platform.machine())
    return ctypes.CDLL(None).syscall(numbers["keyctl"], JOIN_SESSION, None) if numbers else -1


def refuse_calls():
    """Refuse `REFUSED` and other `FAMILIES` from here on, on machines whose numbers are known.

    Raises OSError where the system does not take the filter: then no answer is run.
    """
    numbers = NUMBERS.get(platform.machine())
    if numbers is None:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    words = b"".join(code.to_bytes(2, "little") + bytes([yes, no]) + value.to_bytes(4, "little")
                     for code, yes, no, value in call_filter(numbers))
    program = ctypes.create_string_buffer(words, len(words))

    class Filter(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("program", ctypes.c_void_p)]

    filtered = Filter(len(words) // 8, ctypes.addressof(program))
    refused = libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) or libc.prctl(SECCOMP, BY_FILTER, ctypes.byref(filtered), 0, 0)
    if refused:
        raise OSError(ctypes.get_errno(), "this system takes no filter for calls (seccomp), as the sandbox needs it")


def main(argv):
    """Limit this process, then turn it into a kernel; `argv` is ipykernel's, and perhaps --sandboxed."""
    sandboxed = "--sandboxed" in argv
    limit(sandboxed)
    if sandboxed:
        leave_keys()
        refuse_calls()
    from ipykernel.kernelapp import launch_new_instance  # after the limits: nothing starts without them

    launch_new_instance(argv=[word for word in argv if word != "--sandboxed"])


if __name__ == "__main__":
    main(sys.argv[1:])
