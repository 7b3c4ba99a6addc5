//! Merges faces into groups: the two groups that most probably show one person are joined, again and again,
//! until no pair of groups is more probably one person than two.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use ndarray::{Array2, ArrayView2};

use super::likeness::{Likeness, Pair};
use super::links::links;

/// What is known of one face besides its embedding.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Known {
    /// The number of its photo.
    pub photo: u32,
    /// The score that it loses because its kind is crowded.
    pub crowding: f32,
    /// Whether it is so poor that poor faces look alike: it joins a group, but starts none.
    pub poor: bool,
}

/// The groups, each under the number of one of its faces.
struct Groups<'a> {
    likeness: &'a Likeness,
    /// The sums of the faces' embeddings.
    sums: Array2<f32>,
    sizes: Vec<u32>,
    crowding: Vec<f32>,
    poor: Vec<bool>,
    /// For each group its photos that show several faces, rising; other photos have no face of another group.
    photos: Vec<Vec<u32>>,
    /// For each group, those that it may be joined with, each by one of its faces.
    near: Vec<Vec<u32>>,
    /// The group that each group was joined to; itself if none.
    parent: Vec<u32>,
    /// How often a group has grown.
    grown: Vec<u32>,
    heap: BinaryHeap<Candidate>,
}

/// A group and the one most probably showing the same person.
#[derive(Debug, PartialEq)]
struct Candidate {
    log_odds: f64,
    groups: [u32; 2],
    /// How often each had grown when this was computed.
    grown: [u32; 2],
}

impl Eq for Candidate {}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Candidate {
    /// The most probable is the greatest; of equals, the first.
    fn cmp(&self, other: &Self) -> Ordering {
        let likelier = self.log_odds.total_cmp(&other.log_odds);
        likelier.then_with(|| (other.groups, other.grown).cmp(&(self.groups, self.grown)))
    }
}

/// The group of each face, named by the number of one of its faces. `embeddings` has a row of length 1
/// for each face.
pub fn merge(
    embeddings: ArrayView2<f32>,
    known: &[Known],
    likeness: &Likeness,
    threads: usize,
) -> Vec<u32> {
    let mut groups = Groups::new(embeddings, known, likeness);
    // A face has few links, and many similar faces can take them all: so the groups are compared again, by the
    // means of their faces, until no two are one person.
    while groups.round(threads) {}
    (0..known.len() as u32).map(|face| groups.find(face)).collect()
}

impl<'a> Groups<'a> {
    fn new(embeddings: ArrayView2<f32>, known: &[Known], likeness: &'a Likeness) -> Self {
        let count = known.len();
        let mut faces = std::collections::HashMap::<u32, u32>::new();
        known.iter().for_each(|face| *faces.entry(face.photo).or_default() += 1);
        let several = |face: &Known| faces.get(&face.photo).is_some_and(|faces| *faces > 1);
        let photos = |face: &Known| if several(face) { vec![face.photo] } else { Vec::new() };
        Self {
            likeness,
            sums: embeddings.to_owned(),
            sizes: vec![1; count],
            crowding: known.iter().map(|face| face.crowding).collect(),
            poor: known.iter().map(|face| face.poor).collect(),
            photos: known.iter().map(photos).collect(),
            near: vec![Vec::new(); count],
            parent: (0..count as u32).collect(),
            grown: vec![0; count],
            heap: BinaryHeap::new(),
        }
    }

    /// Link the present groups, and join those that are one person. Returns whether any were joined.
    fn round(&mut self, threads: usize) -> bool {
        let count = self.parent.len() as u32;
        let roots: Vec<u32> = (0..count).filter(|at| self.parent[*at as usize] == *at).collect();
        let dimensions = self.sums.ncols();
        let mut means = Array2::zeros((roots.len(), dimensions));
        for (mut mean, root) in means.rows_mut().into_iter().zip(&roots) {
            let at = *root as usize;
            mean.assign(&self.sums.row(at));
            mean /= self.sizes[at] as f32;
        }
        let largest = roots.iter().map(|root| self.sizes[*root as usize]).max().unwrap_or(1);
        let least = self.likeness.least(largest as usize) as f32;
        for (at, links) in links(means.view(), least, threads).into_iter().enumerate() {
            for other in links {
                self.near[roots[at] as usize].push(roots[other as usize]);
                self.near[roots[other as usize] as usize].push(roots[at]);
            }
        }
        drop(means);
        for root in &roots {
            self.settle(*root);
            self.choose(*root);
        }
        let mut joined = false;
        while let Some(candidate) = self.heap.pop() {
            joined |= self.join(&candidate);
        }
        roots.iter().for_each(|root| self.near[*root as usize] = Vec::new());
        joined
    }

    /// The group that a face is in.
    fn find(&mut self, face: u32) -> u32 {
        let mut at = face;
        while self.parent[at as usize] != at {
            let above = self.parent[self.parent[at as usize] as usize];
            self.parent[at as usize] = above;
            at = above;
        }
        at
    }

    /// Name each group near `group` once, and by its present number.
    fn settle(&mut self, group: u32) {
        let mut near = std::mem::take(&mut self.near[group as usize]);
        near.iter_mut().for_each(|other| *other = self.find(*other));
        near.sort_unstable();
        near.dedup();
        near.retain(|other| *other != group);
        self.near[group as usize] = near;
    }

    /// Queue the near group that most probably shows the same person, if one person is more probable than two. Of
    /// any two groups, the one that changed last has queued the other or a more probable one.
    fn choose(&mut self, group: u32) {
        let near = self.near[group as usize].iter();
        let odds = near.map(|other| (self.log_odds(group, *other), *other));
        let best = odds.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        if let Some((log_odds, other)) = best.filter(|(log_odds, _)| *log_odds > 0.0) {
            let groups = [group, other];
            let grown = groups.map(|at| self.grown[at as usize]);
            self.heap.push(Candidate { log_odds, groups, grown });
        }
    }

    /// The logarithm of the odds that two groups are one person.
    fn log_odds(&self, one: u32, other: u32) -> f64 {
        // In this order, so that the result does not depend on the order of the arguments.
        let (a, b) = (one.min(other) as usize, one.max(other) as usize);
        if self.poor[a] && self.poor[b] {
            return f64::NEG_INFINITY;
        }
        let [m, n] = [self.sizes[a], self.sizes[b]].map(f64::from);
        self.likeness.log_odds(Pair {
            cosine: f64::from(self.sums.row(a).dot(&self.sums.row(b))) / (m * n),
            larger: m.max(n) as usize,
            smaller: m.min(n) as usize,
            crowding: (f64::from(self.crowding[a]) / m + f64::from(self.crowding[b]) / n) / 2.0,
            together: together(&self.photos[a], &self.photos[b]),
        })
    }

    /// Join two groups, unless either has changed since. Returns whether they were joined.
    fn join(&mut self, candidate: &Candidate) -> bool {
        let [a, b] = candidate.groups;
        let is_as_then =
            |at: u32, then: u32| self.parent[at as usize] == at && self.grown[at as usize] == then;
        if !is_as_then(a, candidate.grown[0]) {
            return false;
        }
        if !is_as_then(b, candidate.grown[1]) {
            self.settle(a);
            self.choose(a);
            return false;
        }
        let larger = self.near[a as usize].len() >= self.near[b as usize].len();
        let (into, from) = if larger { (a, b) } else { (b, a) };
        self.unite(into as usize, from as usize);
        self.settle(into);
        self.choose(into);
        true
    }

    /// Add one group to another.
    fn unite(&mut self, into: usize, from: usize) {
        let added = self.sums.row(from).to_owned();
        let mut sum = self.sums.row_mut(into);
        sum += &added;
        self.sizes[into] += self.sizes[from];
        self.crowding[into] += self.crowding[from];
        self.poor[into] &= self.poor[from];
        let photos = std::mem::take(&mut self.photos[from]);
        self.photos[into].extend(photos);
        self.photos[into].sort_unstable();
        self.parent[from] = into as u32;
        self.grown[into] += 1;
        let near = std::mem::take(&mut self.near[from]);
        self.near[into].extend(near);
    }
}

/// How many photos are in both lists, which rise.
fn together(one: &[u32], other: &[u32]) -> usize {
    let (few, many) = if one.len() < other.len() { (one, other) } else { (other, one) };
    few.iter().filter(|photo| many.binary_search(photo).is_ok()).count()
}
