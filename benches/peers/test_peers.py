"""What is chosen and what is counted, on made-up people: python3 -m unittest discover -s benches/peers"""

import tempfile
import unittest
from pathlib import Path

import rates
import trials


def folder_of(root: Path, people: dict[str, int]) -> Path:
    """A folder of people with so many photos, all empty files."""
    for name, photos in people.items():
        (root / name).mkdir()
        for place in range(photos):
            (root / name / f"{place}.jpg").touch()
    return root


class Trials(unittest.TestCase):
    def plan(self, people: dict[str, int]) -> dict:
        with tempfile.TemporaryDirectory() as root:
            return trials.of_folder(folder_of(Path(root), people))

    def test_no_photo_is_both_enrolled_and_tried(self):
        plan = self.plan({f"person {place}": 3 + place for place in range(20)})
        enrolled = {photo for enrolment in plan["enrolments"] for photo in enrolment["photos"]}
        self.assertTrue(enrolled)
        self.assertFalse(enrolled & {probe["photo"] for probe in plan["probes"]})

    def test_few_people_are_enrolled_several_times(self):
        plan = self.plan({"a": 30, "b": 30, "c": 30, "d": 30})
        self.assertEqual(len(plan["enrolments"]), 4 * (trials.ENROLMENTS // 4))
        self.assertEqual(sum(probe["person"] == "a" for probe in plan["probes"]), 20)

    def test_people_with_two_photos_are_strangers(self):
        plan = self.plan({"a": 9, "b": 2, "c": 1})
        self.assertEqual({enrolment["person"] for enrolment in plan["enrolments"]}, {"a"})
        self.assertEqual(sum(probe["person"] in "bc" for probe in plan["probes"]), 2)


class Rates(unittest.TestCase):
    plan = {
        "enrolments": [{"person": "a", "photos": ["a1"]}, {"person": "b", "photos": ["b1"]}],
        "probes": [{"person": name, "photo": f"{name}{place}"} for name in "abcd" for place in (2, 3)],
        "related": [["b", "a"]],
    }
    told = [
        [(5.0, True), None, (9.0, True), (9.0, True), (4.5, True), (1.0, False), None, (0.5, False)],
        None,
    ]

    def seen(self) -> rates.Outcome:
        return rates.outcome(self.plan, self.told, lambda _score, accepted: accepted)

    def test_no_face_and_nobody_enrolled_are_refusals(self):
        seen = self.seen()
        self.assertEqual(rates.right(seen), 1 / 4)
        self.assertEqual((seen.enrolments, seen.not_enrolled, seen.faceless), (2, 1, 1))

    def test_relatives_are_not_tried(self):
        seen = self.seen()
        self.assertEqual(len(seen.impostors), 8)
        self.assertEqual(rates.wrong(seen), 1 / 8)
        self.assertEqual(seen.wrong, [("a", "c")])

    def test_interval_holds_the_rate_and_zero_has_an_upper_end(self):
        seen = self.seen()
        low, high = rates.interval(seen)
        self.assertLessEqual(low, rates.wrong(seen))
        self.assertLessEqual(rates.wrong(seen), high)
        self.assertEqual(rates.interval(rates.Outcome(impostors=[0.0] * 300)), (0.0, 0.01))

    def test_a_common_rate_takes_its_own_threshold(self):
        seen = rates.Outcome(
            genuine=[((6.0, False), False), ((4.0, False), False), (None, False)],
            impostors=[5.0] * 5 + [0.0] * 495,
        )
        self.assertEqual(rates.right_at(seen, 1e-2), 2 / 3)
        self.assertIsNone(rates.right_at(seen, 1e-3))


if __name__ == "__main__":
    unittest.main()
