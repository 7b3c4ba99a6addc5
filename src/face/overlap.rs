//! The overlap of boxes, and suppression of boxes that show the same face.

/// The denominator for the shared area of two boxes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Overlap {
    /// The area that either of them covers.
    Union,
    /// The area of the smaller one.
    Smaller,
}

/// The overlap of two boxes, given as left, top, right and bottom: 0 to 1. `extra` is added to every width and
/// height, for coordinates that include the pixels of both edges.
pub(crate) fn overlap(a: [f32; 4], b: [f32; 4], measure: Overlap, extra: f32) -> f32 {
    let area = |[left, top, right, bottom]: [f32; 4]| {
        (right - left + extra).max(0.0) * (bottom - top + extra).max(0.0)
    };
    let shared = area([a[0].max(b[0]), a[1].max(b[1]), a[2].min(b[2]), a[3].min(b[3])]);
    match measure {
        Overlap::Union => shared / (area(a) + area(b) - shared),
        Overlap::Smaller => shared / area(a).min(area(b)),
    }
}

/// Greedy suppression: the items by rank, best first, without those that are the `same` as a better one. Items
/// of equal rank keep their order.
pub(super) fn suppress<T>(
    mut all: Vec<T>,
    rank: impl Fn(&T) -> f32,
    same: impl Fn(&T, &T) -> bool,
) -> Vec<T> {
    all.sort_by(|a, b| rank(b).total_cmp(&rank(a)));
    let mut kept: Vec<T> = Vec::new();
    for item in all {
        if !kept.iter().any(|better| same(better, &item)) {
            kept.push(item);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOX: [f32; 4] = [0.0, 0.0, 100.0, 100.0];

    #[test]
    fn the_better_of_two_overlapping_boxes_stays() {
        let at = |left: f32, score: f32| ([left, 0.0, left + 100.0, 100.0], score);
        let all = vec![at(0.0, 0.7), at(10.0, 0.9), at(300.0, 0.8)];
        let same =
            |a: &([f32; 4], f32), b: &([f32; 4], f32)| overlap(a.0, b.0, Overlap::Union, 0.0) > 0.5;
        let kept = suppress(all, |item| item.1, same);
        assert_eq!(kept.iter().map(|item| item.1).collect::<Vec<_>>(), [0.9, 0.8]);
    }

    #[test]
    fn a_box_inside_another_overlaps_it_wholly_by_the_smaller_area() {
        let inner = [40.0, 40.0, 50.0, 50.0];
        assert_eq!(overlap(BOX, inner, Overlap::Union, 0.0), 0.01);
        assert_eq!(overlap(BOX, inner, Overlap::Smaller, 0.0), 1.0);
        assert_eq!(overlap(BOX, [200.0, 0.0, 300.0, 100.0], Overlap::Union, 0.0), 0.0);
    }

    #[test]
    fn edges_can_be_counted_twice() {
        // One column of pixels is in both.
        let right = [100.0, 0.0, 200.0, 100.0];
        assert_eq!(overlap(BOX, right, Overlap::Smaller, 0.0), 0.0);
        assert_eq!(overlap(BOX, right, Overlap::Smaller, 1.0), 1.0 / 101.0);
    }
}
