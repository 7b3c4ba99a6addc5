//! The page of a plot: zooming, pointing at faces, and a slider for the threshold.

use std::path::Path;

use askama::Template;
use serde::Serialize;

use super::frame::Frame;
use super::link::{address, folder_of_page};
use super::{rendered, undrawn, write};
use crate::decision::Decision;
use crate::decision::calibration::{SCORES, UNCERTAIN_MARGIN};
use crate::error::Result;
use crate::plot::{Border, Kind, Picture, Plane, Scene, Surface, View, jpeg_uri};
use crate::projection::Place;

const STYLE: &str =
    concat!(include_str!("../../assets/page/page.css"), include_str!("../../assets/page/plot.css"));
const SCRIPT: &str = include_str!("../../assets/page/plot.js");

/// Points of the grid that the page finds the border on, across and up.
const GRID: [usize; 2] = [72, 54];
/// How far beyond the faces the grid reaches, relative to their extent.
const BEYOND: f64 = 0.25;

/// The page.
#[derive(Template)]
#[template(path = "plot.html")]
struct Page {
    frame: Frame,
    /// The shares of strangers in the grey areas, in percent.
    shares: String,
    data: Data,
    script: &'static str,
}

/// The data for the page's script.
#[derive(Serialize)]
struct Data {
    threshold: f64,
    /// The scores that local strangers reach at each of the rates, if known.
    strangers: Option<[f64; SCORES.len()]>,
    /// The rates, as powers of ten.
    rates: [f64; SCORES.len()],
    /// How far below the threshold a score is uncertain.
    uncertain: f64,
    groups: Vec<Group>,
    faces: Vec<Face>,
    views: Vec<Layout>,
}

#[derive(Serialize)]
struct Group {
    name: String,
    kind: &'static str,
    /// The number of an overlay.
    number: usize,
    count: usize,
}

#[derive(Serialize)]
struct Face {
    name: String,
    group: usize,
    score: f64,
    remark: Option<String>,
    /// The photo's URL.
    href: Option<String>,
    /// The face as a `data:` URL.
    crop: Option<String>,
}

/// A layout.
#[derive(Serialize)]
struct Layout {
    id: &'static str,
    name: &'static str,
    axes: [String; 2],
    /// The lower left and the upper right corner of everything.
    bounds: [Place; 2],
    places: Vec<Place>,
    /// Outlines of where strangers are.
    regions: Vec<Vec<Place>>,
    /// The scores over the plane; absent if the horizontal axis is the score.
    grid: Option<Grid>,
}

#[derive(Serialize)]
struct Grid {
    across: Vec<f64>,
    up: Vec<f64>,
    values: Vec<Vec<f64>>,
}

/// Write the page of `scene` to `path`; see [`plot_page`].
///
/// # Errors
/// As [`plot_page`], and [`crate::Error::Write`].
pub fn plot(scene: &Scene, decision: &Decision, first: View, path: &Path) -> Result<()> {
    write(path, &plot_page(scene, decision, first, Some(path))?)
}

/// The page of `scene`, with the layout `first` selected and those by components and by score available. It
/// contains the faces that have a crop, and links to the photos if its own `path` is known.
///
/// # Errors
/// [`crate::Error::Numeric`] if the faces cannot be projected.
pub fn plot_page(
    scene: &Scene,
    decision: &Decision,
    first: View,
    path: Option<&Path>,
) -> Result<String> {
    let mut views = vec![first];
    views.extend([View::Pca, View::Score].into_iter().filter(|view| *view != first));
    let planes = views
        .iter()
        .map(|view| Ok((*view, Plane::of(*view, scene, decision)?)))
        .collect::<Result<Vec<_>>>()?;
    let mut shares: Vec<String> = planes
        .iter()
        .take(1)
        .flat_map(|(_, plane)| plane.strangers.iter().rev())
        .map(|part| format!("{:.0}", 100.0 * part.share))
        .collect();
    shares.dedup();
    let words = planes.first().map(|(_, plane)| Picture::on(scene, plane.clone()));
    let (title, subtitle) = words.map(|p| (p.title, p.subtitle)).unwrap_or_default();
    let data = Data {
        threshold: scene.threshold,
        strangers: decision.strangers.as_ref().map(|strangers| strangers.scores),
        rates: SCORES,
        uncertain: UNCERTAIN_MARGIN,
        groups: groups(scene),
        faces: faces(scene, path).map_err(undrawn(path))?,
        views: planes.into_iter().map(|(view, plane)| layout(view, plane)).collect(),
    };
    let with_faces = scene.faces().any(|(_, face)| face.crop.is_some());
    let frame = Frame { title, subtitle, style: STYLE, script: Some(SCRIPT), with_faces };
    rendered(&Page { frame, shares: shares.join(", "), data, script: SCRIPT }, path)
}

fn groups(scene: &Scene) -> Vec<Group> {
    let group = |group: &crate::plot::ShownGroup| {
        let (kind, number) = match group.kind {
            Kind::Kept => ("kept", 0),
            Kind::Duplicate => ("copy", 0),
            Kind::SetAside => ("aside", 0),
            Kind::Overlay(number) => ("overlay", number),
        };
        Group { name: group.name.clone(), kind, number, count: group.faces.len() }
    };
    scene.groups.iter().map(group).collect()
}

fn faces(scene: &Scene, page: Option<&Path>) -> std::result::Result<Vec<Face>, String> {
    let folder = page.and_then(folder_of_page);
    let mut faces = Vec::new();
    for (group, shown) in scene.groups.iter().enumerate() {
        for face in &shown.faces {
            faces.push(Face {
                name: face.name(),
                group,
                score: rounded(face.score, 3),
                remark: face.remark.as_ref().map(|[whole, _]| whole.clone()),
                href: folder.as_deref().and_then(|folder| address(folder, &face.path)),
                crop: face.crop.as_deref().map(jpeg_uri).transpose()?,
            });
        }
    }
    Ok(faces)
}

fn layout(view: View, plane: Plane) -> Layout {
    let (id, name) = match view {
        View::Pca => ("pca", "where person and strangers differ most"),
        View::Score => ("score", "by score"),
        View::Tsne => ("tsne", "similar faces together (t-SNE)"),
    };
    let short = |place: &Place| place.map(|v| rounded(v, 4));
    let places: Vec<Place> = plane.places.iter().flatten().map(short).collect();
    let regions: Vec<Vec<Place>> =
        plane.strangers.iter().map(|part| part.outline.iter().map(short).collect()).collect();
    let bounds = bounds(places.iter().chain(regions.iter().flatten()));
    let grid = match &plane.border {
        Border::Surface(surface) => Some(grid(surface, bounds)),
        Border::Upright => None,
    };
    Layout { id, name, axes: plane.axes, bounds, places, regions, grid }
}

/// The corners of all `places`, with a margin.
fn bounds<'a>(places: impl Iterator<Item = &'a Place>) -> [Place; 2] {
    let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    for place in places {
        for i in 0..2 {
            low[i] = low[i].min(place[i]);
            high[i] = high[i].max(place[i]);
        }
    }
    for i in 0..2 {
        let room = (0.04 * (high[i] - low[i])).max(1e-6);
        low[i] -= room;
        high[i] += room;
    }
    [low, high]
}

fn grid(surface: &Surface, [low, high]: [Place; 2]) -> Grid {
    let spread = |i: usize| -> Vec<f64> {
        let room = BEYOND * (high[i] - low[i]);
        let (from, to, steps) = (low[i] - room, high[i] + room, GRID[i] - 1);
        (0..=steps).map(|k| from + (to - from) * k as f64 / steps as f64).collect()
    };
    let (across, up) = (spread(0), spread(1));
    let values = surface.grid(&across, &up);
    let rows = values.outer_iter().map(|row| row.iter().map(|v| rounded(*v, 3)).collect());
    Grid { values: rows.collect(), across, up }
}

fn rounded(value: f64, digits: i32) -> f64 {
    let factor = 10f64.powi(digits);
    (value * factor).round() / factor
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name of a file may look like the end of the element that it stands in.
    #[test]
    fn data_ends_no_element_and_stays_json() {
        let nasty = "</script><!--<script>\u{2028}&'";
        let group = Group { name: nasty.to_owned(), kind: "kept", number: 0, count: 1 };
        let data = Data {
            threshold: 4.0,
            strangers: None,
            rates: SCORES,
            uncertain: UNCERTAIN_MARGIN,
            groups: vec![group],
            faces: Vec::new(),
            views: Vec::new(),
        };
        let frame = Frame {
            title: nasty.to_owned(),
            subtitle: nasty.to_owned(),
            style: STYLE,
            script: Some(SCRIPT),
            with_faces: true,
        };
        let shares = nasty.to_owned();
        let page = Page { frame, shares, data, script: SCRIPT }.render().unwrap();
        let ours = SCRIPT.matches("<script").count() + 2;
        assert_eq!(page.matches("<script").count(), ours, "its data and its script");
        let (_, rest) = page.split_once("id=\"data\">").unwrap();
        let (data, _) = rest.split_once("</script>").unwrap();
        assert!(!data.contains(['<', '>', '&', '\'']), "{data}");
        let data: serde_json::Value = serde_json::from_str(data).unwrap();
        assert_eq!(data["groups"][0]["name"], nasty);
    }
}
