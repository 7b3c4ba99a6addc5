//! What a picture shows, computed: places, contours, words. How it is laid out and drawn comes
//! after.

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

/// At most this many photos of a kind are named.
const NAMED: usize = 3;
/// Characters of a file's name that are shown.
const CHARACTERS: usize = 18;

/// A face on the plane.
#[derive(Debug, Clone, PartialEq)]
pub struct Spot {
    /// Where.
    pub place: Place,
    /// Of an overlay, and taken for the person by the profile.
    pub accepted: bool,
    /// Of a copy, where the photo is that it repeats.
    pub joined: Option<Place>,
    /// The face itself, to be drawn in place of a symbol.
    pub crop: Option<Arc<RgbImage>>,
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

/// Everything that is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// What is to be seen.
    pub title: String,
    /// How many photos, by which method, with which threshold.
    pub subtitle: String,
    /// What the axis across and the axis up are; one that means nothing is empty and has no numbers.
    pub axes: [String; 2],
    /// The faces, those drawn first first; the legend has the same order.
    pub groups: Vec<Group>,
    /// Names of photos, the most important first.
    pub labels: Vec<Label>,
    /// The strangers, the largest share first.
    pub ellipses: Vec<Ellipse>,
    /// Where match and no match part.
    pub border: Border,
    /// The evidence at the border.
    pub threshold: f64,
}

impl Picture {
    /// The picture of `scene` as `view` lays it out. The same input gives the same picture. Faces
    /// that have a crop are drawn by it.
    ///
    /// # Errors
    /// [`crate::Error::Numeric`] where the faces cannot be projected.
    pub fn of(scene: &Scene, decision: &Decision, view: View) -> Result<Self> {
        let plane = Plane::of(view, scene, decision)?;
        Ok(Self::on(scene, plane))
    }

    /// The picture of `scene` on a plane of its own.
    #[must_use]
    pub fn on(scene: &Scene, plane: Plane) -> Self {
        let (method, accepted) = (scene.method.title(), strangers(far_of(scene.threshold)));
        Self {
            title: format!("Which faces are taken for {}?", scene.name),
            subtitle: format!("{} · {method} · accepts {accepted}", count(scene.kept, "photo")),
            groups: groups(scene, &plane),
            labels: labels(scene, &plane),
            axes: plane.axes,
            ellipses: plane.strangers,
            border: plane.border,
            threshold: scene.threshold,
        }
    }

    /// Whether a face of an overlay is taken for the person.
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
        accepted: matches!(kind, Kind::Overlay(_)) && face.evidence >= scene.threshold,
        joined: original(face),
        crop: face.crop.clone(),
    };
    let group = |(group, places): (&ShownGroup, &Vec<Place>)| Group {
        kind: group.kind,
        name: group.name.clone(),
        spots: group.faces.iter().zip(places).map(|(f, p)| spot(group.kind, f, *p)).collect(),
    };
    // Faces that are drawn themselves would only show a copy's original again.
    let drawn = scene.faces().any(|(_, face)| face.crop.is_some());
    let groups = scene.groups.iter().zip(&plane.places);
    groups.filter(|(group, _)| !drawn || group.kind != Kind::Duplicate).map(group).collect()
}

/// Names for the photos set aside with the least evidence, with the reason, for kept ones that
/// would not match, and for faces of overlays that are or nearly are taken for the person.
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
                (sign * face.evidence, Label { place, text })
            })
            .collect();
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        found.into_iter().take(NAMED).map(|(_, label)| label)
    };
    let aside = named(&|kind, _| kind == Kind::SetAside, 1.0);
    let weak = named(&|kind, face| kind == Kind::Kept && face.evidence < threshold, 1.0);
    let near = |kind: Kind, face: &Shown| {
        matches!(kind, Kind::Overlay(_)) && face.evidence >= threshold - UNCERTAIN_MARGIN
    };
    aside.chain(weak).chain(named(&near, -1.0)).collect()
}
