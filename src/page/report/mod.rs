//! The report on a profile: its photos and expected error rates.

mod cards;
mod expected;
#[cfg(test)]
mod tests;

use std::path::Path;

use askama::Template;

use super::frame::Frame;
use super::link::folder_of_page;
use super::{rendered, svg, undrawn, write};
use crate::decision::Decision;
use crate::enroll::{Gap, Years};
use crate::error::Result;
use crate::eval::Estimate;
use crate::face::{Concern, Quality};
use crate::plot::{Histogram, Kind, Picture, RatesFigure, Scene, Size, View, YearsFigure};
use crate::profile::{Profile, Status};
use crate::words::{MOST_TIMES, MOST_TIMES_AT_HAND, count, grouped, strangers};
use cards::{Card, Cards};
pub use expected::Expected;

const STYLE: &str = concat!(
    include_str!("../../../assets/page/page.css"),
    include_str!("../../../assets/page/report.css")
);

/// Added if the population has few people of the person's kind.
const RARE: &str = "; the population has few people like this one, so measure it with photos of strangers of the \
                    same kind (verify enroll --strangers)";
/// With fewer photos than this, the report recommends adding more.
const FEW_PHOTOS: usize = 5;
/// From this share of rejected photos, the report warns.
const MANY_REJECTED: f64 = 0.1;
/// The size of the pictures of a plane, and that of the histogram.
const PLANE: Size = Size { width: 900, height: 675 };
const WIDE: Size = Size { width: 1100, height: 480 };

/// The page.
#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    frame: Frame,
    /// Numbers with their captions.
    tiles: [(String, String); 4],
    trust: Trust,
    rates: [Rate; 3],
    /// Pictures, as SVG.
    histogram: String,
    over_years: Option<Over>,
    by_score: String,
    by_component: String,
    least: Vec<Card>,
    aside: Vec<Card>,
    /// Copies, each with its original.
    copies: Vec<(String, String)>,
    /// Measures of the photos.
    quality: Vec<(String, String)>,
}

/// The years of the photos.
struct Over {
    /// A picture, as SVG.
    figure: String,
    words: String,
}

/// The conclusion, in one or two sentences.
struct Trust {
    doubt: bool,
    words: String,
}

/// An error rate.
struct Rate {
    what: String,
    value: String,
    interval: String,
    /// How it was obtained.
    from: String,
}

/// Write the report of `profile` to `path`; see [`report_page`].
///
/// # Errors
/// As [`report_page`], and [`crate::Error::Write`].
pub fn report(
    profile: &Profile,
    scene: &Scene,
    decision: &Decision,
    expected: &Expected,
    path: &Path,
) -> Result<()> {
    write(path, &report_page(profile, scene, decision, expected, Some(path))?)
}

/// The report on `profile`. It contains the faces of `scene` that have a crop, and links to the photos if its own
/// `path` is known.
///
/// # Errors
/// [`crate::Error::Numeric`] if the faces cannot be projected.
pub fn report_page(
    profile: &Profile,
    scene: &Scene,
    decision: &Decision,
    expected: &Expected,
    path: Option<&Path>,
) -> Result<String> {
    // The pictures show points, because the faces are shown beside them.
    let plain = without_crops(scene);
    let plane = |view| Picture::of(&plain, decision, view);
    let (score, components) = (plane(View::Score)?, plane(View::Pca)?);
    let cards = Cards { folder: path.and_then(folder_of_page) };
    let page = Page {
        frame: Frame {
            title: format!("Report on {}", scene.name),
            subtitle: components.subtitle.clone(),
            style: STYLE,
            script: None,
            with_faces: scene.faces().any(|(_, face)| face.crop.is_some()),
        },
        tiles: tiles(profile, expected),
        trust: trust(expected),
        rates: rates(expected),
        histogram: svg(&histogram(expected), WIDE, path)?,
        over_years: over_years(profile, path)?,
        by_score: svg(&score, PLANE, path)?,
        by_component: svg(&components, PLANE, path)?,
        least: cards.least(scene).map_err(undrawn(path))?,
        aside: cards.aside(profile, scene).map_err(undrawn(path))?,
        copies: copies(scene),
        quality: quality(profile),
    };
    rendered(&page, path)
}

/// The years of the photos, if at least two have a date.
fn over_years(profile: &Profile, path: Option<&Path>) -> Result<Option<Over>> {
    let Some(years) = Years::of(profile) else { return Ok(None) };
    let Some(figure) = YearsFigure::of(profile, &years.gaps) else { return Ok(None) };
    let figure = svg(&figure, WIDE, path)?;
    let mut words = format!(
        "{} of {} have a date.",
        grouped(years.dated as u64),
        count(years.dated + years.undated, "photo")
    );
    for Gap { after, before } in years.gaps {
        words += &format!(" No photos between {after} and {before}; adding some would help.");
    }
    Ok(Some(Over { figure, words }))
}

fn without_crops(scene: &Scene) -> Scene {
    let mut plain = scene.clone();
    for face in plain.groups.iter_mut().flat_map(|group| &mut group.faces) {
        face.crop = None;
    }
    plain
}

fn histogram(expected: &Expected) -> RatesFigure {
    let histogram = Histogram::of(&expected.scores, expected.threshold);
    let photos = count(expected.kept, "photo");
    let others = grouped(expected.strangers as u64);
    let trials = format!("{photos}, each scored by the others, and {others} simulated strangers");
    let title = format!("Scores of {} and of strangers", expected.name);
    RatesFigure::of_histogram(&title, &trials, histogram, expected.threshold)
}

fn tiles(profile: &Profile, expected: &Expected) -> [(String, String); 4] {
    let of = |wanted: fn(&Status) -> bool| {
        profile.photos.iter().filter(|photo| wanted(&photo.status)).count()
    };
    let copies = of(|status| matches!(status, Status::Duplicate { .. }));
    let aside = of(|status| matches!(status, Status::SetAside { .. }));
    [
        (grouped(expected.kept as u64), "photos enrolled".to_owned()),
        (grouped(aside as u64), "set aside".to_owned()),
        (grouped(copies as u64), "copies, counted once".to_owned()),
        (
            format!("{:.2}", expected.threshold),
            format!("threshold, chosen to accept {}", strangers(expected.far)),
        ),
    ]
}

/// The conclusion in one or two sentences.
fn trust(expected: &Expected) -> Trust {
    let name = &expected.name;
    let (doubt, words) = match expected.reject {
        None => (
            true,
            "A profile made from one photo cannot be tested. It recognises photos like this one; five to twenty photos from \
             other days and in other light make it reliable."
                .to_owned(),
        ),
        Some(reject) if reject.value >= MANY_REJECTED => (
            true,
            format!(
                "Not reliable yet: {} of {} photos do not match a profile made from the others. Check the least certain photos \
                 below: remove those that are not {name}, or add more photos like them.",
                expected.rejected, expected.kept
            ),
        ),
        Some(_) if expected.kept < FEW_PHOTOS => (
            true,
            format!(
                "Good so far, but {} are few: add photos from other days and in other light with `verify enroll \
                 --add`.",
                count(expected.kept, "photo")
            ),
        ),
        Some(_) => (
            false,
            format!(
                "Reliable for photos like these: {} of {} match a profile made from the others. Photos from another age, or with \
                 the face half hidden, are harder than these figures suggest.",
                grouped((expected.kept - expected.rejected) as u64),
                count(expected.kept, "photo")
            ),
        ),
    };
    Trust { doubt, words }
}

/// By which factor the measured rate exceeded the chosen rate at most, and the text about it.
fn promised(expected: &Expected) -> (f64, String) {
    match expected.at_hand {
        Some(faces) => (
            MOST_TIMES_AT_HAND,
            format!(
                "chosen threshold, measured on {} of strangers in your photos; up to {MOST_TIMES_AT_HAND} times as many among \
                 other strangers like them",
                count(faces, "face")
            ),
        ),
        None => (
            MOST_TIMES,
            format!(
                "chosen threshold, for people like those it was measured on; up to {MOST_TIMES} times as many among kinds of \
                 people that were never measured{}",
                if expected.rare { RARE } else { "" }
            ),
        ),
    }
}

fn rates(expected: &Expected) -> [Rate; 3] {
    let interval = |e: &Estimate, said: fn(f64) -> String| {
        [said(e.value), between(&said(e.low), &said(e.high))]
    };
    let asked = expected.far;
    let (most_times, trials) = promised(expected);
    let drawn = interval(&expected.accept, in_100_000);
    let measured =
        [in_100_000(asked), between(&in_100_000(0.0), &in_100_000((most_times * asked).min(1.0)))];
    let own = format!(
        "{} of {} do not match a profile made from the others",
        grouped(expected.rejected as u64),
        count(expected.kept, "photo")
    );
    let others = format!(
        "{} of {} strangers, simulated from the population, match; the most similar real strangers score higher than \
         these",
        grouped(expected.accepted as u64),
        grouped(expected.strangers as u64)
    );
    let reject = expected
        .reject
        .as_ref()
        .map_or_else(|| ["?".to_owned(), "?".to_owned()], |e| interval(e, percent));
    let rate = |what: String, [value, interval]: [String; 2], from: String| Rate {
        what,
        value,
        interval,
        from,
    };
    [
        rate(format!("New photos of {} rejected", expected.name), reject, own),
        rate("Strangers accepted".to_owned(), measured, trials),
        rate("Simulated impostors accepted".to_owned(), drawn, others),
    ]
}

/// Two shares with their common unit written once.
fn between(low: &str, high: &str) -> String {
    format!("{} to {high}", low.split(' ').next().unwrap_or(low))
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

fn in_100_000(share: f64) -> String {
    let many = 1e5 * share;
    let said = if many < 9.95 { format!("{many:.1}") } else { grouped(many.round() as u64) };
    format!("{said} in 100,000")
}

/// The copies, each with its original.
fn copies(scene: &Scene) -> Vec<(String, String)> {
    scene
        .of_kind(Kind::Duplicate)
        .filter_map(|face| Some((face.name(), face.remark.as_ref()?[0].clone())))
        .collect()
}

fn quality(profile: &Profile) -> Vec<(String, String)> {
    let faces: Vec<&Quality> =
        profile.kept().filter_map(|photo| Some(&photo.face.as_ref()?.quality)).collect();
    let mut eyes: Vec<f32> = faces.iter().map(|quality| quality.eye_distance).collect();
    eyes.sort_by(f32::total_cmp);
    let at = |share: f64| {
        eyes.get(((eyes.len().max(1) - 1) as f64 * share) as usize).copied().unwrap_or_default()
    };
    let with = |concern: Concern| {
        faces.iter().filter(|quality| quality.concerns.contains(&concern)).count()
    };
    let others = profile.kept().filter(|photo| photo.bystanders > 0).count();
    let mut rows = vec![(
        "Distance between the eyes".to_owned(),
        format!("median {:.0} pixels, from {:.0} to {:.0}", at(0.5), at(0.0), at(1.0)),
    )];
    for concern in [Concern::Small, Concern::Blurred, Concern::TurnedAway, Concern::Doubtful] {
        rows.push((sentence(&concern.to_string()), count(with(concern), "photo")));
    }
    rows.push(("With other people in the photo".to_owned(), count(others, "photo")));
    rows
}

/// Words with a capital letter.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
