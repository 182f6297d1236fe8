"""Starts the kernel that runs a student's answers: first limits that it cannot lift again, then ipykernel.

    python -P -m kan_edu.exercises.marking.kernel --sandboxed -f CONNECTION_FILE

The number of processes is limited only inside a sandbox: elsewhere the limit counts all that its user runs, and one
student's fork bomb would take the processes of everybody who is checked at the same time.
"""

import sys

MB = 2**20
LIMITS = {"RLIMIT_AS": 2048 * MB, "RLIMIT_FSIZE": 32 * MB, "RLIMIT_NOFILE": 256, "RLIMIT_CORE": 0}
PROCESSES = 128  # threads count too: ipykernel has about ten


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


def main(argv):
    """Limit this process, then turn it into a kernel; `argv` is ipykernel's, and perhaps --sandboxed."""
    sandboxed = "--sandboxed" in argv
    limit(sandboxed)
    from ipykernel.kernelapp import launch_new_instance  # after the limits: nothing starts without them

    launch_new_instance(argv=[word for word in argv if word != "--sandboxed"])


if __name__ == "__main__":
    main(sys.argv[1:])
