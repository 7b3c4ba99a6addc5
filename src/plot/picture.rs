//! The content of a picture: places, contours and texts. Layout and drawing are separate.

use std::sync::Arc;

use image::RgbImage;

use super::plane::{Border, Ellipse, Plane, View};
use super::scene::{Kind, Scene, Shown, ShownGroup};
use super::text::shortened;
use crate::decision::calibration::UNCERTAIN_MARGIN;
use crate::decision::{Decision, far_of};
use crate::error::Result;
use crate::projection::Place;
use crate::words::{count, strangers};

/// The most photos of a kind that are named.
const NAMED: usize = 3;
/// The most characters of a file name that are shown.
const CHARACTERS: usize = 18;

/// A face on the plane.
#[derive(Debug, Clone, PartialEq)]
pub struct Spot {
    /// Its place.
    pub place: Place,
    /// For a face of an overlay: whether it is a match.
    pub accepted: bool,
    /// For a copy: the place of its original.
    pub joined: Option<Place>,
    /// The face's crop, to be drawn instead of a symbol.
    pub crop: Option<Arc<RgbImage>>,
}

/// A group of faces with the same symbol.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Their kind.
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

/// The content of a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// The title.
    pub title: String,
    /// The number of photos, the method and the threshold.
    pub subtitle: String,
    /// The names of the horizontal and the vertical axis; an axis without meaning has an empty name and no numbers.
    pub axes: [String; 2],
    /// The faces, in the order of drawing and of the legend.
    pub groups: Vec<Group>,
    /// Names of photos, the most important first.
    pub labels: Vec<Label>,
    /// The strangers, the largest share first.
    pub ellipses: Vec<Ellipse>,
    /// The border between match and no-match.
    pub border: Border,
    /// The score at the border.
    pub threshold: f64,
}

impl Picture {
    /// The picture of `scene` in the layout `view`. The same input gives the same picture. Faces that have a crop are
    /// drawn by it.
    ///
    /// # Errors
    /// [`crate::Error::Numeric`] if the faces cannot be projected.
    pub fn of(scene: &Scene, decision: &Decision, view: View) -> Result<Self> {
        let plane = Plane::of(view, scene, decision)?;
        Ok(Self::on(scene, plane))
    }

    /// The picture of `scene` on a plane of its own.
    #[must_use]
    pub fn on(scene: &Scene, plane: Plane) -> Self {
        let (method, accepted) = (scene.method.title(), strangers(far_of(scene.threshold)));
        Self {
            title: format!("Which faces match {}?", scene.name),
            subtitle: format!("{} · {method} · accepts {accepted}", count(scene.kept, "photo")),
            groups: groups(scene, &plane),
            labels: labels(scene, &plane),
            axes: plane.axes,
            ellipses: plane.strangers,
            border: plane.border,
            threshold: scene.threshold,
        }
    }

    /// Whether a face of an overlay is a match.
    #[must_use]
    pub fn any_accepted(&self) -> bool {
        self.groups.iter().flat_map(|group| &group.spots).any(|spot| spot.accepted)
    }
}

fn groups(scene: &Scene, plane: &Plane) -> Vec<Group> {
    let kept = scene.groups.iter().position(|group| group.kind == Kind::Kept);
    let original = |face: &Shown| Some(plane.places[kept?][face.original?]);
    let spot = |kind: Kind, face: &Shown, place: Place| Spot {
        place,
        accepted: matches!(kind, Kind::Overlay(_)) && face.score >= scene.threshold,
        joined: original(face),
        crop: face.crop.clone(),
    };
    let group = |(group, places): (&ShownGroup, &Vec<Place>)| Group {
        kind: group.kind,
        name: group.name.clone(),
        spots: group.faces.iter().zip(places).map(|(f, p)| spot(group.kind, f, *p)).collect(),
    };
    // A copy's crop would only show its original again.
    let drawn = scene.faces().any(|(_, face)| face.crop.is_some());
    let groups = scene.groups.iter().zip(&plane.places);
    groups.filter(|(group, _)| !drawn || group.kind != Kind::Duplicate).map(group).collect()
}

/// Names for the photos set aside with the lowest scores, with the reason, for kept ones that would not match, and
/// for faces of overlays that match or nearly match.
fn labels(scene: &Scene, plane: &Plane) -> Vec<Label> {
    let threshold = scene.threshold;
    let named = |wanted: &dyn Fn(Kind, &Shown) -> bool, sign: f64| {
        let faces = scene.groups.iter().zip(&plane.places).flat_map(|(group, places)| {
            group.faces.iter().zip(places).map(move |(face, place)| (group.kind, face, *place))
        });
        let mut found: Vec<(f64, Label)> = faces
            .filter(|(kind, face, _)| wanted(*kind, face))
            .map(|(kind, face, place)| {
                let name = shortened(&face.name(), CHARACTERS);
                let text = match &face.remark {
                    Some([_, short]) if kind == Kind::SetAside => format!("{name} ({short})"),
                    _ => name,
                };
                (sign * face.score, Label { place, text })
            })
            .collect();
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        found.into_iter().take(NAMED).map(|(_, label)| label)
    };
    let aside = named(&|kind, _| kind == Kind::SetAside, 1.0);
    let weak = named(&|kind, face| kind == Kind::Kept && face.score < threshold, 1.0);
    let near = |kind: Kind, face: &Shown| {
        matches!(kind, Kind::Overlay(_)) && face.score >= threshold - UNCERTAIN_MARGIN
    };
    aside.chain(weak).chain(named(&near, -1.0)).collect()
}
