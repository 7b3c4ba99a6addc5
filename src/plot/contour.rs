//! The contour where a surface over a grid reaches a level: marching squares (the planar form of Lorensen and Cline
//! 1987), joined into closed loops.

use std::collections::BTreeMap;

use ndarray::ArrayView2;

use crate::projection::Place;

/// A closed loop in units of the grid: x runs along columns, y along rows. The region at or above
/// the level is on its left, seen with y up: such a loop runs counter-clockwise around it.
pub type Loop = Vec<Place>;

/// A side of a grid cell: from the point at (column, row) to the next column, or to the next row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Side {
    column: usize,
    row: usize,
    upright: bool,
}

/// The loops around all regions where `grid` (rows × columns) is at or above `level`. Beyond the grid the value
/// counts as below, so that a region at the edge is closed along the edge.
#[must_use]
pub fn loops(grid: ArrayView2<f64>, level: f64) -> Vec<Loop> {
    let next = segments(grid, level);
    let mut left = next.clone();
    let mut found = Vec::new();
    while let Some((&start, _)) = left.first_key_value() {
        let mut places = Vec::new();
        let mut side = start;
        while let Some(following) = left.remove(&side) {
            places.push(crossing(grid, level, side));
            side = following;
        }
        found.push(places);
    }
    found
}

/// The value at a point of the grid, which is surrounded by a ring of points below any level.
fn value(grid: ArrayView2<f64>, column: usize, row: usize) -> f64 {
    let inside = column.checked_sub(1).zip(row.checked_sub(1));
    inside.and_then(|(x, y)| grid.get((y, x)).copied()).unwrap_or(f64::NEG_INFINITY)
}

/// From each crossed side of a cell to the next one. Each side is left at most once, because the
/// cell on its other side enters by it.
fn segments(grid: ArrayView2<f64>, level: f64) -> BTreeMap<Side, Side> {
    let mut next = BTreeMap::new();
    let (rows, columns) = grid.dim();
    for row in 0..=rows {
        for column in 0..=columns {
            let at = |x: usize, y: usize| value(grid, column + x, row + y) >= level;
            let corners = [at(0, 0), at(1, 0), at(1, 1), at(0, 1)];
            let bottom = Side { column, row, upright: false };
            let right = Side { column: column + 1, row, upright: true };
            let top = Side { column, row: row + 1, upright: false };
            let left = Side { column, row, upright: true };
            let pairs: &[(Side, Side)] = match corners {
                [false, false, false, false] | [true, true, true, true] => &[],
                [true, false, false, false] => &[(bottom, left)],
                [false, true, false, false] => &[(right, bottom)],
                [false, false, true, false] => &[(top, right)],
                [false, false, false, true] => &[(left, top)],
                [true, true, false, false] => &[(right, left)],
                [false, true, true, false] => &[(top, bottom)],
                [false, false, true, true] => &[(left, right)],
                [true, false, false, true] => &[(bottom, top)],
                [false, true, true, true] => &[(left, bottom)],
                [true, false, true, true] => &[(bottom, right)],
                [true, true, false, true] => &[(right, top)],
                [true, true, true, false] => &[(top, left)],
                // At a saddle the two low corners count as joined.
                [true, false, true, false] => &[(bottom, left), (top, right)],
                [false, true, false, true] => &[(right, bottom), (left, top)],
            };
            next.extend(pairs.iter().copied());
        }
    }
    next
}

/// Where the level is reached along a side, by linear interpolation; at the grid's edge, the edge.
fn crossing(grid: ArrayView2<f64>, level: f64, side: Side) -> Place {
    let Side { column, row, upright } = side;
    let (to_column, to_row) = if upright { (column, row + 1) } else { (column + 1, row) };
    let (from, to) = (value(grid, column, row), value(grid, to_column, to_row));
    let share = match (from.is_finite(), to.is_finite()) {
        (true, true) => ((level - from) / (to - from)).clamp(0.0, 1.0),
        (false, _) => 1.0,
        (true, false) => 0.0,
    };
    let (x, y) = (column as f64 - 1.0, row as f64 - 1.0);
    if upright { [x, y + share] } else { [x + share, y] }
}

/// The signed area: positive around a region, negative around a hole in one.
#[must_use]
pub fn area(places: &[Place]) -> f64 {
    let following = places.iter().cycle().skip(1);
    places.iter().zip(following).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum::<f64>() / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;

    /// The distance to a centre, below zero so that near is high.
    fn hill(rows: usize, columns: usize, centre: Place) -> Array2<f64> {
        Array2::from_shape_fn((rows, columns), |(y, x)| {
            -((x as f64 - centre[0]).powi(2) + (y as f64 - centre[1]).powi(2)).sqrt()
        })
    }

    #[test]
    fn a_hill_has_a_round_contour() {
        let found = loops(hill(40, 50, [24.0, 18.0]).view(), -10.0);
        assert_eq!(found.len(), 1);
        for place in &found[0] {
            let radius = ((place[0] - 24.0).powi(2) + (place[1] - 18.0).powi(2)).sqrt();
            assert!((radius - 10.0).abs() < 0.05, "{radius}");
        }
        assert!((area(&found[0]) - std::f64::consts::PI * 100.0).abs() < 2.0);
    }

    #[test]
    fn a_hole_turns_the_other_way() {
        let ring = hill(40, 40, [20.0, 20.0]).mapv(|v| -(v + 10.0).abs());
        let mut areas: Vec<f64> = loops(ring.view(), -4.0).iter().map(|l| area(l)).collect();
        areas.sort_by(f64::total_cmp);
        assert_eq!(areas.len(), 2);
        assert!((areas[0] + std::f64::consts::PI * 36.0).abs() < 2.0, "{areas:?}");
        assert!((areas[1] - std::f64::consts::PI * 196.0).abs() < 4.0, "{areas:?}");
    }

    #[test]
    fn a_region_at_the_edge_is_closed_along_it() {
        let slope = Array2::from_shape_fn((5, 9), |(_, x)| x as f64);
        let found = loops(slope.view(), 3.5);
        assert_eq!(found.len(), 1);
        assert!((area(&found[0]) - 4.5 * 4.0).abs() < 1e-9);
        assert_eq!(loops(slope.view(), -1.0).len(), 1);
        assert!(loops(slope.view(), 100.0).is_empty());
    }

    #[test]
    fn every_pattern_of_corners_gives_closed_loops_of_the_right_number() {
        let saddle = Array2::from_shape_vec((2, 2), vec![1.0, 0.0, 0.0, 1.0]).unwrap();
        assert_eq!(loops(saddle.view(), 0.5).len(), 2);
        for bits in 0u32..512 {
            let grid = Array2::from_shape_fn((3, 3), |(y, x)| f64::from(bits >> (3 * y + x) & 1));
            let found = loops(grid.view(), 0.5);
            assert!(found.iter().all(|l| l.len() >= 4 || bits == 0), "{bits}");
            assert_eq!(found.is_empty(), bits == 0);
        }
    }
}
