//! A checked photo with boxes and scores drawn in, and the verdict in a strip below it.

use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};
use plotters::prelude::{DrawingBackend, RGBColor};

use super::brush::{Brush, Drawn};
use super::file::on_pixels;
use super::geometry::{Anchor, Rect, Role, Text};
use super::marker::{BLACK, BLUE, VERMILLION, WHITE};
use super::text::{Fonts, Weight, plain};
use crate::decision::Verdict;
use crate::face::FaceBox;

/// The least and the largest longer side of the result, in pixels: smaller photos are enlarged, so that text is
/// not larger than faces, and larger ones shrunk.
const LONGEST: [u32; 2] = [900, 4000];
/// The least width, so that the text has room.
const LEAST_WIDTH: u32 = 400;
/// The colour of an uncertain face.
const AMBER: RGBColor = RGBColor(166, 101, 0);

/// A face of the photo with its result.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    /// Where it is, in pixels of the photo.
    pub bounds: FaceBox,
    /// Its score.
    pub score: f64,
    /// Its verdict.
    pub verdict: Verdict,
}

/// What is drawn into a photo.
#[derive(Debug, Clone, PartialEq)]
pub struct Annotation {
    /// The name of the person that the photo was checked for.
    pub person: String,
    /// The verdict on the photo.
    pub verdict: Verdict,
    /// The score from which a face is a match.
    pub threshold: f64,
    /// The photo's name.
    pub name: String,
    /// The faces, the best first.
    pub marks: Vec<Mark>,
}

/// A face's box and its label.
#[derive(Debug, Clone, PartialEq)]
pub struct Boxed {
    /// Its edges.
    pub rect: Rect,
    /// The face's verdict.
    pub verdict: Verdict,
    /// Its score, on a background, if there is room.
    pub label: Option<(Rect, Text)>,
}

/// The layout, in pixels of the result.
#[derive(Debug, Clone, PartialEq)]
pub struct AnnotationLayout {
    /// The font size.
    pub em: f64,
    /// The size of the result.
    pub canvas: [u32; 2],
    /// Where the photo is.
    pub photo: Rect,
    /// The faces.
    pub boxes: Vec<Boxed>,
    /// The text below the photo: the verdict, then the details.
    pub caption: [Text; 2],
}

impl AnnotationLayout {
    /// The layout for a photo of this width and height.
    #[must_use]
    pub fn of(annotation: &Annotation, (width, height): (u32, u32), fonts: &Fonts) -> Self {
        let longest = f64::from(width.max(height).max(1));
        let [least, most] = LONGEST.map(f64::from);
        let scale = longest.clamp(least, most) / longest;
        let [wide, high] = [width, height].map(|v| (f64::from(v) * scale).round().max(1.0));
        let em = (wide.max(high) / 42.0).max(18.0);
        let canvas_width = wide.max(f64::from(LEAST_WIDTH)).max(16.0 * em);
        let left = ((canvas_width - wide) / 2.0).floor();
        let photo = Rect { left, top: 0.0, right: left + wide, bottom: high };
        let canvas = [canvas_width.ceil() as u32, (high + 4.0 * em).ceil() as u32];
        let rects: Vec<Rect> = annotation
            .marks
            .iter()
            .map(|mark| {
                let FaceBox { x, y, width, height } = mark.bounds;
                let [x, y, w, h] = [x, y, width, height].map(|v| f64::from(v) * scale);
                Rect { left: left + x, top: y, right: left + x + w, bottom: y + h }
            })
            .collect();
        let mut boxes: Vec<Boxed> = Vec::new();
        for (i, mark) in annotation.marks.iter().enumerate() {
            // Of a photo without a match, the strip gives the verdict.
            let words = match (i, mark.verdict) {
                (1.., Verdict::NoMatch) => format!("{:.2}", mark.score),
                (_, verdict) => format!("{:.2} {verdict}", mark.score),
            };
            let label = label(&words, i, &rects, photo, &boxes, fonts, em);
            let rect = within(rects[i], photo);
            boxes.push(Boxed { rect, verdict: mark.verdict, label });
        }
        let caption = caption(annotation, fonts, em, high, canvas_width - 1.6 * em);
        Self { em, canvas, photo, boxes, caption }
    }
}

/// The label of the face with this index, at a place that covers no other face or label: above its box,
/// below it, or inside; if there is no such place, over a face.
fn label(
    words: &str,
    face: usize,
    faces: &[Rect],
    photo: Rect,
    others: &[Boxed],
    fonts: &Fonts,
    em: f64,
) -> Option<(Rect, Text)> {
    let rect = faces[face];
    let width = fonts.width(words, em, Weight::SemiBold) + 0.8 * em;
    let high = 1.4 * em;
    let tops = [rect.top - high, rect.bottom, rect.top, rect.bottom - high];
    let lefts = [rect.left, rect.right - width];
    let patches = tops.iter().flat_map(|top| lefts.iter().map(move |left| (*left, *top)));
    let free = |patch: &Rect| {
        let taken = |other: &Boxed| other.label.as_ref().is_some_and(|(at, _)| at.overlaps(patch));
        photo.grown(0.5).contains(patch) && !others.iter().any(taken)
    };
    let moved: Vec<Rect> = patches
        .map(|(left, top)| {
            let left = left.min(photo.right - width).max(photo.left);
            let top = top.min(photo.bottom - high).max(photo.top);
            Rect { left, top, right: left + width, bottom: top + high }
        })
        .filter(free)
        .collect();
    let apart = |patch: &&Rect| {
        !faces.iter().enumerate().any(|(i, other)| i != face && other.overlaps(patch))
    };
    let patch = *moved.iter().find(apart).or(moved.first())?;
    let at = [patch.left + 0.4 * em, patch.top + 1.05 * em];
    let text = Text::new(fonts, words, em, Role::Main, at, Anchor::Start);
    Some((patch, Text { weight: Weight::SemiBold, width: width - 0.8 * em, ..text }))
}

/// The verdict, and its reasons.
fn caption(annotation: &Annotation, fonts: &Fonts, em: f64, top: f64, width: f64) -> [Text; 2] {
    let person = plain(&annotation.person);
    let verdict = match annotation.verdict {
        Verdict::Match => format!("Match: {person}"),
        Verdict::Uncertain => format!("Uncertain: may be {person}"),
        Verdict::NoMatch => format!("No match: not {person}"),
        Verdict::NoFace | Verdict::Error => "No face found".to_owned(),
    };
    let (name, threshold) = (plain(&annotation.name), annotation.threshold);
    let reason = match annotation.marks.first() {
        Some(best) => {
            format!("score {:.2}, a match needs {threshold:.2} · {name}", best.score)
        }
        None => name,
    };
    let line = |words: &str, sizes: (f64, f64), weight, baseline: f64, role| {
        let (words, size) = fonts.fit(words, sizes, weight, width);
        let at = [0.8 * em, baseline];
        let text = Text::new(fonts, &words, size, role, at, Anchor::Start);
        Text { weight, width: fonts.width(&words, size, weight), ..text }
    };
    let sizes = (1.25 * em, 0.7 * em);
    [
        line(&verdict, sizes, Weight::SemiBold, top + 1.7 * em, Role::Main),
        line(&reason, (em, 0.7 * em), Weight::Regular, top + 3.2 * em, Role::Minor),
    ]
}

/// A box clipped to the photo.
fn within(rect: Rect, photo: Rect) -> Rect {
    let across = |v: f64| v.clamp(photo.left, photo.right);
    let down = |v: f64| v.clamp(photo.top, photo.bottom);
    Rect {
        left: across(rect.left),
        top: down(rect.top),
        right: across(rect.right),
        bottom: down(rect.bottom),
    }
}

/// The colour of a verdict: distinguishable with any kind of colour blindness, and dark enough for white text.
fn colour(verdict: Verdict) -> RGBColor {
    match verdict {
        Verdict::Match => BLUE,
        Verdict::Uncertain => AMBER,
        Verdict::NoMatch | Verdict::NoFace | Verdict::Error => RGBColor(90, 90, 90),
    }
}

/// `photo` with `annotation` drawn in.
///
/// # Errors
/// The message of the canvas or the font.
pub fn annotated(
    photo: &RgbImage,
    annotation: &Annotation,
) -> std::result::Result<RgbImage, String> {
    let fonts = Fonts::load().map_err(|e| e.to_string())?;
    let layout = AnnotationLayout::of(annotation, photo.dimensions(), &fonts);
    let [width, height] = layout.canvas;
    let mut canvas = RgbImage::from_pixel(width, height, Rgb([255, 255, 255]));
    let Rect { left, top, right, bottom } = layout.photo;
    let size = ((right - left) as u32, (bottom - top) as u32);
    if size == photo.dimensions() {
        imageops::replace(&mut canvas, photo, left as i64, 0);
    } else {
        let filter =
            if size.0 > photo.width() { FilterType::CatmullRom } else { FilterType::Triangle };
        let sized = imageops::resize(photo, size.0, size.1, filter);
        imageops::replace(&mut canvas, &sized, left as i64, 0);
    }
    on_pixels(&mut canvas, 1.0, &fonts, |brush| paint(annotation, &layout, brush))?;
    Ok(canvas)
}

fn paint<B: DrawingBackend>(
    annotation: &Annotation,
    layout: &AnnotationLayout,
    brush: &Brush<B>,
) -> Drawn {
    let em = layout.em;
    let corners = |Rect { left, top, right, bottom }: Rect| {
        [[left, top], [right, top], [right, bottom], [left, bottom], [left, top]]
    };
    // The best face last, so that its box is on top.
    for boxed in layout.boxes.iter().rev() {
        brush.line(&corners(boxed.rect), WHITE, 0.34 * em)?;
        brush.line(&corners(boxed.rect), colour(boxed.verdict), 0.18 * em)?;
    }
    for boxed in &layout.boxes {
        if let Some((patch, text)) = &boxed.label {
            brush.polygon(&corners(*patch), colour(boxed.verdict), 1.0)?;
            brush.text(text, WHITE)?;
        }
    }
    let [verdict, reason] = &layout.caption;
    let said = match annotation.verdict {
        Verdict::NoFace | Verdict::Error => VERMILLION,
        verdict => colour(verdict),
    };
    brush.text(verdict, said)?;
    brush.text(reason, BLACK)
}

#[cfg(test)]
mod tests {
    use super::super::Size;
    use super::super::tests::{LONG_NAMES, check_png, check_texts};
    use super::*;

    fn annotation(person: &str, faces: usize) -> Annotation {
        let mark = |i: usize| Mark {
            bounds: FaceBox {
                x: 30.0 + 60.0 * i as f32,
                y: 20.0 + 3.0 * (i % 5) as f32,
                width: 40.0,
                height: 50.0,
            },
            score: 6.25 - i as f64,
            verdict: [Verdict::Match, Verdict::Uncertain, Verdict::NoMatch][i % 3],
        };
        Annotation {
            person: person.to_owned(),
            verdict: if faces == 0 { Verdict::NoFace } else { Verdict::Match },
            threshold: 4.0,
            name: format!("{person}.jpg"),
            marks: (0..faces).map(mark).collect(),
        }
    }

    #[test]
    fn words_stay_on_the_canvas_and_apart_whatever_the_size() {
        let fonts = Fonts::load().unwrap();
        for size in [(60, 40), (100, 1000), (640, 480), (1200, 900), (8000, 300), (12_000, 9000)] {
            for person in LONG_NAMES.iter().chain(&["", "Al"]) {
                for faces in [0, 1, 2, 30] {
                    let layout = AnnotationLayout::of(&annotation(person, faces), size, &fonts);
                    let [width, height] = layout.canvas;
                    let case = format!("{size:?} {person:?} {faces}");
                    let labels = layout.boxes.iter().filter_map(|boxed| boxed.label.as_ref());
                    let mut texts: Vec<Text> = labels.map(|(_, text)| text.clone()).collect();
                    texts.extend(layout.caption.clone());
                    check_texts(&texts, Size { width, height }, &case);
                    assert!(layout.em >= 18.0 && width <= 4100 && height <= 4600, "{case}");
                }
            }
        }
    }

    #[test]
    fn the_annotated_photo_is_the_golden_one() {
        let photo = RgbImage::from_pixel(300, 200, Rgb([200, 215, 205]));
        let drawn = annotated(&photo, &annotation("Zoë Żółć", 3)).unwrap();
        let mut bytes = std::io::Cursor::new(Vec::new());
        drawn.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        check_png("annotated.png", &bytes.into_inner());
    }

    #[test]
    fn the_best_face_is_always_labelled_and_boxes_are_drawn_where_faces_are() {
        let photo = RgbImage::from_pixel(900, 600, Rgb([30, 160, 60]));
        let drawn = annotated(&photo, &annotation("Zoë", 2)).unwrap();
        assert!(drawn.width() == 900 && drawn.height() > 600);
        // The left edge of the first box is in the colour of a match, its inside is the photo.
        assert_eq!(drawn.get_pixel(30, 45).0, [0, 114, 178]);
        assert_eq!(drawn.get_pixel(800, 300).0, [30, 160, 60]);
        let layout =
            AnnotationLayout::of(&annotation("Zoë", 2), (900, 600), &Fonts::load().unwrap());
        assert!(layout.boxes[0].label.is_some());
        let strip = (601..drawn.height()).flat_map(|y| (0..900).map(move |x| (x, y)));
        assert!(strip.into_iter().any(|(x, y)| drawn.get_pixel(x, y).0 == [0, 114, 178]));
    }
}
