"""Bad calls of the public functions, and what came of them.

Read `arguments` first (what is passed: a good value, and the ways to spoil it), `arrays` and `values` (the kinds), then
`rooms/` (which functions there are, with the kind of each argument), `worker` (a process that makes the calls, with a
limit on memory), and `judge` (what came of a call).
"""
