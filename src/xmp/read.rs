//! Regions of faces in XMP: of the Metadata Working Group, as most programs write them, and of Microsoft.

use roxmltree::Node;

use super::frame::Area;
use super::ns::{AREA, MICROSOFT, MICROSOFT_INFO, MICROSOFT_REGION, MWG, SIZE};
use super::rdf::{descriptions, holder, items, parse, property, root, text};

/// The most regions of one document.
pub(super) const MOST: usize = 1_000;

/// A face that another program, or a person with it, marked.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// Whose it is; `None` if it has no name yet.
    pub name: Option<String>,
    /// Where it is in the picture that `size` tells.
    pub area: Area,
    /// The width and height of the picture that the region is for, if that is said.
    pub size: Option<(f64, f64)>,
}

/// The regions of faces in a document of XMP. What is no face, such as a pet or a focus point, is left out.
///
/// # Errors
/// What is wrong with the document, in a few words.
pub fn regions(xmp: &str) -> Result<Vec<Region>, String> {
    let document = parse(xmp)?;
    let Some(rdf) = root(&document) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for description in descriptions(rdf) {
        if let Some(regions) = property(description, MWG, "Regions") {
            found.extend(of_mwg(regions).into_iter().map(|(_, region)| region));
        }
        if let Some(info) = property(description, MICROSOFT, "RegionInfo") {
            found.extend(of_microsoft(info));
        }
    }
    found.truncate(MOST);
    Ok(found)
}

/// The faces of `mwg-rs:Regions`, each with the node of the list that it is.
pub(super) fn of_mwg<'a, 'i>(regions: Node<'a, 'i>) -> Vec<(Node<'a, 'i>, Region)> {
    let holds = holder(regions);
    let size = size_of(holds);
    let listed = property(holds, MWG, "RegionList");
    let items = listed.into_iter().flat_map(items).take(MOST);
    items.filter_map(|item| Some((item, region(holder(item), size)?))).collect()
}

/// The width and height that the regions of a list are for.
pub(super) fn size_of(regions: Node) -> Option<(f64, f64)> {
    let size = holder(property(regions, MWG, "AppliedToDimensions")?);
    Some((number(size, SIZE, "w")?, number(size, SIZE, "h")?))
        .filter(|(width, height)| *width > 0.0 && *height > 0.0)
}

fn region(fields: Node, size: Option<(f64, f64)>) -> Option<Region> {
    let kind = text(fields, MWG, "Type").unwrap_or_default();
    if !kind.is_empty() && !kind.eq_ignore_ascii_case("face") {
        return None;
    }
    let name = text(fields, MWG, "Name").filter(|name| !name.is_empty());
    let place = holder(property(fields, MWG, "Area")?);
    let of = |name| number(place, AREA, name);
    let [mut x, mut y, mut width, mut height] = [of("x")?, of("y")?, of("w")?, of("h")?];
    if text(place, AREA, "unit").is_some_and(|unit| unit == "pixel") {
        let (across, down) = size?;
        (x, width) = (x / across, width / across);
        (y, height) = (y / down, height / down);
    }
    let area = Area { left: x - width / 2.0, top: y - height / 2.0, width, height };
    sensible(area).then_some(Region { name, area, size })
}

/// The faces of `MP:RegionInfo`.
fn of_microsoft(info: Node) -> Vec<Region> {
    let listed = property(holder(info), MICROSOFT_INFO, "Regions");
    let items = listed.into_iter().flat_map(items).take(MOST);
    let region = |item: Node| {
        let fields = holder(item);
        let name = text(fields, MICROSOFT_REGION, "PersonDisplayName");
        let rectangle = text(fields, MICROSOFT_REGION, "Rectangle")?;
        let numbers: Vec<f64> =
            rectangle.split(',').map(|number| number.trim().parse().ok()).collect::<Option<_>>()?;
        let [left, top, width, height] = numbers[..] else { return None };
        let area = Area { left, top, width, height };
        let name = name.filter(|name| !name.is_empty());
        sensible(area).then_some(Region { name, area, size: None })
    };
    items.filter_map(region).collect()
}

fn number(fields: Node, ns: super::ns::Ns, name: &str) -> Option<f64> {
    text(fields, ns, name)?.parse().ok().filter(|number: &f64| number.is_finite())
}

/// Whether an area has a size and lies in the picture, or a little over its edge.
pub(super) fn sensible(area: Area) -> bool {
    let inside = |from: f64, length: f64| length > 0.0 && from > -1.0 && from + length < 2.0;
    inside(area.left, area.width) && inside(area.top, area.height)
}
