//! The likeness of photos and folders: the mean log-likelihood ratio of their pairs of photos.

use ndarray::{Array1, Array2, ArrayView1, Axis};

use crate::decision::Population;
use crate::eval::People;

/// Photos and folders as points. The product of two points gives the log-likelihood ratio of "one person" against
/// "two people" for a pair of photos (natural logarithm).
///
/// Along an axis with between-person variance ψ and within-person variance 1, two photos x and y have the ratio
/// ln(1+ψ) − ½ ln(1+2ψ) + ½ψ(x+y)²/(1+2ψ) − ½ψ(x²+y²)/(1+ψ): a constant, a term for each photo alone, and a product.
/// The mean over all pairs of two folders' photos therefore follows from the folders' means. Brümmer and De Villiers,
/// Odyssey 2010 (two covariances).
pub(super) struct Likeness {
    constant: f64,
    folders: Vec<Folder>,
    /// The mean row of every person.
    means: Array2<f64>,
    /// The mean of each person's terms for photos alone.
    alone: Array1<f64>,
}

/// One person's photos, one row each, and the term for each photo alone.
struct Folder {
    points: Array2<f64>,
    alone: Array1<f64>,
}

impl Likeness {
    /// Takes `people`, each with at least one photo.
    pub(super) fn new(people: &People, population: &Population) -> Self {
        let psi = &population.psi;
        let pair = psi / (psi * 2.0 + 1.0);
        let scale = pair.mapv(f64::sqrt);
        let square = (&pair - &(psi / (psi + 1.0))) * 0.5;
        let constant = psi.iter().map(|p| p.ln_1p() - 0.5 * (2.0 * p).ln_1p()).sum();
        let folder = |embeddings: &[Vec<f32>]| {
            let mut points = Array2::zeros((embeddings.len(), psi.len()));
            for (embedding, mut row) in embeddings.iter().zip(points.axis_iter_mut(Axis(0))) {
                row.assign(&population.diagonal(embedding));
            }
            let alone = (&points * &points).dot(&square);
            Folder { points: points * &scale, alone }
        };
        let folders: Vec<Folder> = people.0.iter().map(|p| folder(&p.embeddings)).collect();
        let mut means = Array2::zeros((folders.len(), psi.len()));
        for (folder, mut row) in folders.iter().zip(means.axis_iter_mut(Axis(0))) {
            row.assign(&(folder.points.sum_axis(Axis(0)) / folder.alone.len() as f64));
        }
        let alone = folders.iter().map(|f| f.alone.sum() / f.alone.len() as f64).collect();
        Self { constant, folders, means, alone }
    }

    /// The likeness of one folder to every folder.
    pub(super) fn of_folder(&self, person: usize) -> Array1<f64> {
        self.to_all(self.means.row(person), self.alone[person])
    }

    /// The likeness of one photo to the others in its folder; NaN if there are no others.
    pub(super) fn own(&self, person: usize, photo: usize) -> f64 {
        let Folder { points, alone } = &self.folders[person];
        let (point, count) = (points.row(photo), alone.len() as f64);
        let all = self.constant + alone[photo] + self.alone[person];
        let all = all + self.means.row(person).dot(&point);
        let itself = self.constant + 2.0 * alone[photo] + point.dot(&point);
        (all * count - itself) / (count - 1.0)
    }

    /// The other folder that one photo is most like, and that likeness.
    pub(super) fn nearest_other(&self, person: usize, photo: usize) -> (usize, f64) {
        let Folder { points, alone } = &self.folders[person];
        let mut all = self.to_all(points.row(photo), alone[photo]);
        all[person] = f64::NEG_INFINITY;
        let likeness = all.into_iter().enumerate();
        likeness.max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((person, f64::NEG_INFINITY))
    }

    /// The number of a person's photos.
    pub(super) fn photos(&self, person: usize) -> usize {
        self.folders[person].alone.len()
    }

    /// The number of people.
    pub(super) fn people(&self) -> usize {
        self.folders.len()
    }

    fn to_all(&self, point: ArrayView1<f64>, alone: f64) -> Array1<f64> {
        self.means.dot(&point) + &self.alone + (self.constant + alone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::{Plda, toy_population};
    use crate::eval::people::tests::made_up;

    #[test]
    fn the_mean_over_pairs_is_that_of_pldas_ratios() {
        let people = made_up(5, 6);
        let population = toy_population(6);
        let likeness = Likeness::new(&people, &population);
        let ratio = |x: &Vec<f32>, y: &Vec<f32>| {
            Plda::fit(&population, std::slice::from_ref(x)).raw_score(&population.diagonal(y))
        };
        let mean = |x: &Vec<f32>, others: &[Vec<f32>]| {
            others.iter().map(|y| ratio(x, y)).sum::<f64>() / others.len() as f64
        };
        let [a, b] = [1, 2].map(|i| &people.0[i].embeddings);
        let expected = a.iter().map(|x| mean(x, b)).sum::<f64>() / a.len() as f64;
        assert!((likeness.of_folder(1)[2] - expected).abs() < 1e-9);
        assert!((likeness.own(1, 0) - mean(&a[0], &a[1..])).abs() < 1e-9);
        let others = [0, 2, 3, 4].map(|i| (i, mean(&a[0], &people.0[i].embeddings)));
        let nearest = others.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
        let found = likeness.nearest_other(1, 0);
        assert!(found.0 == nearest.0 && (found.1 - nearest.1).abs() < 1e-9);
    }
}
