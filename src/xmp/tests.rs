//! Documents as other programs write them, read and added to.

use image::metadata::Orientation;

use super::*;
use crate::face::FaceBox;

/// A photo that is stored as it is seen.
const PHOTO: Frame = Frame { width: 4000, height: 3000, turn: Orientation::NoTransforms };

const SPACES: &str = "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' \
    xmlns:mwg-rs='http://www.metadataworkinggroup.com/schemas/regions/' \
    xmlns:stArea='http://ns.adobe.com/xmp/sType/Area#' xmlns:stDim='http://ns.adobe.com/xap/1.0/sType/Dimensions#' \
    xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:MP='http://ns.microsoft.com/photo/1.2/' \
    xmlns:MPRI='http://ns.microsoft.com/photo/1.2/t/RegionInfo#' \
    xmlns:MPReg='http://ns.microsoft.com/photo/1.2/t/Region#'";

fn document(properties: &str) -> String {
    format!(
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF {SPACES}>{properties}</rdf:RDF></x:xmpmeta>"
    )
}

fn described(properties: &str) -> String {
    document(&format!("<rdf:Description rdf:about='u:1'>{properties}</rdf:Description>"))
}

/// As Lightroom writes it: structures as attributes of descriptions.
fn lightroom() -> String {
    described(
        "<mwg-rs:Regions rdf:parseType='Resource'>
          <mwg-rs:AppliedToDimensions stDim:w='4000' stDim:h='3000' stDim:unit='pixel'/>
          <mwg-rs:RegionList><rdf:Bag>
           <rdf:li><rdf:Description mwg-rs:Rotation='0.00000' mwg-rs:Name='Anna' mwg-rs:Type='Face'>
            <mwg-rs:Area stArea:h='0.2' stArea:w='0.15' stArea:x='0.375' stArea:y='0.4'/>
           </rdf:Description></rdf:li>
           <rdf:li><rdf:Description mwg-rs:Type='Face'>
            <mwg-rs:Area stArea:h='0.2' stArea:w='0.15' stArea:x='0.7' stArea:y='0.4'/>
           </rdf:Description></rdf:li>
          </rdf:Bag></mwg-rs:RegionList>
         </mwg-rs:Regions>",
    )
}

/// As digiKam and Picasa's descendants write it: structures as resources, beside Microsoft's.
fn digikam() -> String {
    described(
        "<mwg-rs:Regions rdf:parseType='Resource'>
          <mwg-rs:AppliedToDimensions rdf:parseType='Resource'>
           <stDim:w>4000</stDim:w><stDim:h>3000</stDim:h><stDim:unit>pixel</stDim:unit>
          </mwg-rs:AppliedToDimensions>
          <mwg-rs:RegionList><rdf:Bag>
           <rdf:li rdf:parseType='Resource'>
            <mwg-rs:Name>Anna</mwg-rs:Name><mwg-rs:Type>Face</mwg-rs:Type>
            <mwg-rs:Area rdf:parseType='Resource'><stArea:x>0.375</stArea:x><stArea:y>0.4</stArea:y>
             <stArea:w>0.15</stArea:w><stArea:h>0.2</stArea:h><stArea:unit>normalized</stArea:unit></mwg-rs:Area>
           </rdf:li>
           <rdf:li rdf:parseType='Resource'>
            <mwg-rs:Name>Rex</mwg-rs:Name><mwg-rs:Type>Pet</mwg-rs:Type>
            <mwg-rs:Area stArea:x='0.1' stArea:y='0.1' stArea:w='0.1' stArea:h='0.1'/>
           </rdf:li>
          </rdf:Bag></mwg-rs:RegionList>
         </mwg-rs:Regions>
         <MP:RegionInfo rdf:parseType='Resource'><MPRI:Regions><rdf:Bag>
          <rdf:li MPReg:Rectangle='0.3, 0.3, 0.15, 0.2' MPReg:PersonDisplayName='Anna'/>
          <rdf:li rdf:parseType='Resource'><MPReg:Rectangle>0.6,0.3,0.1,0.1</MPReg:Rectangle>
           <MPReg:PersonDisplayName>Ben</MPReg:PersonDisplayName></rdf:li>
          <rdf:li MPReg:Rectangle='0.3 0.3' MPReg:PersonDisplayName='Cut'/>
         </rdf:Bag></MPRI:Regions></MP:RegionInfo>",
    )
}

fn named(name: &str, [left, top, width, height]: [f32; 4]) -> Named {
    let (w, h) = (PHOTO.width as f32, PHOTO.height as f32);
    let bounds = FaceBox { x: left * w, y: top * h, width: width * w, height: height * h };
    Named { name: name.to_owned(), bounds }
}

/// Where Anna is in the documents above, and where the face without a name is.
fn anna(name: &str) -> Named {
    named(name, [0.32, 0.33, 0.11, 0.14])
}

fn other(name: &str) -> Named {
    named(name, [0.64, 0.33, 0.11, 0.14])
}

fn names(xmp: &str) -> Vec<String> {
    regions(xmp).unwrap().into_iter().map(|region| region.name.unwrap_or_default()).collect()
}

/// The document with these faces, which must be complete: a second time adds nothing.
fn with(old: Option<&str>, faces: &[Named]) -> (String, Merged) {
    let first = merged(old, &PHOTO, faces).unwrap();
    let text = first.text.clone().unwrap_or_else(|| old.unwrap().to_owned());
    let again = merged(Some(&text), &PHOTO, faces).unwrap();
    assert_eq!((again.text, again.added.len()), (None, 0), "{text}");
    (text, first)
}

#[test]
fn regions_are_read_as_each_program_writes_them() {
    let found = regions(&lightroom()).unwrap();
    let [anna, nobody] = &found[..] else { panic!("{found:?}") };
    assert_eq!((anna.name.as_deref(), anna.size), (Some("Anna"), Some((4000.0, 3000.0))));
    let place = Area { left: 0.3, top: 0.3, width: 0.15, height: 0.2 };
    assert!(anna.area.overlap(place) > 0.9999, "{anna:?}");
    assert_eq!(nobody.name, None);
    let found = regions(&digikam()).unwrap();
    assert_eq!(names(&digikam()), ["Anna", "Anna", "Ben"], "no pet, and nothing without a place");
    assert!(found.iter().take(2).all(|region| region.area.overlap(place) > 0.9999));
    assert_eq!(names(&document("")), [""; 0]);
    assert_eq!(names("<a/>"), [""; 0]);
}

#[test]
fn what_has_no_sensible_place_is_left_out() {
    let of = |area: &str| {
        described(&format!(
            "<mwg-rs:Regions rdf:parseType='Resource'><mwg-rs:RegionList><rdf:Seq><rdf:li mwg-rs:Name='A' \
             rdf:parseType='Resource'><mwg-rs:Area {area}/></rdf:li></rdf:Seq></mwg-rs:RegionList></mwg-rs:Regions>"
        ))
    };
    let good = "stArea:x='0.5' stArea:y='0.5' stArea:w='0.1' stArea:h='0.1'";
    assert_eq!(names(&of(good)), ["A"]);
    for (from, to) in
        [("0.1", "0"), ("0.1", "-0.1"), ("0.5", "NaN"), ("0.5", "7"), ("0.5", "1e999"), ("0.5", "")]
    {
        assert!(names(&of(&good.replace(from, to))).is_empty(), "{from} {to}");
    }
    assert!(names(&of(&format!("{good} stArea:unit='pixel'"))).is_empty(), "of which size?");
}

#[test]
fn a_new_document_has_the_region_and_the_keywords() {
    let (text, merged) = with(None, &[anna("Anna & <Ben>"), other("Zoë|写")]);
    assert_eq!(merged.added, ["Anna & <Ben>", "Zoë|写"]);
    assert_eq!(names(&text), ["Anna & <Ben>", "Zoë|写"]);
    for part in [
        "stDim:w=\"4000\" stDim:h=\"3000\" stDim:unit=\"pixel\"",
        "<mwg-rs:Type>Face</mwg-rs:Type>",
        "stArea:unit=\"normalized\"",
        "<rdf:li>Anna &amp; &lt;Ben&gt;</rdf:li>",
        "<rdf:li>People|Anna &amp; &lt;Ben&gt;</rdf:li>",
        "<rdf:li>Zoë|写</rdf:li>",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert!(!text.contains("People|Zoë"), "the stroke would part the name");
    assert!(
        text.starts_with("<?xpacket begin=\"\u{FEFF}\"")
            && text.ends_with("<?xpacket end=\"w\"?>\n")
    );
    assert_eq!(super::merged(None, &PHOTO, &[]).unwrap().text, None, "nobody, nothing");
}

/// Every line of the old document is there, in order, if its ends of elements without content are let go.
fn keeps_all(old: &str, new: &str) {
    let mut rest = new;
    for line in old.lines() {
        let line = line.trim().trim_end_matches("</rdf:RDF></x:xmpmeta>");
        for part in line.split_inclusive('>').map(|part| part.trim_end_matches("/>")) {
            let at = rest.find(part).unwrap_or_else(|| panic!("{part} is lost in {new}"));
            rest = &rest[at + part.len()..];
        }
    }
}

#[test]
fn what_is_there_stays_and_names_join_it() {
    let more = "<!-- by hand --><dc:subject><rdf:Bag><rdf:li>Beach</rdf:li></rdf:Bag></dc:subject>\
                <q:odd xmlns:q='urn:q' q:a='&#10;'>text <b/></q:odd>";
    for old in [lightroom(), digikam()] {
        let old = old.replacen("<mwg-rs:Regions", &format!("{more}<mwg-rs:Regions"), 1);
        let (text, merged) = with(Some(&old), &[anna("Anna"), named("Cleo", [0.8, 0.7, 0.1, 0.1])]);
        keeps_all(&old, &text);
        let mut all = names(&old);
        all.push("Cleo".to_owned());
        let mut found = names(&text);
        all.sort();
        found.sort();
        assert_eq!(found, all);
        assert_eq!(
            (merged.added.as_slice(), merged.kept.len()),
            (&["Cleo".to_owned(), "Anna".to_owned()][..], 0)
        );
        assert!(
            text.contains("<rdf:li>Beach</rdf:li><rdf:li>Anna</rdf:li><rdf:li>Cleo</rdf:li>")
                || text.contains("<rdf:li>Anna</rdf:li>"),
            "{text}"
        );
        assert!(text.contains("rdf:about=\"u:1\""), "of the same resource: {text}");
    }
}

#[test]
fn whoever_named_a_face_before_is_believed() {
    let kept = |old: &str, face: Named| {
        let (text, merged) = with(Some(old), &[face]);
        assert_eq!((text.as_str(), merged.added.len()), (old, 0));
        merged.kept
    };
    let called = |name: &str, called: Option<&str>| {
        vec![Kept { name: name.to_owned(), called: called.map(str::to_owned) }]
    };
    assert_eq!(kept(&lightroom(), anna("Ben")), called("Ben", Some("Anna")));
    assert_eq!(kept(&lightroom(), other("ANNA")), called("ANNA", None), "she is another face");
    let microsoft = digikam().replace("mwg-rs:Regions", "mwg-rs:Other");
    assert_eq!(kept(&microsoft, anna("Ben")), called("Ben", Some("Anna")));
    assert_eq!(kept(&microsoft, other("Anna")), called("Anna", None));
    // If Microsoft's region says the same, the standard's is added.
    let (text, merged) = with(Some(&microsoft), &[anna("Anna")]);
    assert_eq!((merged.added.len(), names(&text).len()), (1, 3));
}

#[test]
fn a_face_without_a_name_gets_it() {
    let forms = [
        lightroom(),
        lightroom().replace(
            "<rdf:Description mwg-rs:Type='Face'>",
            "<rdf:Description mwg-rs:Type='Face' mwg-rs:Name=''>",
        ),
        lightroom().replace(
            "<rdf:Description mwg-rs:Type='Face'>",
            "<rdf:Description mwg-rs:Type='Face'><mwg-rs:Name/>",
        ),
    ];
    for old in forms {
        let (text, merged) = with(Some(&old), &[other("Ben")]);
        assert_eq!(names(&text), ["Anna", "Ben"], "{text}");
        assert_eq!(merged.added, ["Ben"]);
    }
}

#[test]
fn lists_are_made_where_they_lack() {
    for old in [
        document(""),
        described(""),
        document("<rdf:Description/>"),
        "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>".to_owned(),
        described("<mwg-rs:Regions rdf:parseType='Resource'/><dc:subject/>"),
        described(
            "<mwg-rs:Regions><rdf:Description/></mwg-rs:Regions><dc:subject><rdf:Bag/></dc:subject>",
        ),
        described("<mwg-rs:Regions rdf:parseType='Resource'><mwg-rs:RegionList/></mwg-rs:Regions>"),
        described(
            "<mwg-rs:Regions rdf:parseType='Resource'><mwg-rs:RegionList><rdf:Bag/></mwg-rs:RegionList></mwg-rs:Regions>",
        ),
    ] {
        let (text, merged) = with(Some(&old), &[anna("Anna"), other("Ben")]);
        assert_eq!(names(&text), ["Anna", "Ben"], "{text}");
        assert_eq!(merged.added, ["Anna", "Ben"]);
        assert!(text.contains(">Anna</") && text.contains(">People|Ben</"), "{text}");
    }
}

#[test]
fn what_cannot_be_added_to_is_said() {
    for (old, reason) in [
        ("<a/>".to_owned(), "no rdf:RDF"),
        ("<a>".to_owned(), "not well-formed"),
        (String::new(), "not well-formed"),
        (described("<dc:subject>Beach</dc:subject>"), "are not a list"),
        (document("<rdf:Description dc:subject='Beach'/>"), "are not a list"),
        (described("<mwg-rs:Regions/>"), "unknown form"),
        (
            lightroom().replace("stDim:h='3000'", "stDim:h='4000'"),
            "for a picture of 4000×4000 pixels",
        ),
    ] {
        let error = merged(Some(&old), &PHOTO, &[anna("Anna")]).unwrap_err();
        assert!(error.contains(reason), "{error}");
    }
}

#[test]
fn boxes_are_written_for_the_stored_photo_or_as_the_others_there() {
    for number in 1..=8 {
        let frame = Frame { turn: Orientation::from_exif(number).unwrap(), ..PHOTO };
        let text = merged(None, &frame, &[anna("Anna")]).unwrap().text.unwrap();
        let size = if number < 5 { (4000.0, 3000.0) } else { (3000.0, 4000.0) };
        let region = &regions(&text).unwrap()[0];
        assert_eq!(region.size, Some(size), "{number}");
        let upright = PHOTO.stored_area(anna("").bounds);
        assert!(frame.upright(region.area).overlap(upright) > 0.999, "{number}");
        assert_eq!(region.area.overlap(upright) > 0.9, number == 1, "{number}");
    }
    // Lightroom's size here is that of the upright photo, so its regions are meant for it.
    let turned = Frame { turn: Orientation::Rotate90, ..PHOTO };
    let text = merged(Some(&lightroom()), &turned, &[anna("Anna"), other("Ben")]).unwrap();
    assert_eq!(text.kept.len(), 0);
    assert_eq!(names(&text.text.unwrap()), ["Anna", "Ben"]);
}
