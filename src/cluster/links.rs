//! Which rows of a matrix are most alike. All are compared with all, block by block, so that only the rows and
//! a few links for each are in memory.

use std::sync::{Mutex, PoisonError};

use ndarray::{ArrayView2, Axis, Slice};

/// The rows of a block, of which two are compared at a time.
const ROWS: usize = 256;
const COLUMNS: usize = 2_048;
/// The most links of a row: those to the most alike.
const MOST: usize = 32;

/// For each row, the rows whose product with it exceeds `least`, the largest first, at most 32. The result does
/// not depend on `threads`.
pub fn links(rows: ArrayView2<f32>, least: f32, threads: usize) -> Vec<Vec<u32>> {
    let mut links: Vec<Vec<u32>> = vec![Vec::new(); rows.nrows()];
    let blocks = Mutex::new(links.chunks_mut(ROWS).enumerate());
    let next = || blocks.lock().unwrap_or_else(PoisonError::into_inner).next();
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                while let Some((block, links)) = next() {
                    of_block(rows, block * ROWS, least, links);
                }
            });
        }
    });
    links
}

/// The links of the rows from `first` on.
fn of_block(rows: ArrayView2<f32>, first: usize, least: f32, links: &mut [Vec<u32>]) {
    let own = rows.slice_axis(Axis(0), Slice::from(first..first + links.len()));
    let mut near: Vec<Vec<(f32, u32)>> = vec![Vec::new(); links.len()];
    for (tile, others) in rows.axis_chunks_iter(Axis(0), COLUMNS).enumerate() {
        let products = own.dot(&others.t());
        for ((at, near), products) in near.iter_mut().enumerate().zip(products.rows()) {
            for (column, product) in products.iter().enumerate() {
                let other = tile * COLUMNS + column;
                if *product > least && other != first + at {
                    near.push((*product, other as u32));
                }
            }
            if near.len() > 4 * MOST {
                keep_most(near);
            }
        }
    }
    for (links, mut near) in links.iter_mut().zip(near) {
        keep_most(&mut near);
        *links = near.into_iter().map(|(_, other)| other).collect();
    }
}

/// Sort by product, the largest first, and keep at most [`MOST`].
fn keep_most(near: &mut Vec<(f32, u32)>) {
    near.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    near.truncate(MOST);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enroll::tests::POPULATION;

    #[test]
    fn a_row_is_linked_to_those_most_like_it_whatever_the_threads() {
        let count = 2 * ROWS + 7;
        let faces = POPULATION.strangers(count, 3).concat();
        let rows = ArrayView2::from_shape((count, faces.len() / count), &faces).unwrap();
        let found = links(rows, 0.2, 1);
        assert_eq!(found, links(rows, 0.2, 3));
        for at in [0, ROWS, count - 1] {
            let mut near: Vec<(f32, usize)> = (0..count)
                .filter(|other| *other != at)
                .map(|other| (rows.row(at).dot(&rows.row(other)), other))
                .filter(|(product, _)| *product > 0.2)
                .collect();
            near.sort_by(|a, b| b.0.total_cmp(&a.0));
            near.truncate(MOST);
            let near: Vec<u32> = near.into_iter().map(|(_, other)| other as u32).collect();
            assert_eq!(found[at], near);
        }
        assert!(found.iter().all(|links| links.len() <= MOST));
        assert!(found.iter().any(|links| links.len() == MOST), "some had more");
        assert!(links(rows.slice_axis(Axis(0), Slice::from(..0)), 0.2, 2).is_empty());
    }
}
