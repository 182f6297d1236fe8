"""What comes in, and the words of refusal: nothing is guessed, and each error says what came and what to do instead.

Read `arguments` (counts, numbers, flags, seeds, ranges, functions, models), then `arrays` (the one door for numbers in
arrays), `integers` (whole numbers that no float can hold), `functions` (what a given function returns) and `words`
(texts and names). Every other room imports from here; this one imports NumPy only.
"""
