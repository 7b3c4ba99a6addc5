//! Searches with detectors that are made up, and that count what they are asked.

use image::imageops::{FilterType, resize, rotate90, rotate180, rotate270};
use image::{Rgb, RgbImage};

use super::*;
use crate::face::Point;
use crate::face::tests::face_at;

/// A search for photos of a few pixels.
fn small_search() -> Search {
    Search {
        areas: vec![10_000, 40_000, 160_000],
        enlarge: 1.0,
        border: 0.0,
        tile: 250,
        tile_overlap: 50,
        plain: 0.9,
        likely: 0.75,
        turned: 0.85,
        turned_area: 10_000,
        small_eyes: 8.0,
        best_eyes: 20.0,
        overlap: 0.3,
    }
}

/// A detector that remembers what it was given, and answers as it is told.
struct Fake<F> {
    given: Vec<(u32, u32)>,
    answer: F,
}

impl<F: FnMut(&RgbImage) -> Vec<Face>> DetectFaces for Fake<F> {
    fn detect(&mut self, image: &RgbImage) -> Result<Vec<Face>> {
        self.given.push(image.dimensions());
        Ok((self.answer)(image))
    }
}

/// What a search finds with a detector that answers so, and the sizes of what that was given.
fn searched(
    search: &Search,
    image: &RgbImage,
    answer: impl FnMut(&RgbImage) -> Vec<Face>,
) -> (Vec<Face>, Vec<(u32, u32)>) {
    let mut fake = Fake { given: Vec::new(), answer };
    let faces = find_faces(&mut fake, search, image).unwrap();
    (faces, fake.given)
}

fn sure(face: Face, confidence: f32) -> Face {
    Face { confidence, ..face }
}

/// Whether two faces are the same but for rounding.
fn same(a: &Face, b: &Face) -> bool {
    let points = |face: &Face| face.landmarks.map(<[f32; 2]>::from).concat();
    let numbers = |face: &Face| [points(face), face.bounds.corners().to_vec()].concat();
    let near = numbers(a).into_iter().zip(numbers(b)).all(|(a, b)| (a - b).abs() < 1e-2);
    near && a.confidence == b.confidence
}

/// Black with one white pixel row at its top: upright only so.
fn white_top(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |_, y| Rgb([if y == 0 { 255 } else { 0 }; 3]))
}

fn is_upright(image: &RgbImage) -> bool {
    (0..image.width()).all(|x| image.get_pixel(x, 0)[0] > 20)
}

#[test]
fn a_plain_face_needs_one_look() {
    let photo = RgbImage::new(1000, 1000);
    let (faces, given) = searched(&small_search(), &photo, |_| vec![face_at(50.0, 40.0, 20.0)]);
    assert_eq!(given, [(100, 100)]);
    assert_eq!(faces, [face_at(500.0, 400.0, 200.0)], "in pixels of the photo");
}

#[test]
fn a_photo_without_a_face_is_looked_at_turned_and_then_more_closely() {
    let photo = RgbImage::new(1200, 300);
    let (faces, given) = searched(&small_search(), &photo, |_| Vec::new());
    assert!(faces.is_empty());
    let turned = [(200, 50), (50, 200), (200, 50), (50, 200)];
    // At 800 × 200 pixels it is cut into four tiles that share 50.
    let closer = [(400, 100), (238, 200), (238, 200), (238, 200), (238, 200)];
    assert_eq!(given[..4], turned);
    let (second, third) = (&given[4..6], &given[6..]);
    assert_eq!(second, [(225, 100); 2], "two tiles");
    assert_eq!(third, &closer[1..]);
}

#[test]
fn no_look_has_more_pixels_than_it_may_whatever_the_photos_shape() {
    let search = Search { tile: 5000, ..small_search() };
    for size in [(20_000, 1_000), (1_170, 20_000), (6_000, 4_000), (3_000, 30)] {
        let (_, given) = searched(&search, &RgbImage::new(size.0, size.1), |_| Vec::new());
        let areas: Vec<u32> = given.iter().map(|(width, height)| width * height).collect();
        assert!(areas[..4].iter().all(|area| (9_500..=10_500).contains(area)), "{areas:?}");
        let most = [40_000, 160_000].map(|area| area.min(size.0 * size.1));
        for (area, most) in areas[4..].iter().zip(most) {
            assert!(area.abs_diff(most) < most / 50, "{size:?} {areas:?}");
        }
    }
}

#[test]
fn a_small_photo_has_nothing_more_to_show() {
    let photo = RgbImage::new(120, 100);
    let (_, given) = searched(&small_search(), &photo, |_| vec![face_at(50.0, 40.0, 5.0)]);
    assert_eq!(given.len(), 1, "{given:?}");
    let enlarging = Search { enlarge: 2.0, ..small_search() };
    let (_, given) = searched(&enlarging, &photo, |_| vec![face_at(50.0, 40.0, 5.0)]);
    assert_eq!(given[1..], [(219, 183)], "{given:?}");
    let (_, given) = searched(&enlarging, &RgbImage::new(60, 50), |_| Vec::new());
    assert_eq!((given[0], given[4]), ((60, 50), (120, 100)), "not at first: {given:?}");
}

#[test]
fn a_small_face_calls_for_a_closer_look_and_both_are_one() {
    let photo = RgbImage::new(600, 600);
    let (faces, given) = searched(&small_search(), &photo, |image| match image.width() {
        // A large face, and a small one of which only the second look shows more.
        100 => vec![sure(face_at(30.0, 40.0, 25.0), 0.95), sure(face_at(80.0, 80.0, 5.0), 0.7)],
        _ => vec![
            sure(face_at(62.0, 82.0, 52.0), 0.97),
            sure(face_at(160.0, 161.0, 10.0), 0.8),
            sure(face_at(20.0, 161.0, 9.0), 0.75),
        ],
    });
    assert_eq!(given.len(), 2, "none is small in the second look: {given:?}");
    assert_eq!(faces.len(), 3, "{faces:?}");
    let expected = [
        // As the first look shows it.
        sure(face_at(180.0, 240.0, 150.0), 0.95),
        sure(face_at(480.0, 483.0, 30.0), 0.8),
        sure(face_at(60.0, 483.0, 27.0), 0.75),
    ];
    assert!(faces.iter().zip(&expected).all(|(face, expected)| same(face, expected)), "{faces:?}");
}

#[test]
fn a_face_inside_a_surer_one_is_none() {
    let inside = sure(face_at(50.0, 50.0, 9.0), 0.7);
    let (faces, _) = searched(&small_search(), &RgbImage::new(100, 100), |_| {
        vec![inside.clone(), face_at(50.0, 40.0, 25.0)]
    });
    assert_eq!(faces, [face_at(50.0, 40.0, 25.0)]);
}

#[test]
fn a_turned_face_is_found_where_it_is() {
    let search = small_search();
    let look = |image: &RgbImage| {
        let found = sure(face_at(40.0, 30.0, 20.0), 0.95);
        if is_upright(image) { vec![found] } else { Vec::new() }
    };
    let photo = white_top(90, 60);
    assert_eq!(searched(&search, &photo, look).0, [sure(face_at(40.0, 30.0, 20.0), 0.95)]);
    for (image, nose) in [
        // The upright nose is at (40, 41.4) of 90 × 60 pixels.
        (rotate90(&photo), (59.0 - 41.4, 40.0)),
        (rotate180(&photo), (89.0 - 40.0, 59.0 - 41.4)),
        (rotate270(&photo), (41.4, 89.0 - 40.0)),
    ] {
        let (found, given) = searched(&search, &image, look);
        assert_eq!((found.len(), given.len()), (1, 4));
        let Point { x, y } = found[0].landmarks[2];
        assert!((x - nose.0).abs() < 1e-3 && (y - nose.1).abs() < 1e-3, "({x}, {y}) {nose:?}");
    }
}

#[test]
fn the_turn_with_the_surest_face_counts_and_no_patch_that_passes_for_one() {
    // How sure the detector is of something when the photo is as it is, and when it is upright.
    let surest = |as_it_is: f32, upright: f32| {
        let photo = rotate90(&white_top(90, 60));
        let (found, given) = searched(&small_search(), &photo, |image| {
            let confidence = match (image.dimensions(), is_upright(image)) {
                ((90, 60), true) => upright,
                ((60, 90), _) if image[(59, 40)][0] > 100 => as_it_is,
                _ => return Vec::new(),
            };
            vec![sure(face_at(40.0, 30.0, 20.0), confidence)]
        });
        (found[0].confidence, given.len())
    };
    assert_eq!(surest(0.8, 0.95), (0.95, 4));
    assert_eq!(surest(0.95, 0.99), (0.95, 1), "plain as it is: not turned at all");
    assert_eq!(surest(0.89, 0.88), (0.89, 4));
    assert_eq!(surest(0.7, 0.84), (0.7, 4), "not sure enough for a turned one");
}

#[test]
fn closer_looks_are_turned_as_the_face_is() {
    let photo = rotate180(&white_top(600, 400));
    let (found, given) = searched(&small_search(), &photo, |image| {
        // Small in the first look, at 122 × 82 pixels, but not in the second, at 245 × 163.
        let closer = image.height() > 100;
        let (place, size) = if closer { (80.0, 10.0) } else { (40.0, 4.0) };
        let face = sure(face_at(place, place, size), 0.95);
        if is_upright(image) { vec![face] } else { Vec::new() }
    });
    assert_eq!(given.len(), 5, "four turns, and one closer look: {given:?}");
    let [left, right, ..] = found[0].landmarks;
    let middle = ((left.x + right.x) / 2.0, (left.y + right.y) / 2.0);
    // (80, 80) of 245 × 163 pixels, from the other end.
    assert!((middle.0 - (600.0 - 80.0 * 2.449)).abs() < 4.0, "{middle:?}");
    assert!((middle.1 - (400.0 - 80.0 * 2.454)).abs() < 4.0, "{middle:?}");
    assert!(left.x > right.x, "the face is upside down");
}

#[test]
fn a_face_at_the_edge_gets_a_border_if_the_detector_needs_one() {
    let search = Search { border: 0.2, ..small_search() };
    let photo = RgbImage::new(100, 100);
    let face = face_at(50.0, 20.0, 25.0);
    let (found, given) = searched(&search, &photo, |image| match image.width() {
        // Its box begins above the photo.
        100 => vec![face_at(50.0, 24.0, 25.0)],
        _ => vec![face_at(70.0, 40.0, 25.0)],
    });
    assert_eq!(given, [(100, 100), (140, 140)]);
    assert_eq!(found, [face], "as it is with the border");
    let inside = |_: &RgbImage| vec![face_at(50.0, 40.0, 25.0)];
    assert_eq!(searched(&search, &photo, inside).1, [(100, 100)]);
}

#[test]
fn a_face_is_found_once_wherever_tiles_cut_the_photo() {
    let search = Search { areas: vec![250_000], tile: 250, tile_overlap: 50, ..small_search() };
    let spot = |image: &RgbImage| {
        let bright = image.enumerate_pixels().find(|(.., pixel)| pixel[0] == 255);
        bright.map(|(x, y, _)| vec![face_at(x as f32, y as f32, 12.0)]).unwrap_or_default()
    };
    for (x, y) in [(250, 250), (183, 20), (200, 400), (233, 233), (480, 120)] {
        let mut photo = RgbImage::new(500, 500);
        photo[(x, y)] = Rgb([255; 3]);
        let (found, given) = searched(&search, &photo, spot);
        assert_eq!(given.len(), 9);
        assert_eq!(found.len(), 1);
        assert!(same(&found[0], &face_at(x as f32, y as f32, 12.0)), "{x}, {y}: {found:?}");
    }
}

/// A photo of 800 × 800 pixels that is decoded as it is asked for.
struct Lazy {
    whole: RgbImage,
    now: RgbImage,
    asked: Vec<u64>,
}

impl Sizes for Lazy {
    fn at_least(&mut self, area: u64) -> Result<Version<'_>> {
        self.asked.push(area);
        let side = [100, 200, 400, 800].into_iter().find(|side| side * side >= area as u32);
        let side = side.unwrap_or(800);
        self.now = resize(&self.whole, side, side, FilterType::Nearest);
        Ok(Version { pixels: &self.now, reduction: 800 / side })
    }
}

#[test]
fn a_photo_is_decoded_no_more_closely_than_it_is_looked_at() {
    let search = Search { tile: 1000, ..small_search() };
    let mut lazy = Lazy { whole: white_top(800, 800), now: RgbImage::default(), asked: Vec::new() };
    let answer = |image: &RgbImage| vec![face_at(0.5 * image.width() as f32, 50.0, 20.0)];
    let mut fake = Fake { given: Vec::new(), answer };
    let found = find_faces_in(&mut fake, &search, &mut lazy).unwrap();
    assert_eq!((lazy.asked, fake.given), (vec![4500], vec![(100, 100)]));
    assert_eq!(found[0].eye_distance(), 160.0, "in pixels of the photo");
}

#[test]
fn a_photo_is_not_decoded_again_for_a_few_pixels() {
    let search = Search { areas: vec![10_000, 80_000], tile: 1000, ..small_search() };
    let mut lazy = Lazy { whole: white_top(800, 800), now: RgbImage::default(), asked: Vec::new() };
    let mut fake = Fake { given: Vec::new(), answer: |_: &RgbImage| Vec::new() };
    find_faces_in(&mut fake, &search, &mut lazy).unwrap();
    assert_eq!(lazy.asked, [4500, 36_000]);
    // Half of what the look may have, instead of four times as many pixels.
    assert_eq!(fake.given[4..], [(200, 200)]);
}

#[test]
fn an_unsure_face_is_looked_at_turned_but_not_more_closely() {
    let photo = RgbImage::new(400, 400);
    let looks = |confidence: f32| {
        let face = sure(face_at(50.0, 40.0, 20.0), confidence);
        searched(&small_search(), &photo, |_| vec![face.clone()]).1.len()
    };
    assert_eq!([looks(0.95), looks(0.8)], [1, 4]);
    assert!(looks(0.7) > 4);
}

#[test]
fn nonsense_is_named() {
    assert_eq!(small_search().fault(), None);
    let fault = |search: Search| search.fault().unwrap_or_default();
    assert!(fault(Search { areas: vec![2, 1], ..small_search() }).starts_with("areas must"));
    assert!(fault(Search { enlarge: 0.5, ..small_search() }).starts_with("enlarge is 0.5"));
    assert!(fault(Search { tile_overlap: 250, ..small_search() }).starts_with("tile must"));
    assert!(fault(Search { plain: f32::NAN, ..small_search() }).starts_with("border, plain"));
    assert!(fault(Search { best_eyes: 0.0, ..small_search() }).starts_with("small_eyes"));
}
