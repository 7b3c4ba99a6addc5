//! The files: whole, of the size asked for, valid XML.

use super::*;

#[test]
fn the_svg_escapes_names_and_keeps_text_as_text() {
    let svg = encode(&picture("<b>&\u{1}\"'", &[]), Format::Svg, GOLDEN).unwrap();
    let svg = String::from_utf8(svg).unwrap();
    assert!(svg.contains("&lt;b&gt;&amp;\u{fffd}&quot;&apos;"));
    assert!(svg.starts_with("<svg width=\"800\" height=\"600\" viewBox=\"0 0 6400 4800\""));
    assert!(svg.trim_end().ends_with("</svg>"));
    assert!(svg.contains("Component 1: "));
    let texts = texts_of(&svg);
    assert!(texts.iter().any(|text| text == "Which faces match <b>&\u{fffd}\"'?"), "{texts:?}");
}

/// The texts of an SVG that a parser of XML reads.
fn texts_of(svg: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(svg).unwrap();
    let texts = document
        .descendants()
        .filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "text")));
    texts.map(|node| node.text().unwrap_or_default().trim().to_owned()).collect()
}

#[test]
fn every_svg_is_xml_with_its_texts_as_texts_and_its_faces_in_it() {
    let (scene, decision) = golden_scene();
    let scene = with_crops(scene);
    let faces = Picture::of(&scene, &decision, View::Pca).unwrap();
    let sheet = Sheet::of(&scene);
    let of = |svg: Vec<u8>| String::from_utf8(svg).unwrap();
    for (svg, title, photos) in [
        (of(encode(&faces, Format::Svg, GOLDEN).unwrap()), &faces.title, 54),
        (of(encode(&sheet, Format::Svg, GOLDEN).unwrap()), &sheet.title, 54),
    ] {
        let texts = texts_of(&svg);
        assert!(texts.contains(title), "{texts:?}");
        assert!(texts.iter().any(|text| text == "friends <&> family (32 faces)"), "{texts:?}");
        let document = roxmltree::Document::parse(&svg).unwrap();
        let images = document.descendants().filter(|node| node.tag_name().name() == "image");
        let hrefs = images.map(|node| node.attribute("href").unwrap().to_owned());
        assert_eq!(
            hrefs.filter(|href| href.starts_with("data:image/jpeg;base64,/9j/")).count(),
            photos
        );
    }
}

#[test]
fn files_are_whole_and_mistakes_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let picture = picture("A", &[]);
    let draw_to = |name: &str| draw(&picture, &folder.path().join(name), Size::LEAST);
    for name in ["a.png", "b.SVG"] {
        draw_to(name).unwrap();
        draw_to(name).unwrap();
    }
    for name in ["a.jpg", "picture", "png"] {
        let message = draw_to(name).unwrap_err().to_string();
        assert!(message.contains(name) && message.contains(".png or .svg"), "{message}");
        assert_eq!(message.lines().count(), 1);
        assert!(matches!(check_writable(&folder.path().join(name)), Err(Error::Plot { .. })));
    }
    for name in ["missing/a.png", ""] {
        assert!(check_writable(&folder.path().join(name)).is_err());
    }
    check_writable(&folder.path().join("c.png")).unwrap();
    assert!(matches!(draw_to("missing/a.png"), Err(Error::Write { .. })));
    std::fs::create_dir(folder.path().join("taken.png")).unwrap();
    assert!(matches!(draw_to("taken.png"), Err(Error::Write { .. })));
    let mut left: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(left, ["a.png", "b.SVG", "taken.png"]);
}

#[test]
fn sizes_are_read_and_bounded() {
    let size = |width, height| Ok(Size { width, height });
    assert_eq!("1600x1200".parse::<Size>(), size(1600, 1200));
    assert_eq!(" 400 × 300 ".parse::<Size>(), size(400, 300));
    for bad in ["", "1600", "399x300", "400x299", "8001x300", "axb", "-1x500", "1e3x1e3", "x"] {
        assert!(bad.parse::<Size>().is_err(), "{bad}");
    }
}
