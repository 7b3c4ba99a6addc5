//! What a picture shows, computed: places, contours, words. How it is laid out and drawn comes
//! after.

use std::path::Path;

use super::surface::Surface;
use super::text::plain;
use crate::decision::{Decision, Method, far_of};
use crate::error::Result;
use crate::pipeline::AnalysedPhoto;
use crate::profile::{PhotoRecord, Profile, Status, ThresholdChoice};
use crate::projection::{Pca, Place, Projection};

/// Strangers from whom the plane is fitted are drawn with this seed.
const FIT_SEED: u64 = 1;
/// Strangers whose spread is shown are others, drawn with this seed.
const SPREAD_SEED: u64 = 2;
/// How many of the latter.
const SPREAD: usize = 4000;
/// The shares of strangers that the ellipses hold.
const SHARES: [f64; 3] = [0.5, 0.9, 0.99];
/// At most this many photos of a kind are named.
const NAMED: usize = 3;

/// Faces to lay over a picture, all of one folder.
#[derive(Debug, Clone, PartialEq)]
pub struct Overlay {
    /// What the legend calls them.
    pub name: String,
    /// One embedding a face.
    pub embeddings: Vec<Vec<f32>>,
}

impl Overlay {
    /// Every face of every photo of `folder`: `check` looks at all of them too.
    #[must_use]
    pub fn new(folder: &Path, photos: &[AnalysedPhoto]) -> Self {
        let name = folder_name(folder);
        let faces = photos.iter().flat_map(|photo| &photo.faces);
        Self { name, embeddings: faces.map(|face| face.embedding.clone()).collect() }
    }
}

/// The name of a folder, also of one that is given as `.`.
#[must_use]
pub fn folder_name(folder: &Path) -> String {
    let absolute = folder.canonicalize();
    let named = absolute.as_deref().unwrap_or(folder);
    named.file_name().unwrap_or(named.as_os_str()).to_string_lossy().into_owned()
}

/// What the faces of a group are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Enrolled photos that count.
    Kept,
    /// Enrolled photos that do not count.
    SetAside,
    /// The faces of the overlay of this number.
    Overlay(usize),
}

/// A face on the plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    /// Where.
    pub place: Place,
    /// Of an overlay, and taken for the person by the profile.
    pub accepted: bool,
}

/// Faces that are drawn alike.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// What they are.
    pub kind: Kind,
    /// Their entry in the legend.
    pub name: String,
    /// The faces.
    pub spots: Vec<Spot>,
}

/// A name beside a face.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// Where the face is.
    pub place: Place,
    /// The file's name.
    pub text: String,
}

/// An ellipse that holds a share of the strangers.
#[derive(Debug, Clone, PartialEq)]
pub struct Ellipse {
    /// The share, between 0 and 1.
    pub share: f64,
    /// Its outline, closed.
    pub outline: Vec<Place>,
}

/// Everything that is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// The person's name.
    pub title: String,
    /// How many photos, by which method, with which threshold.
    pub subtitle: String,
    /// What the axis across and the axis up are.
    pub axes: [String; 2],
    /// The faces, those drawn first first; the legend has the same order.
    pub groups: Vec<Group>,
    /// Names of photos, the most important first.
    pub labels: Vec<Label>,
    /// The strangers, the largest ellipse first.
    pub ellipses: Vec<Ellipse>,
    /// The evidence over the plane.
    pub surface: Surface,
    /// The evidence at the border.
    pub threshold: f64,
}

impl Picture {
    /// The picture of a profile and its decision, with `overlays` over it. The same input gives
    /// the same picture.
    ///
    /// # Errors
    /// [`crate::Error::Numeric`] where the photos cannot be projected.
    pub fn of(profile: &Profile, decision: &Decision, overlays: &[Overlay]) -> Result<Self> {
        let embeddings = profile.embeddings();
        let population = &decision.population;
        let pca = Pca::fit(&embeddings, |count| population.strangers(count, FIT_SEED))?;
        let strangers: Vec<Place> =
            population.strangers(SPREAD, SPREAD_SEED).iter().map(|s| pca.place(s)).collect();
        let mut groups: Vec<Group> =
            overlays.iter().enumerate().map(|(i, o)| overlay(i, o, decision, &pca)).collect();
        groups.extend(enrolled(profile, &pca));
        Ok(Self {
            title: plain(&profile.name),
            subtitle: subtitle(embeddings.len(), profile, decision.threshold),
            axes: pca.axes(),
            groups,
            labels: labels(profile, decision.threshold, &pca),
            ellipses: ellipses(&strangers),
            surface: Surface::sample(decision, &embeddings, &pca)?,
            threshold: decision.threshold,
        })
    }

    /// Whether a face of an overlay is taken for the person.
    #[must_use]
    pub fn any_accepted(&self) -> bool {
        self.groups.iter().flat_map(|group| &group.spots).any(|spot| spot.accepted)
    }
}

fn overlay(number: usize, overlay: &Overlay, decision: &Decision, pca: &Pca) -> Group {
    let spot = |embedding: &Vec<f32>| Spot {
        place: pca.place(embedding),
        accepted: decision.evidence(embedding) >= decision.threshold,
    };
    let spots: Vec<Spot> = overlay.embeddings.iter().map(spot).collect();
    let name = format!("{} ({})", plain(&overlay.name), counted(spots.len(), "face"));
    Group { kind: Kind::Overlay(number), name, spots }
}

/// Where a photo's face lands.
fn landing(photo: &PhotoRecord, pca: &Pca) -> Option<Place> {
    photo.face.as_ref().map(|face| pca.place(&face.embedding))
}

/// The enrolled photos, those set aside last because they are few. Duplicates are left out.
fn enrolled(profile: &Profile, pca: &Pca) -> Vec<Group> {
    let spots = |wanted: fn(&Status) -> bool| -> Vec<Spot> {
        let photos = profile.photos.iter().filter(|photo| wanted(&photo.status));
        photos
            .filter_map(|photo| Some(Spot { place: landing(photo, pca)?, accepted: false }))
            .collect()
    };
    let kept = spots(|status| *status == Status::Kept);
    let aside = spots(|status| matches!(status, Status::SetAside { .. }));
    let mut groups = vec![Group {
        kind: Kind::Kept,
        name: format!("enrolled ({})", counted(kept.len(), "photo")),
        spots: kept,
    }];
    if !aside.is_empty() {
        let name = format!("set aside ({})", counted(aside.len(), "photo"));
        groups.push(Group { kind: Kind::SetAside, name, spots: aside });
    }
    groups
}

/// Names for the photos set aside with the least evidence, and for kept ones that would not match.
fn labels(profile: &Profile, threshold: f64, pca: &Pca) -> Vec<Label> {
    let named = |wanted: &dyn Fn(&PhotoRecord, f64) -> bool| {
        let mut photos: Vec<(f64, Label)> = profile
            .photos
            .iter()
            .filter_map(|photo| {
                let evidence = photo.evidence.filter(|evidence| wanted(photo, *evidence))?;
                let text = plain(&photo.path.file_name()?.to_string_lossy());
                Some((evidence, Label { place: landing(photo, pca)?, text }))
            })
            .collect();
        photos.sort_by(|a, b| a.0.total_cmp(&b.0));
        photos.into_iter().take(NAMED).map(|(_, label)| label)
    };
    let aside = named(&|photo, _| matches!(photo.status, Status::SetAside { .. }));
    let weak = named(&|photo, evidence| photo.status == Status::Kept && evidence < threshold);
    aside.chain(weak).collect()
}

/// The ellipses that would hold [`SHARES`] of `strangers` if these were Gaussian on the plane. In
/// the population's space they are; the step to unit length bends them a little, so mean and
/// covariance are those of drawn strangers.
fn ellipses(strangers: &[Place]) -> Vec<Ellipse> {
    let n = strangers.len() as f64;
    let mean = [0, 1].map(|i| strangers.iter().map(|p| p[i]).sum::<f64>() / n);
    let covariance = |i: usize, j: usize| {
        strangers.iter().map(|p| (p[i] - mean[i]) * (p[j] - mean[j])).sum::<f64>() / n
    };
    // The Cholesky factor takes the unit circle to the ellipse of one standard deviation.
    let across = covariance(0, 0).sqrt();
    let slant = if across > 0.0 { covariance(0, 1) / across } else { 0.0 };
    let up = (covariance(1, 1) - slant * slant).max(0.0).sqrt();
    let outline = |share: f64| {
        let radius = (-2.0 * (1.0 - share).ln()).sqrt();
        let place = |step: usize| {
            let (y, x) = (step as f64 / 96.0 * std::f64::consts::TAU).sin_cos();
            [mean[0] + radius * across * x, mean[1] + radius * (slant * x + up * y)]
        };
        (0..=96).map(place).collect()
    };
    SHARES.iter().rev().map(|&share| Ellipse { share, outline: outline(share) }).collect()
}

fn subtitle(kept: usize, profile: &Profile, threshold: f64) -> String {
    let method = method_name(profile.method);
    let far = match profile.threshold {
        ThresholdChoice::Far(far) => far,
        ThresholdChoice::Evidence(_) => far_of(threshold),
    };
    format!("{} · {method} · accepts {}", counted(kept, "photo"), strangers_in_words(far))
}

/// What a method is called.
fn method_name(method: Method) -> &'static str {
    match method {
        Method::Fusion => "PLDA and one-class SVM",
        Method::Plda => "PLDA",
        Method::Centroid => "cosine to the mean photo",
        Method::Nearest => "cosine to the closest photo",
        Method::Svm => "one-class SVM",
        Method::Supervised => "SVM against others",
    }
}

/// A false accept rate in words.
pub(super) fn strangers_in_words(far: f64) -> String {
    if !(1e-12..0.5).contains(&far) {
        return format!("{:.0} % of strangers", 100.0 * far.clamp(0.0, 1.0));
    }
    let one_in = 1.0 / far;
    let unit = 10f64.powf(one_in.log10().floor() - 1.0).max(1.0);
    format!("1 stranger in {}", thousands(((one_in / unit).round() * unit) as u64))
}

/// "1 photo", "2,000 photos".
fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {what}{plural}", thousands(count as u64))
}

/// A number with a comma after each three digits.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_and_counts_are_in_words() {
        assert_eq!(strangers_in_words(1e-4), "1 stranger in 10,000");
        assert_eq!(strangers_in_words(0.003), "1 stranger in 330");
        assert_eq!(strangers_in_words(0.5), "50 % of strangers");
        assert_eq!(strangers_in_words(0.0), "0 % of strangers");
        assert_eq!(counted(1, "photo"), "1 photo");
        assert_eq!(counted(1_234_567, "face"), "1,234,567 faces");
    }

    #[test]
    fn ellipses_hold_their_shares() {
        let population = crate::decision::toy_population(8);
        let places: Vec<Place> = population
            .strangers(4000, 3)
            .iter()
            .map(|s| [f64::from(s[1]) + 0.5 * f64::from(s[2]), f64::from(s[2])])
            .collect();
        let found = ellipses(&places);
        let held = |outline: &[Place], place: &Place| {
            outline.windows(2).filter(|e| (e[0][1] > place[1]) != (e[1][1] > place[1])).fold(
                false,
                |inside, e| {
                    let t = (place[1] - e[0][1]) / (e[1][1] - e[0][1]);
                    inside ^ (place[0] < e[0][0] + t * (e[1][0] - e[0][0]))
                },
            )
        };
        for ellipse in &found {
            let inside = places.iter().filter(|p| held(&ellipse.outline, p)).count();
            let share = inside as f64 / places.len() as f64;
            assert!((share - ellipse.share).abs() < 0.04, "{share} {}", ellipse.share);
        }
        assert_eq!(found.len(), 3);
    }
}
