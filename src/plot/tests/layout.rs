//! Nothing covers anything else, on canvases of any size and with names in any script.

use super::*;

#[test]
fn texts_stay_on_the_canvas_and_apart() {
    let fonts = Fonts::load().unwrap();
    let population = toy_population(24);
    let sizes = [(400, 300), (400, 3000), (3000, 300), (640, 480), (1600, 1200), (4000, 3000)];
    let long = LONG_NAMES[0];
    assert!(LONG_NAMES.iter().all(|name| (50..=60).contains(&name.chars().count())));
    for folders in [0, 1, 5, 40] {
        let overlays: Vec<_> = (0..folders)
            .map(|i| overlay(&format!("{i} {long}"), population.strangers(9, i)))
            .collect();
        let mut picture = picture("", &overlays);
        for name in LONG_NAMES.iter().chain(&["", "Al"]) {
            picture.title = format!("Which faces match {}?", super::text::plain(name));
            for label in &mut picture.labels {
                label.text = super::text::shortened(&super::text::plain(name), 18);
            }
            for (width, height) in sizes {
                let layout = Layout::of(&picture, Size { width, height }, &fonts);
                let case = format!("{name:?} {folders} {width}x{height}");
                check_texts(&layout.texts, Size { width, height }, &case);
                check_frame(&layout, &case);
            }
        }
    }
}

#[test]
fn faces_drawn_themselves_lie_apart_and_inside_the_plane() {
    let fonts = Fonts::load().unwrap();
    let population = toy_population(24);
    for others in [0, 60, 900] {
        let (scene, decision) = scene("A", &[overlay("crowd", population.strangers(others, 3))]);
        let shown = scene.faces().filter(|(kind, _)| *kind != Kind::Duplicate).count();
        let picture = Picture::of(&with_crops(scene), &decision, View::Pca).unwrap();
        for (width, height) in [(400, 300), (1600, 1200), (4000, 3000)] {
            let layout = Layout::of(&picture, Size { width, height }, &fonts);
            let thumbs = &layout.thumbs;
            // A face without a thumbnail is a point, and none of the person's faces is one.
            assert_eq!(thumbs.len() + layout.points.len(), shown);
            let stays = |point: &super::super::Point| matches!(point.kind, Kind::Overlay(_));
            assert!(layout.points.iter().all(stays), "{:?}", layout.points);
            assert!(others > 500 || layout.points.is_empty(), "{} of {shown}", thumbs.len());
            let farthest = 18.0 * thumbs[0].side();
            let moved = |thumb: &Thumb| {
                let [x, y] = thumb.middle();
                (x - thumb.home[0]).hypot(y - thumb.home[1])
            };
            assert!(thumbs.iter().all(|thumb| moved(thumb) <= farthest));
            for (i, thumb) in thumbs.iter().enumerate() {
                assert!(layout.frame.rect.grown(1e-6).contains(&thumb.rect), "{:?}", thumb.rect);
                let inner = thumb.rect.grown(-1e-6);
                assert!(!thumbs[..i].iter().any(|other| other.rect.overlaps(&inner)), "{i}");
            }
            let names = layout.texts.iter().filter(|text| text.role == Role::Name);
            for name in names {
                assert!(!thumbs.iter().any(|thumb| thumb.rect.overlaps(&name.bounds())));
            }
            check_texts(&layout.texts, Size { width, height }, &format!("{others} {width}"));
        }
    }
}

#[test]
fn by_score_no_face_crosses_the_threshold() {
    let fonts = Fonts::load().unwrap();
    let population = toy_population(24);
    let mut friends = population.strangers(30, 80);
    friends.extend(photos_of(&population, 40, 20));
    let (mut scene, decision) = scene("A", &[overlay("friends", friends)]);
    // A face just below the threshold and one at it.
    scene.groups[0].faces[0].score = scene.threshold - 1e-3;
    scene.groups[0].faces[1].score = scene.threshold;
    let picture = Picture::of(&with_crops(scene), &decision, View::Score).unwrap();
    for (width, height) in [(400, 300), (1600, 1200), (3000, 900)] {
        let layout = Layout::of(&picture, Size { width, height }, &fonts);
        let line = layout.frame.pixel([picture.threshold; 2])[0];
        assert!(layout.thumbs.len() > 50, "{}", layout.thumbs.len());
        for thumb in &layout.thumbs {
            let right = thumb.home[0] >= line - 1e-9;
            assert_eq!(right, thumb.rect.left >= line - 1e-6, "{thumb:?} {line}");
            assert_eq!(!right, thumb.rect.right <= line + 1e-6, "{thumb:?} {line}");
        }
    }
}

#[test]
fn the_sheet_is_in_order_with_the_threshold_between_its_rows() {
    let fonts = Fonts::load().unwrap();
    let population = toy_population(24);
    for others in [0, 60, 3000] {
        let (scene, _) = scene("A", &[overlay("crowd", population.strangers(others, 3))]);
        let mut sheet = Sheet::of(&with_crops(scene));
        assert!(sheet.cells.windows(2).all(|pair| pair[0].score >= pair[1].score));
        for name in LONG_NAMES.iter().chain(&[""]) {
            sheet.title = format!("From most to least like {}", super::text::plain(name));
            for (width, height) in [(400, 300), (640, 1200), (1600, 2000), (4000, 3000)] {
                let size = Size { width, height };
                let layout = sheet.layout(size, &fonts);
                let case = format!("{others} {name} {width}x{height}");
                check_texts(&layout.texts, size, &case);
                assert!(!layout.faces.is_empty(), "{case}");
                let line = layout.line[0][1];
                for face in &layout.faces {
                    let matches = sheet.cells[face.cell].score >= sheet.threshold;
                    assert_eq!(matches, face.rect.bottom < line, "{case}");
                    assert!(matches || face.rect.top > line, "{case}");
                    assert!(face.rect.bottom < layout.keys[0].at[1], "{case}");
                }
                assert!(others > 100 || layout.faces.len() == sheet.cells.len(), "{case}");
            }
        }
    }
}

#[test]
fn a_character_that_the_font_lacks_is_a_box_in_the_room_kept_for_it() {
    let fonts = Fonts::load().unwrap();
    let mut picture = picture("A", &[]);
    let ink = |picture: &Picture| {
        let png = encode(picture, Format::Png, GOLDEN).unwrap();
        let pixels = image::load_from_memory(&png).unwrap().to_rgb8();
        // The band of the title.
        (0..36)
            .map(|y| (0..800).filter(|x| pixels.get_pixel(*x, y).0[0] < 100).count())
            .sum::<usize>()
    };
    picture.title = String::new();
    let none = ink(&picture);
    picture.title = "山".to_owned();
    let one = ink(&picture) - none;
    picture.title = "山م".to_owned();
    let two = ink(&picture) - none;
    assert!(one > 10 && two.abs_diff(2 * one) < one / 10, "{none} {one} {two}");
    let box_width = {
        use ab_glyph::{Font, ScaleFont};
        let font = fonts.of(Weight::Regular);
        f64::from(font.as_scaled(super::text::scale(font, 100.0)).h_advance(font.glyph_id('山')))
    };
    assert!(box_width <= fonts.width("山", 100.0, Weight::Regular), "{box_width}");
    let svg = String::from_utf8(encode(&picture, Format::Svg, GOLDEN).unwrap()).unwrap();
    assert!(svg.contains("山م"));
}

#[test]
fn names_cover_no_face() {
    let fonts = Fonts::load().unwrap();
    let picture = golden_picture();
    let layout = Layout::of(&picture, Size::default(), &fonts);
    let names: Vec<&Text> = layout.texts.iter().filter(|t| t.role == Role::Name).collect();
    assert!(!names.is_empty());
    for spot in picture.groups.iter().flat_map(|group| &group.spots) {
        let pixel = layout.frame.pixel(spot.place);
        for name in &names {
            assert!(!name.bounds().holds(pixel), "{} covers {pixel:?}", name.text);
        }
    }
}

/// The legend counts the people that it has no room for, each once.
#[test]
fn a_legend_shows_or_counts_each_of_its_entries() {
    let fonts = Fonts::load().unwrap();
    for entries in 1..40 {
        let all = (0..entries).map(|i| (Some(i), format!("folder number {i}"))).collect();
        let canvas = Rect { left: 0.0, top: 0.0, right: 500.0, bottom: 200.0 };
        let legend = super::super::legend::place(all, &fonts, 14.0, canvas);
        let last = &legend.texts.last().unwrap().text;
        let hidden = last.strip_prefix("and ").and_then(|text| text.strip_suffix(" more"));
        let hidden: usize = hidden.map_or(0, |number| number.parse().unwrap());
        assert_eq!(legend.keys.len() + hidden, entries, "{last}");
        assert!(hidden != 1 && (entries < 30 || hidden > 1), "{entries}: {last}");
    }
}

fn check_frame(layout: &Layout, case: &str) {
    let frame = layout.frame.rect;
    assert!(frame.right > frame.left && frame.bottom > frame.top + layout.em, "{case}: {frame:?}");
    assert!(layout.keys.iter().all(|key| key.at[1] > frame.bottom), "{case}");
}
