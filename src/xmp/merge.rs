//! Names put into a document of XMP: a region of the Metadata Working Group for each face, and keywords. What is
//! there is kept, and a name that a face already has counts.

use roxmltree::{Document, Node};
use serde::Serialize;

use super::frame::{Area, Frame, pairs};
use super::ns::{AREA, DC, LIGHTROOM, MICROSOFT, MWG, Ns, RDF, SIZE};
use super::rdf::{descriptions, holder, items, list, parse, property, root, text_of};
use super::read::{MOST, Region, of_mwg, regions, sensible, size_of};
use super::splice::{Edits, declared, detached, escaped, plain};
use crate::face::FaceBox;
use crate::words::same_in_any_case;

/// The keyword above all names in the tree of keywords, as other programs have it.
const PEOPLE: &str = "People";

/// A face that was recognised.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// The person's name.
    pub name: String,
    /// Where it is, in pixels of the upright photo.
    pub bounds: FaceBox,
}

/// A name that was not written because something else is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Kept {
    /// The name.
    pub name: String,
    /// Whom the face is called there; `None` if another face of the photo has the name there.
    pub called: Option<String>,
}

/// What came of putting names into a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged {
    /// The new document; `None` if nothing was missing in the old one.
    pub text: Option<String>,
    /// The names for which something was added.
    pub added: Vec<String>,
    /// The names for which nothing was.
    pub kept: Vec<Kept>,
}

/// Put the names of `faces` into the document `old`, or into a new one.
///
/// # Errors
/// Why nothing can be added to `old`, in a few words.
pub fn merged(old: Option<&str>, frame: &Frame, faces: &[Named]) -> Result<Merged, String> {
    let new = packet("");
    let source = old.unwrap_or(&new);
    let document = parse(source)?;
    let merge = Merge::of(source, &document, frame)?;
    let plain = |face: &Named| Named { name: plain(&face.name), bounds: face.bounds };
    let faces: Vec<Named> = faces.iter().map(plain).filter(|face| !face.name.is_empty()).collect();
    if let Some(face) = faces.iter().find(|face| !sensible(frame.stored_area(face.bounds))) {
        return Err(format!("the box of {:?} lies outside the photo", face.name));
    }
    merge.with(&faces)
}

/// A document with a description of these properties.
fn packet(properties: &str) -> String {
    let (rdf, version) = (RDF.uri, env!("CARGO_PKG_VERSION"));
    let description = match properties {
        "" => String::new(),
        some => format!("  <rdf:Description rdf:about=\"\">{some}\n  </rdf:Description>\n"),
    };
    format!(
        "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\" x:xmptk=\"sameface {version}\">\n \
         <rdf:RDF xmlns:rdf=\"{rdf}\">\n{description} </rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"w\"?>\n"
    )
}

/// A new document with what XMP inside a photo says of that to which names are added: a program that finds a
/// sidecar may not ask the photo for it any more. `None` if it says nothing of it.
pub(super) fn carried_over(packets: &[String]) -> Option<String> {
    let mut found: Vec<(&str, String)> = Vec::new();
    for source in packets {
        let Ok(document) = parse(source) else { continue };
        let Some(rdf) = root(&document) else { continue };
        for (ns, name) in [(MWG, "Regions"), (DC, "subject"), (LIGHTROOM, "hierarchicalSubject")] {
            let first = descriptions(rdf).find_map(|description| property(description, ns, name));
            if let Some(property) = first.filter(|_| found.iter().all(|(known, _)| *known != name))
            {
                found.push((name, detached(source, property)));
            }
        }
    }
    let properties: String = found.into_iter().map(|(_, text)| format!("\n   {text}")).collect();
    (!properties.is_empty()).then(|| packet(&properties))
}

/// A document to which names are added.
struct Merge<'a, 'i> {
    edits: Edits<'a>,
    rdf: Node<'a, 'i>,
    /// The regions' property, if there is one.
    list: Option<Node<'a, 'i>>,
    /// The regions of that, and those of Microsoft's, each with its area in the upright photo.
    here: Vec<(Node<'a, 'i>, Region, Area)>,
    others: Vec<(Region, Area)>,
    /// That in which new regions are written.
    frame: Frame,
    photo: Frame,
    /// What goes into a description of its own.
    properties: String,
}

/// What becomes of a face's name.
enum Fate<'a, 'i> {
    Known,
    New,
    Unnamed(Node<'a, 'i>),
    Kept(Option<String>),
}

impl<'a, 'i> Merge<'a, 'i> {
    fn of(source: &'a str, document: &'a Document<'i>, photo: &Frame) -> Result<Self, String> {
        let rdf = root(document).ok_or("it has no rdf:RDF element")?;
        let list = descriptions(rdf).find_map(|description| property(description, MWG, "Regions"));
        let size = list.and_then(|list| size_of(holder(list)));
        let frame = photo.meant_by(size).ok_or_else(|| of_another_size(size, photo))?;
        let here = list.map(of_mwg).unwrap_or_default().into_iter();
        let here = here.map(|(node, region)| {
            let area = frame.upright(region.area);
            (node, region, area)
        });
        let has_others =
            descriptions(rdf).any(|node| property(node, MICROSOFT, "RegionInfo").is_some());
        let others = if has_others { regions(source)? } else { Vec::new() };
        let others = others.into_iter().filter_map(|region| {
            let area = photo.meant_by(region.size)?.upright(region.area);
            Some((region, area))
        });
        Ok(Self {
            edits: Edits::of(source),
            rdf,
            list,
            here: here.collect(),
            others: others.collect(),
            frame,
            photo: *photo,
            properties: String::new(),
        })
    }

    fn with(mut self, faces: &[Named]) -> Result<Merged, String> {
        let mut kept = Vec::new();
        let mut names: Vec<&str> = Vec::new();
        let mut new = Vec::new();
        let mut added: Vec<String> = Vec::new();
        for (face, fate) in faces.iter().zip(self.fates(faces)) {
            let name = face.name.as_str();
            match fate {
                Fate::Kept(called) => {
                    kept.push(Kept { name: name.to_owned(), called });
                    continue;
                }
                Fate::Known => {}
                Fate::New => {
                    added.push(name.to_owned());
                    new.push(self.region(face));
                }
                Fate::Unnamed(node) => {
                    added.push(name.to_owned());
                    self.name(node, name);
                }
            }
            if !names.contains(&name) {
                names.push(name);
            }
        }
        self.add_regions(&new)?;
        let keywords = self.keywords(&names)?;
        for name in keywords {
            if !added.contains(&name) {
                added.push(name);
            }
        }
        self.add_description();
        let text = if self.edits.is_empty() { None } else { Some(self.edits.done()) };
        Ok(Merged { text, added, kept })
    }

    /// What becomes of each face's name.
    fn fates(&self, faces: &[Named]) -> Vec<Fate<'a, 'i>> {
        let upright = Frame { turn: image::metadata::Orientation::NoTransforms, ..self.photo };
        let areas: Vec<Area> = faces.iter().map(|face| upright.stored_area(face.bounds)).collect();
        let here: Vec<Area> = self.here.iter().map(|(.., area)| *area).collect();
        let others: Vec<Area> = self.others.iter().map(|(_, area)| *area).collect();
        let (here, others) = (pairs(&here, &areas), pairs(&others, &areas));
        let is = |region: &Region, name: &str| {
            region.name.as_ref().is_some_and(|own| same_in_any_case(own, name))
        };
        let fate = |(at, face): (usize, &Named)| {
            let own = here.iter().position(|pair| *pair == Some(at)).map(|i| &self.here[i]);
            let other = others.iter().position(|pair| *pair == Some(at)).map(|i| &self.others[i].0);
            let named = own.map(|(_, region, _)| region).into_iter().chain(other);
            let mut named = named.filter(|region| region.name.is_some());
            let all = self.here.iter().map(|(_, region, _)| region);
            let mut all = all.chain(self.others.iter().map(|(region, _)| region));
            match (own, named.find(|region| !is(region, &face.name))) {
                (_, Some(region)) => Fate::Kept(region.name.clone()),
                (Some((_, region, _)), None) if is(region, &face.name) => Fate::Known,
                // Somebody said that another face is this person's.
                _ if other.is_none_or(|region| !is(region, &face.name))
                    && all.any(|region| is(region, &face.name)) =>
                {
                    Fate::Kept(None)
                }
                (Some((node, ..)), None) => Fate::Unnamed(*node),
                (None, None) => Fate::New,
            }
        };
        faces.iter().enumerate().map(fate).collect()
    }

    /// An item of the list of regions.
    fn region(&self, face: &Named) -> String {
        let Area { left, top, width, height } = self.frame.stored_area(face.bounds);
        let number = |value: f64| format!("{value:.6}");
        let [x, y] = [left + width / 2.0, top + height / 2.0].map(number);
        let [w, h] = [width, height].map(number);
        format!(
            "<rdf:li rdf:parseType=\"Resource\">\n <mwg-rs:Name>{}</mwg-rs:Name>\n <mwg-rs:Type>Face</mwg-rs:Type>\n \
             <mwg-rs:Area stArea:x=\"{x}\" stArea:y=\"{y}\" stArea:w=\"{w}\" stArea:h=\"{h}\" \
             stArea:unit=\"normalized\"/>\n</rdf:li>",
            escaped(&face.name),
        )
    }

    /// Give the region of an item, which has none, a name.
    fn name(&mut self, item: Node, name: &str) {
        let holder = holder(item);
        let empty =
            holder.attributes().find(|a| a.namespace() == Some(MWG.uri) && a.name() == "Name");
        if let Some(empty) = empty {
            // It was read as empty.
            let range = empty.range();
            let text = format!("{}:Name=\"{}\"", prefix(holder, MWG), escaped(name));
            return self.edits.replace(range, text);
        }
        let declared = declared(holder, &[MWG]);
        let element = format!("<mwg-rs:Name{declared}>{}</mwg-rs:Name>", escaped(name));
        match property(holder, MWG, "Name") {
            Some(empty) => self.edits.replace(empty.range(), element),
            None => self.edits.append(holder, &[element]),
        }
    }

    fn add_regions(&mut self, new: &[String]) -> Result<(), String> {
        if new.is_empty() {
            return Ok(());
        }
        let Some(regions) = self.list else {
            let (width, height) = self.frame.stored();
            let indented = new.join("\n").replace('\n', "\n    ");
            self.properties += &format!(
                "\n <mwg-rs:Regions rdf:parseType=\"Resource\">\n  <mwg-rs:AppliedToDimensions stDim:w=\"{width}\" \
                 stDim:h=\"{height}\" stDim:unit=\"pixel\"/>\n  <mwg-rs:RegionList>\n   <rdf:Bag>\n    {indented}\n   \
                 </rdf:Bag>\n  </mwg-rs:RegionList>\n </mwg-rs:Regions>"
            );
            return Ok(());
        };
        let holds = holder(regions);
        let is_open = holds != regions
            || regions.has_attribute((RDF.uri, "parseType"))
            || regions.children().any(|node| node.is_element());
        if !is_open {
            return Err("its regions have an unknown form".to_owned());
        }
        if self.here.len() + new.len() > MOST {
            return Err(format!("it has more than {MOST} regions"));
        }
        let spaces = [RDF, MWG, AREA];
        match property(holds, MWG, "RegionList") {
            Some(found) => self.add_items(found, &spaces, new),
            None => {
                let declared = declared(holds, &spaces);
                let items = new.join("\n").replace('\n', "\n  ");
                let element = format!(
                    "<mwg-rs:RegionList{declared}>\n <rdf:Bag>\n  {items}\n </rdf:Bag>\n</mwg-rs:RegionList>"
                );
                self.edits.append(holds, &[element]);
            }
        }
        Ok(())
    }

    /// Add items to the list of a property, which may have none yet.
    fn add_items(&mut self, property: Node, spaces: &[Ns], new: &[String]) {
        match list(property) {
            Some(list) => {
                let declared = declared(list, spaces);
                let li = format!("<rdf:li{declared}");
                let items = new.iter().map(|item| item.replacen("<rdf:li", &li, 1));
                self.edits.append(list, &items.collect::<Vec<_>>());
            }
            None => {
                let declared = declared(property, spaces);
                let items = new.join("\n").replace('\n', "\n ");
                self.edits
                    .append(property, &[format!("<rdf:Bag{declared}>\n {items}\n</rdf:Bag>")]);
            }
        }
    }

    /// Add names to the keywords, flat and as a tree; those that were missing.
    fn keywords(&mut self, names: &[&str]) -> Result<Vec<String>, String> {
        let flat = self.missing(DC, "subject", names, same_in_any_case);
        let flat = flat?.into_iter().map(|name| (name.to_owned(), name.to_owned()));
        // A stroke in a name would tell it from its parent.
        let whole: Vec<&str> = names.iter().copied().filter(|name| !name.contains('|')).collect();
        let last = |item: &str, name: &str| {
            same_in_any_case(item.rsplit('|').next().unwrap_or(item), name)
        };
        let tree = self.missing(LIGHTROOM, "hierarchicalSubject", &whole, last)?;
        let tree = tree.into_iter().map(|name| (name.to_owned(), format!("{PEOPLE}|{name}")));
        let (flat, tree): (Vec<_>, Vec<_>) = (flat.collect(), tree.collect());
        self.add_keywords(DC, "subject", &flat);
        self.add_keywords(LIGHTROOM, "hierarchicalSubject", &tree);
        Ok(flat.into_iter().chain(tree).map(|(name, _)| name).collect())
    }

    /// The `names` that a list of keywords lacks.
    fn missing<'n>(
        &self,
        ns: Ns,
        property: &str,
        names: &[&'n str],
        is: impl Fn(&str, &str) -> bool,
    ) -> Result<Vec<&'n str>, String> {
        let found = self.keyword_list(ns, property);
        if descriptions(self.rdf).any(|node| node.has_attribute((ns.uri, property)))
            || found.is_some_and(|found| list(found).is_none() && !text_of(found).is_empty())
        {
            return Err(format!("its keywords, {}:{property}, are not a list", ns.prefix));
        }
        let known: Vec<String> = found.into_iter().flat_map(items).map(text_of).collect();
        let missing = |name: &&&str| !known.iter().any(|item| is(item, name));
        Ok(names.iter().filter(missing).copied().collect())
    }

    fn keyword_list(&self, ns: Ns, name: &str) -> Option<Node<'a, 'i>> {
        descriptions(self.rdf).find_map(|description| property(description, ns, name))
    }

    fn add_keywords(&mut self, ns: Ns, property: &str, new: &[(String, String)]) {
        let items: Vec<String> =
            new.iter().map(|(_, word)| format!("<rdf:li>{}</rdf:li>", escaped(word))).collect();
        match self.keyword_list(ns, property) {
            _ if items.is_empty() => {}
            Some(found) => self.add_items(found, &[RDF], &items),
            None => {
                let (name, items) = (format!("{}:{property}", ns.prefix), items.join("\n   "));
                self.properties +=
                    &format!("\n <{name}>\n  <rdf:Bag>\n   {items}\n  </rdf:Bag>\n </{name}>");
            }
        }
    }

    /// Put the properties that are new into a description of their own, which needs no other's prefixes.
    fn add_description(&mut self) {
        if self.properties.is_empty() {
            return;
        }
        let about = descriptions(self.rdf).find_map(|node| node.attribute((RDF.uri, "about")));
        let used = [MWG, SIZE, AREA, DC, LIGHTROOM].into_iter();
        let used = used.filter(|ns| self.properties.contains(&format!("{}:", ns.prefix)));
        let spaces: Vec<Ns> = [RDF].into_iter().chain(used).collect();
        let declared = declared(self.rdf, &spaces);
        let element = format!(
            "<rdf:Description rdf:about=\"{}\"{declared}>{}\n</rdf:Description>",
            escaped(about.unwrap_or_default()),
            self.properties
        );
        self.edits.append(self.rdf, &[element]);
    }
}

fn prefix<'a>(node: Node<'a, '_>, ns: Ns) -> &'a str {
    node.lookup_prefix(ns.uri).unwrap_or(ns.prefix)
}

fn of_another_size(size: Option<(f64, f64)>, photo: &Frame) -> String {
    let (width, height) = size.unwrap_or_default();
    let (own_width, own_height) = photo.stored();
    format!(
        "its regions are for a picture of {width}×{height} pixels, but the photo has {own_width}×{own_height}"
    )
}
