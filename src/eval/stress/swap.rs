//! Swaps one person's face onto another's head, as simple programs do it.

use image::RgbImage;

use super::frame::{Frame, blend};
use crate::face::{Face, Similarity, sample};

/// The face of `from` on the head in `onto`: aligned by the landmarks, its colours adapted, and the share `cover`, 0
/// to 1, of it blended in with a soft edge. `None` if the landmarks coincide.
pub(super) fn swapped(
    onto: (&RgbImage, &Face),
    from: (&RgbImage, &Face),
    cover: f32,
) -> Option<RgbImage> {
    let to_source = Similarity::fit(&onto.1.landmarks, &from.1.landmarks, &[1.0; 5])?;
    let (image, frame) = (onto.0, Frame::of(onto.1));
    let warped = sample(from.0, &to_source, image.dimensions());
    let share = |column, row| within(frame.at(column, row));
    let mut sums = [[0.0f32; 2]; 3];
    let mut weight = 0.0;
    for (column, row, pixel) in image.enumerate_pixels() {
        let share = share(column, row);
        if share > 0.0 {
            weight += share;
            for (channel, [here, there]) in sums.iter_mut().enumerate() {
                *here += share * f32::from(pixel[channel]);
                *there += share * f32::from(warped.get_pixel(column, row)[channel]);
            }
        }
    }
    let shift = sums.map(|[here, there]| (here - there) / weight.max(1.0));
    let mut swapped = image.clone();
    for (column, row, pixel) in swapped.enumerate_pixels_mut() {
        let share = share(column, row);
        if share > 0.0 {
            let new = warped.get_pixel(column, row).0.map(f32::from);
            blend(
                pixel,
                std::array::from_fn(|c| (new[c] + shift[c]).clamp(0.0, 255.0)),
                cover * share,
            );
        }
    }
    Some(swapped)
}

/// How much of the face is replaced at a place: everything from the brows to the chin, nothing outside an ellipse
/// around that.
fn within((x, y): (f32, f32)) -> f32 {
    let off = (x / 1.05).powi(2) + ((y - 0.55) / 1.3).powi(2);
    ((1.0 - off) / 0.3).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::tests::face_at;

    #[test]
    fn the_face_comes_over_in_its_place_and_the_rest_stays() {
        let onto = RgbImage::from_pixel(200, 200, image::Rgb([100; 3]));
        // A dark face with a bright nose.
        let face = face_at(150.0, 100.0, 60.0);
        let from = RgbImage::from_fn(300, 300, |x, y| {
            let near = x.abs_diff(150) < 9 && y.abs_diff(134) < 9;
            image::Rgb([if near { 250 } else { 60 }; 3])
        });
        let target = face_at(100.0, 80.0, 30.0);
        let nose = target.landmarks[2];
        let at = |image: &RgbImage, x: f32, y: f32| image.get_pixel(x as u32, y as u32)[0];
        let whole = swapped((&onto, &target), (&from, &face), 1.0).unwrap();
        assert!(at(&whole, nose.x, nose.y) > 200);
        assert!((80..=110).contains(&at(&whole, nose.x, nose.y + 20.0)), "colours are adapted");
        assert_eq!(at(&whole, 5.0, 5.0), 100);
        let half = swapped((&onto, &target), (&from, &face), 0.5).unwrap();
        assert!(at(&half, nose.x, nose.y) < at(&whole, nose.x, nose.y));
        let mut flat = face;
        flat.landmarks = [nose; 5];
        assert!(swapped((&onto, &target), (&from, &flat), 1.0).is_none());
        assert!(swapped((&onto, &flat), (&from, &target), 1.0).is_none());
    }
}
