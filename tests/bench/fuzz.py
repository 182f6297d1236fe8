"""Bad input of every kind into every public function: each answer is to be right, or a clear word.

A call is drawn from the seed and its number alone, so a line of the list can be run again: `--again NUMBER`.
"""

import multiprocessing as mp
import multiprocessing.connection
import sys
import time
from collections import Counter

from . import machine, report

LONGEST = 8.0  # seconds of a call before it counts as too slow
PERIOD = 0.5  # seconds between two looks at the clock


def add_arguments(parser):
    parser.add_argument("--calls", type=int, default=2000, help="how many calls (default: 2000)")
    parser.add_argument("--seed", type=int, default=1, help="which calls are drawn (default: 1)")
    parser.add_argument("-j", "--jobs", type=int, default=2, help="processes (default: 2)")
    parser.add_argument("--only", metavar="WORD", help="only functions whose name, or room, begins so")
    parser.add_argument("--again", type=int, metavar="NUMBER", help="make this one call, and show its error")
    parser.add_argument("--json", metavar="FILE", help="write all that was not right or clear to FILE")
    parser.add_argument("--write", action="store_true", help="put the table into docs/measurements.md")


def run(args):
    from .fuzzing import rooms, worker

    if args.only:
        keep_only(rooms, args.only)
    if args.again is not None:
        return again(args.seed, args.again)
    if args.write:
        report.has_place("fuzz")
    facts = machine.facts()
    answers = campaign(worker.work, args.seed, args.calls, args.jobs)
    rows = counted(answers, args.seed, rooms.ROOM_OF)
    print(report.table(*rows))
    print(f"\nseed {args.seed}; {machine.describe(facts)}")
    listed = leftovers(answers, args.seed)
    for number, verdict, call, words in listed:
        print(f"{number:6d}  {verdict}: {call}\n        {words[:300]}")
    if args.json:
        report.write_json(args.json, listed)
    if args.write:
        report.put("fuzz", page(rows, args, facts))
    return 0 if not any(verdict in FAILED for _, verdict, _, _ in listed) else 1


FAILED = ("silently wrong", "too much memory", "too slow")


def keep_only(rooms, word):
    """Leave only the functions whose name, or room, begins with `word`; SystemExit if there is none."""
    for name in list(rooms.FUNCTIONS):
        if not (name.startswith(word) or rooms.ROOM_OF[name].startswith(word)):
            del rooms.FUNCTIONS[name]
    if not rooms.FUNCTIONS:
        sys.exit(f"no function and no room begins with {word!r}")


def again(seed, number):
    """One call in this process, with the whole traceback of its error."""
    import traceback

    from .fuzzing import judge, worker

    name, spoilt = worker.plan(seed, number)
    print(worker.called(name, spoilt))
    judge.on_error = traceback.print_exception
    print(*worker.make(name, spoilt), sep=": ")
    return 0


def campaign(work, seed, calls, jobs):
    """Make calls 0 .. calls-1 in `jobs` processes: a list of (number, verdict, words), in order.

    A process that says nothing for `LONGEST` seconds is ended, and its call counts as too slow; one that dies counts
    as too much memory. Another takes its place.
    """
    context = mp.get_context("fork")
    waiting, found = iter(range(calls)), []
    workers = [Worker(context, work) for _ in range(min(jobs, calls))]
    try:
        for one in workers:
            one.ask(seed, next(waiting))
        while workers:
            ready = mp.connection.wait([one.answers for one in workers], timeout=PERIOD)
            for one in list(workers):
                answer = one.look(one.answers in ready)
                if answer is None:
                    continue
                found.append(answer)
                show_progress(len(found), calls)
                number = next(waiting, None)
                if number is None:
                    one.close()
                    workers.remove(one)
                else:
                    one.ask(seed, number)
    except KeyboardInterrupt:
        print(f"\ninterrupted; the table is of {len(found)} calls", file=sys.stderr)
    finally:
        for one in workers:
            one.close()
    return sorted(found)


def show_progress(done, calls):
    if done % 100 == 0 or done == calls:
        print(f"\r{done} of {calls} calls", end="\n" if done == calls else "", file=sys.stderr, flush=True)


class Worker:
    """A process that makes calls, with the pipes to it; started again when it has to be ended."""

    def __init__(self, context, work):
        self.context, self.work = context, work
        self.start()

    def start(self):
        asks, self.asks = self.context.Pipe(duplex=False)
        self.answers, answers = self.context.Pipe(duplex=False)
        self.process = self.context.Process(target=self.work, args=(asks, answers), daemon=True)
        self.process.start()
        asks.close(), answers.close()

    def ask(self, seed, number):
        self.number, self.since = number, time.monotonic()
        self.asks.send((seed, number))

    def look(self, ready):
        """(number, verdict, words) once there is an answer, or none is to come; None while one is awaited."""
        if ready:
            try:
                return self.answers.recv()
            except EOFError:
                return self.again("too much memory", "the process died")
        if time.monotonic() - self.since > LONGEST:
            return self.again("too slow", f"no answer after {LONGEST:g} s")
        return None

    def again(self, verdict, words):
        self.close()
        self.start()
        return self.number, verdict, words

    def close(self):
        self.asks.close()
        self.process.kill()
        self.process.join()


def counted(answers, seed, room_of):
    """(header, rows) of the table: a row for each room, and one for all."""
    from .fuzzing import judge, worker

    counts = Counter()
    for number, verdict, _ in answers:
        room = room_of[worker.plan(seed, number)[0]]
        counts[room, verdict] += 1
        counts["all", verdict] += 1
    rooms = [room for room in dict.fromkeys(room_of.values()) if any(key[0] == room for key in counts)]
    rows = [[room, *(counts[room, verdict] for verdict in judge.VERDICTS)] for room in [*rooms, "all"]]
    return ["room", *judge.VERDICTS], rows


def leftovers(answers, seed):
    """(number, verdict, call, words) of all that was neither right nor clear, the worst first."""
    from .fuzzing import judge, worker

    order = (judge.WRONG, judge.MEMORY, judge.SLOW, judge.UNCLEAR)
    listed = [(number, verdict, worker.called(*worker.plan(seed, number)), words)
              for number, verdict, words in answers if verdict in order]  # fmt: skip
    return sorted(listed, key=lambda one: (order.index(one[1]), one[2]))


def page(rows, args, facts):
    """The table as docs/measurements.md shows it."""
    total = rows[1][-1]
    share = total[3] / max(sum(total[1:]), 1)
    command = f"`python -m tests.bench fuzz --calls {args.calls} --seed {args.seed}`"
    words = f"Unclear: {share:.2%}. By {command}; {machine.describe(facts)}"
    return "\n\n".join([report.table(*rows, markdown=True), words])
