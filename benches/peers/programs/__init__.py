"""One module for each program that is compared; each runs in the Python environment of its own.

A module has a class `Program`, whose methods are the program's own functions, called as its documents say:

- `embed(photo)`: what the program finds in a photo, or None; the costly part, done once for each photo;
- `enrol(found)`: what it keeps of a person's photos, from what `embed` found in them; never empty;
- `compare(template, photo, found)`: the score, higher for the same person, and whether it accepts;
- `plain(photos, photo)`: the same two answers from its public interface alone, with nothing kept in between.
"""
